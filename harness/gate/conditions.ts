/** What the kernel says of a stretch of time: processors taken by the hypervisor, and tasks that had to wait. */

import { readFileSync } from 'node:fs';
import type { Conditions } from './types.js';

/** Counters since the machine started. */
export interface Snapshot {
  /** CLOCK_MONOTONIC. */
  readonly atNs: number;
  /** Time of all processors together, in ticks; null where /proc/stat does not say. */
  readonly processors: { readonly all: number; readonly steal: number } | null;
  /** Microseconds in which some task waited; null before Linux 4.20, and where it is switched off. */
  readonly cpuUs: number | null;
  readonly ioUs: number | null;
  readonly memoryUs: number | null;
}

/** user, nice, system, idle, iowait, irq, softirq and steal; what comes after them is part of user and nice. */
const TIMES = 8;

/** The first line of /proc/stat. */
export function parseProcessors(text: string): Snapshot['processors'] {
  const line = /^cpu +(.+)$/m.exec(text)?.[1];
  const times = (line ?? '').trim().split(/ +/).slice(0, TIMES).map(Number);
  if (times.length < TIMES || !times.every(Number.isSafeInteger)) return null;
  return { all: times.reduce((sum, time) => sum + time, 0), steal: times[TIMES - 1] ?? 0 };
}

/** `total` of the line `some` of a file of /proc/pressure, microseconds. */
export function parsePressure(text: string): number | null {
  const total = /^some .*\btotal=(\d+)$/m.exec(text)?.[1];
  return total === undefined ? null : Number(total);
}

function read<Value>(file: string, parse: (text: string) => Value | null): Value | null {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch {
    // Not there, or not to be read in this container: not known.
    return null;
  }
}

/** `proc`: where the files of /proc lie. */
export function takeSnapshot(proc = '/proc'): Snapshot {
  return {
    atNs: Number(process.hrtime.bigint()),
    processors: read(`${proc}/stat`, parseProcessors),
    cpuUs: read(`${proc}/pressure/cpu`, parsePressure),
    ioUs: read(`${proc}/pressure/io`, parsePressure),
    memoryUs: read(`${proc}/pressure/memory`, parsePressure),
  };
}

/** Both may round differently, so that a share can come out a little beyond its range. */
const share = (part: number, whole: number): number | null =>
  whole > 0 ? Math.min(1, Math.max(0, part / whole)) : null;

export function conditionsBetween(before: Snapshot, after: Snapshot): Conditions {
  const ns = after.atNs - before.atNs;
  const waited = (from: number | null, to: number | null): number | null =>
    from === null || to === null ? null : share((to - from) * 1000, ns);
  const [from, to] = [before.processors, after.processors];
  return {
    steal: from === null || to === null ? null : share(to.steal - from.steal, to.all - from.all),
    cpuPressure: waited(before.cpuUs, after.cpuUs),
    ioPressure: waited(before.ioUs, after.ioUs),
    memoryPressure: waited(before.memoryUs, after.memoryUs),
  };
}
