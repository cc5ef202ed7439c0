import path from 'node:path';
import { estimateArrowBytes } from '../plan/disk.js';
import type { TableSpec } from '../../suites/types.js';
import type { Case, Run } from '../types.js';
import { RESULTS } from './find-run.js';

/** Where a run's data and records go. */
export interface Folders {
  readonly target: string;
  readonly out: string;
}

/** `2026-01-31T12-30-45Z-quick`, with a number behind it when that second has had a run already. */
export function newRunId(suite: string, now: Date, isTaken: (id: string) => boolean): string {
  const id = `${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z-${suite}`;
  let chosen = id;
  for (let number = 2; isTaken(chosen); number += 1) chosen = `${id}-${number}`;
  return chosen;
}

export function foldersOf(id: string, target: string | undefined, out: string | undefined): Folders {
  return {
    target: path.resolve(target ?? path.join(RESULTS, 'data', id)),
    out: path.resolve(out ?? path.join(RESULTS, 'runs', id)),
  };
}

/** Seconds that a worker or verifier may take: ample for the slowest disk we know, 10 MB/s. */
export function timeoutOf(tables: readonly TableSpec[], asked: number | undefined): (one: Case) => number {
  return (one) => {
    if (asked !== undefined) return asked;
    const table = tables.find((candidate) => candidate.name === one.table);
    const bytes = table === undefined ? 0 : estimateArrowBytes(table, one.scale, one.options.part);
    return 300 + Math.ceil(bytes / 10e6);
  };
}

/** The steps of a stored run, from its order of `repetition:id`. */
export function storedSteps(
  run: Run,
): readonly { readonly position: number; readonly repetition: number; readonly case: Case }[] {
  const byId = new Map(run.cases.map((one) => [one.id, one]));
  return run.order.map((text, index) => {
    const colon = text.indexOf(':');
    const one = byId.get(text.slice(colon + 1));
    if (one === undefined) throw new Error(`run.json orders ${text}, which is none of its cases`);
    return { position: index + 1, repetition: Number(text.slice(0, colon)), case: one };
  });
}
