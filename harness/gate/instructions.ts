/** Instructions of a small case, counted by valgrind's callgrind where that is installed: what no noise of the machine touches. */

import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onPath } from '../paths.js';
import { runRepetition, type Bench } from '../run/repetition.js';
import type { Program } from '../run/worker.js';
import { isWrite, type Case, type WriteCase } from '../types.js';
import { whyNotVerified } from './counters.js';
import type { Count } from './types.js';

const SMALL_SCALE = 0.01;
/** Callgrind takes some fifty times as long. */
const SLOWNESS = 60;

/** The same case with less rows, where its table has scales and it is larger. */
export function smallCase(one: WriteCase): WriteCase {
  if (one.scale <= SMALL_SCALE || one.table.startsWith('file:')) return one;
  const head = `${one.table}@${String(one.scale)}/`;
  if (!one.id.startsWith(head)) throw new RangeError(`${one.id} does not begin with ${head}`);
  return { ...one, scale: SMALL_SCALE, id: `${one.table}@${SMALL_SCALE}/${one.id.slice(head.length)}` };
}

/** The total of one of callgrind's files; null where it says none. */
export function parseTotal(text: string): number | null {
  const total = /^(?:totals|summary): (\d+)/m.exec(text)?.[1];
  return total === undefined ? null : Number(total);
}

async function totalOf(folder: string): Promise<number | null> {
  const files = await readdir(folder);
  const texts = await Promise.all(files.map(async (file) => readFile(path.join(folder, file), 'utf8')));
  const totals = texts.map(parseTotal).filter((total) => total !== null && total > 0);
  return totals.length === 0 ? null : totals.reduce((sum: number, total) => sum + (total ?? 0), 0);
}

/** All instructions of the case's workers from their start to their end, or why nobody can count them. Verified like any other. */
export async function countInstructions(
  one: WriteCase,
  position: number,
  bench: Bench,
  valgrind = onPath('valgrind'),
): Promise<Count> {
  if (valgrind === null) return { why: 'valgrind is not on PATH' };
  const holder = bench.writers.get(one.writer)?.holder.kind;
  if (holder !== 'library') return { why: 'instructions are those of the native worker, which holds libraries' };
  const folder = await mkdtemp(path.join(tmpdir(), 'writeproof-callgrind-'));
  const through = ([program, ...words]: Program): Program => [
    valgrind,
    '--tool=callgrind',
    '--quiet',
    `--callgrind-out-file=${path.join(folder, '%p')}`,
    program,
    ...words,
  ];
  const timeoutSeconds = (any: Case): number => SLOWNESS * bench.timeoutSeconds(any);
  try {
    const step = { position, repetition: 1, case: smallCase(one) };
    const record = await runRepetition(step, { ...bench, through, timeoutSeconds });
    if (record === null || !isWrite(record)) return { why: 'interrupted' };
    const why = whyNotVerified(record.verdict);
    if (why !== null) return { why: `under valgrind ${why}` };
    const value = await totalOf(folder);
    return value === null ? { why: 'callgrind wrote no total' } : { value };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
