/** What V8 says of its memory, before a writer's first step and after each one. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { V8Figure, V8Memory } from '../types.js';

/** Collects garbage, so that what was there before is not taken for the writer's. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}

type Kind = keyof V8Memory;
const KINDS: readonly Kind[] = ['heapUsed', 'external', 'arrayBuffers'];

const look = process.memoryUsage.bind(process);

export class HeapWatch {
  private readonly before = look();
  private readonly peak: { [kind in Kind]: number } = { ...this.before };

  /** Looks once. */
  look(): void {
    const found = look();
    for (const kind of KINDS) this.peak[kind] = Math.max(this.peak[kind], found[kind]);
  }

  end(): V8Memory {
    const figure = (kind: Kind): V8Figure => ({ beforeBytes: this.before[kind], peakBytes: this.peak[kind] });
    return { heapUsed: figure('heapUsed'), external: figure('external'), arrayBuffers: figure('arrayBuffers') };
  }
}
