/** Batches on their way into a module's writer: counted and timed on our side. */

import { constants } from 'node:os';
import type { CallTimes } from '../types.js';
import type { Batches } from './batches.js';
import type { HeapWatch } from './heap.js';
import { StepFailure, thrownAt, type Step } from './step.js';
import type { OpenWriter } from './writer-module.js';

export const now = process.hrtime.bigint.bind(process.hrtime);

/** The step that is being taken, for whoever has to say where the process was ended. */
export const course: { step: Step; what: string } = { step: 'load', what: 'import' };

/** Calls one step of the module and waits for it. */
export async function take<T>(step: Step, what: string, call: () => Promise<T>): Promise<T> {
  course.step = step;
  course.what = what;
  try {
    return await call();
  } catch (error) {
    throw thrownAt(step, `${what} failed`, error);
  }
}

/** Percentiles by nearest rank, as the native worker has them: the smallest duration that the share of calls did not exceed. */
export function callTimes(durationsNs: readonly number[]): CallTimes {
  const sorted = [...durationsNs].sort((one, other) => one - other);
  const at = (percent: number): number => sorted[Math.max(Math.ceil((sorted.length * percent) / 100), 1) - 1] ?? 0;
  return { count: sorted.length, p50: at(50), p99: at(99), max: at(100) };
}

export class Passage {
  rows = 0;
  bytes = 0;
  flushes = 0;
  firstWriteNs = 0;
  readonly durationsNs: number[] = [];
  private readonly writer: OpenWriter;
  private readonly name: string;
  private readonly flushEvery: number;
  private readonly heap: HeapWatch;
  private readonly begun: bigint;

  constructor(writer: OpenWriter, name: string, flushEvery: number, heap: HeapWatch, begun: bigint) {
    this.writer = writer;
    this.name = name;
    this.flushEvery = flushEvery;
    this.heap = heap;
    this.begun = begun;
  }

  async drive(batches: Batches): Promise<void> {
    for (let handed = batches.next(); handed !== null; handed = batches.next()) {
      this.rows += handed.rows;
      this.bytes += handed.arrowBytes;
      const { batch } = handed;
      const number = this.durationsNs.length + 1;
      const begun = now();
      await take('write', `write of batch ${number} by ${this.name}`, async () => this.writer.write(batch));
      const ended = now();
      this.durationsNs.push(Number(ended - begun));
      if (number === 1) this.firstWriteNs = Number(ended - this.begun);
      this.heap.look();
      if (this.flushEvery > 0 && number % this.flushEvery === 0) await this.flush(number);
    }
  }

  private async flush(number: number): Promise<void> {
    const { writer, name } = this;
    if (typeof writer.flush !== 'function') {
      const asked = `the case asks for one every ${this.flushEvery} batches; leave --flush-every out`;
      const sentence = `create of ${name} returned no step flush: ${asked}`;
      throw new StepFailure('flush', sentence, constants.errno.ENOTSUP, 'ENOTSUP');
    }
    this.flushes += 1;
    await take('flush', `flush after batch ${number} by ${name}`, async () => writer.flush?.());
  }
}
