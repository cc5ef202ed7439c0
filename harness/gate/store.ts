/**
 * The folder of a gate: gate.json, the blocks as they come, and the records of each side as a run of its own. A block is on disk
 * before the next one begins, so that a killed gate goes on where it was.
 */

import { existsSync } from 'node:fs';
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readJsonLines } from '../json-lines.js';
import { Misuse, messageOf } from '../misuse.js';
import type { Step } from '../plan/order.js';
import { appendRecord, dropCutLine, readRun, writeRun } from '../run/records.js';
import { makeFolders } from '../run/target.js';
import type { Record as RunRecord, Run, WriteCase } from '../types.js';
import { GATE_FILE, PLAN_FILE } from './read.js';
import type { Block, GateResult, PoolPlan, SideCounters, SideName } from './types.js';

const BLOCKS = 'blocks.jsonl';
const COUNTERS = 'counters.jsonl';

async function writeWhole(folder: string, name: string, value: unknown): Promise<void> {
  await makeFolders(folder);
  const file = path.join(folder, name);
  await writeFile(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

async function readWhole(folder: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path.join(folder, name), 'utf8')) as unknown;
  } catch (error) {
    throw new Misuse(`${name} in ${folder} cannot be read: ${messageOf(error)}.`);
  }
}

export async function writeGate(folder: string, result: GateResult): Promise<void> {
  await writeWhole(folder, GATE_FILE, { schema: 'writeproof.gate.v1', gate: result.gate, results: result.lines });
}

/** What a gate was started with, and what it planned; kept so that it can go on. */
export interface StoredPlan {
  readonly schema: 'writeproof.gate-state.v1';
  readonly id: string;
  readonly startedAt: string;
  /** The command line's own words, without those of output. */
  readonly asked: unknown;
  readonly seed: number;
  readonly nonce: string;
  /** SHA-256 of the libraries of each side, which must be the same when it goes on. */
  readonly libraries: Readonly<{ [side in SideName]: Readonly<{ [file: string]: string }> }>;
  /** Null until the first pairs are there. */
  readonly pools: readonly PoolPlan[] | null;
  /** Seconds that were used before it was killed. */
  readonly notes: readonly string[];
}

export async function writePlan(folder: string, plan: StoredPlan): Promise<void> {
  await writeWhole(folder, PLAN_FILE, plan);
}

export async function readPlan(folder: string): Promise<StoredPlan> {
  if (!existsSync(path.join(folder, PLAN_FILE)))
    throw new Misuse(`${folder} holds no gate: expected ${PLAN_FILE} in it.`);
  const plan = (await readWhole(folder, PLAN_FILE)) as Partial<StoredPlan>;
  if (plan.schema === 'writeproof.gate-state.v1') return plan as StoredPlan;
  throw new Misuse(`${PLAN_FILE} in ${folder} has schema ${String(plan.schema)}, expected writeproof.gate-state.v1.`);
}

async function appendLine(folder: string, name: string, value: unknown): Promise<void> {
  const file = await open(path.join(folder, name), 'a');
  try {
    await file.appendFile(`${JSON.stringify(value)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

export async function appendBlock(folder: string, block: Block): Promise<void> {
  await appendLine(folder, BLOCKS, block);
}

export const readBlocks = async (folder: string): Promise<readonly Block[]> =>
  readJsonLines(path.join(folder, BLOCKS), 'remove');

export async function appendCounters(folder: string, counters: SideCounters): Promise<void> {
  await appendLine(folder, COUNTERS, counters);
}

export const readCounters = async (folder: string): Promise<readonly SideCounters[]> =>
  readJsonLines(path.join(folder, COUNTERS), 'remove');

/** The records of one side. */
export interface Ledger {
  readonly run: () => Run;
  readonly records: readonly RunRecord[];
  /** The next repetition of a case, written into the run's order before it is run. */
  readonly next: (one: WriteCase) => Promise<Step>;
  readonly add: (record: RunRecord) => Promise<void>;
  readonly finish: () => Promise<void>;
}

/** Opens a side's run, or goes on with it. */
export async function openLedger(folder: string, fresh: Run): Promise<Ledger> {
  const isStored = existsSync(path.join(folder, 'run.json'));
  const stored = isStored ? await readRun(folder) : null;
  if (stored !== null) await dropCutLine(stored);
  let run: Run = stored?.run ?? fresh;
  const records = [...(stored?.records ?? [])];
  await writeRun(folder, run);
  return {
    run: () => run,
    records,
    next: async (one) => {
      const repetition = run.order.filter((text) => text.slice(text.indexOf(':') + 1) === one.id).length + 1;
      run = { ...run, repeat: Math.max(run.repeat, repetition), order: [...run.order, `${repetition}:${one.id}`] };
      await writeRun(folder, run);
      return { position: run.order.length, repetition, case: one };
    },
    add: async (record) => {
      await appendRecord(folder, record);
      records.push(record);
    },
    finish: async () => {
      run = { ...run, finishedAt: new Date().toISOString() };
      await writeRun(folder, run);
    },
  };
}
