/** Disk that a plan needs, estimated before anything is written. */

import type { TableSpec } from '../../suites/types.js';
import { Misuse } from '../misuse.js';
import type { Case, Part } from '../types.js';
import { partCases } from './parts.js';
import type { Plan } from './plan.js';

/** A file may be this much larger than its Arrow data: headers, levels, statistics and a footer. */
const FORMAT_OVERHEAD = 1.05;
/** What a file needs besides, however small its table. */
const FILE_BYTES = 64 * 1024;

export function estimateArrowBytes(table: TableSpec, scale: number, part: Part): number {
  const rows = (table.roughRows ?? table.rows)(scale);
  return Math.ceil((rows / part.count) * table.bytesPerRow);
}

/** The file of one worker, at most: as if nothing were compressed. */
function estimateFileBytes(table: TableSpec, one: Case): number {
  return Math.ceil(estimateArrowBytes(table, one.scale, one.options.part) * FORMAT_OVERHEAD) + FILE_BYTES;
}

export interface DiskNeed {
  /** On the target's file system. */
  readonly targetBytes: number;
  /** In the cache of prepared batches, for what is not there yet. */
  readonly cacheBytes: number;
}

/** Targets are removed one by one, so the largest counts; with `--keep` they add up. */
export function estimateDisk(
  plan: Pick<Plan, 'cases' | 'repeat'>,
  tables: readonly TableSpec[],
  keep: boolean,
  isPrepared: (one: Case) => boolean,
): DiskNeed {
  const specs = new Map(tables.map((table) => [table.name, table]));
  const prepared = new Map<string, number>();
  let targetBytes = 0;
  for (const one of plan.cases) {
    const table = specs.get(one.table);
    if (table === undefined) continue;
    const files = partCases(one).map((part) => ({ one: part, bytes: estimateFileBytes(table, part) }));
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    if (one.kind === 'write') targetBytes = keep ? targetBytes + bytes * plan.repeat : Math.max(targetBytes, bytes);
    for (const file of files) {
      if (file.one.source !== 'prepared' || isPrepared(file.one)) continue;
      const { batchRows, part } = file.one.options;
      prepared.set([one.table, one.scale, batchRows, part.index, part.count].join(), file.bytes);
    }
  }
  return { targetBytes, cacheBytes: [...prepared.values()].reduce((sum, bytes) => sum + bytes, 0) };
}

/** In the units of `--max-bytes`. */
function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  if (bytes >= 1e3) return `${(bytes / 1e3).toFixed(1)} kB`;
  return `${bytes} B`;
}

/** Below this a plan's need is not worth a sentence, bytes. */
const WORTH_SAYING = 1e9;

/** What a large plan needs, said before it starts; null for a small one. */
export function diskSentence({ targetBytes, cacheBytes }: DiskNeed): string | null {
  if (targetBytes + cacheBytes < WORTH_SAYING) return null;
  return `May need ${sizeText(targetBytes)} of disk for the target and ${sizeText(cacheBytes)} for prepared batches.`;
}

export interface DiskFree {
  readonly targetBytes: number;
  readonly cacheBytes: number;
  /** Both folders lie on one file system, so that both needs come out of the same space. */
  readonly shared: boolean;
}

/** Throws the sentence of a plan that does not fit. */
export function checkDisk(need: DiskNeed, free: DiskFree, maxBytes: number | null): void {
  const total = need.targetBytes + need.cacheBytes;
  if (maxBytes !== null && total > maxBytes) {
    throw new Misuse(
      `The plan may need ${sizeText(total)} of disk, --max-bytes allows ${sizeText(maxBytes)}: choose a smaller scale or allow more.`,
    );
  }
  const target = free.shared ? total : need.targetBytes;
  if (target > free.targetBytes) {
    throw new Misuse(
      `The plan may need ${sizeText(target)} of disk, the target has ${sizeText(free.targetBytes)} free: choose a smaller scale or another --target.`,
    );
  }
  if (!free.shared && need.cacheBytes > free.cacheBytes) {
    throw new Misuse(
      `Preparing the plan's tables may need ${sizeText(need.cacheBytes)}, the cache's disk has ${sizeText(free.cacheBytes)} free: set WRITEPROOF_CACHE to another disk, or use --source generated.`,
    );
  }
}
