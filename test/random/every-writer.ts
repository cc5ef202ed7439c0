/** Random tables through every writer: what it holds arrives as it is, what it is declared not to hold it refuses with a sentence. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { probeFolder, whyNotDirect } from '../../harness/run/direct-support.js';
import type { Field } from '../../harness/types.js';
import type { WriterSpec } from '../../suites/types.js';
import { WRITERS } from '../../suites/writers/index.js';
import type { DescribedTable } from '../digest/described.js';
import { nativePath } from '../native-path.js';
import { factsOfTable } from '../verify/described-file.js';
import { carry, type Cargo } from './carry.js';
import { refusedBy, type Refused } from './limits.js';
import { settingOf } from './settings.js';
import { randomTableOfBatches } from './tables.js';

/** Those that are given rows. Lance is built after the others, and has a test of its own. */
export const CARRIERS = WRITERS.filter(({ holder, format }) => holder.kind !== 'command' && format !== 'lance');

export interface Tally {
  verified: number;
  refused: number;
}

export interface Carried {
  readonly tally: Readonly<{ [writer: string]: Tally }>;
  /** A sentence for each table that did not arrive, with how to see it again. */
  readonly wrong: readonly string[];
  /** Types of the columns drawn, without their arguments, and of those that arrived. */
  readonly drawn: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
}

interface Prepared {
  readonly fields: readonly Field[];
}

/** Prepared files of the tables, by arrow-rs. */
function prepareAll(jobs: readonly { readonly path: string; readonly table: DescribedTable }[]): readonly Prepared[] {
  const input = jobs.map((job) => `${JSON.stringify(job)}\n`).join('');
  const run = spawnSync(nativePath('prepare-json'), { input, encoding: 'utf8', maxBuffer: 1 << 30 });
  assert.equal(run.status, 0, run.stderr);
  const lines = run.stdout.trimEnd().split('\n');
  return lines.map((line) => {
    const answer = JSON.parse(line) as Prepared | { readonly error: string };
    if ('error' in answer) throw new Error(answer.error);
    return answer;
  });
}

async function cargoOf(tables: readonly DescribedTable[], folder: string, name: string): Promise<readonly Cargo[]> {
  const jobs = tables.map((table, index) => ({ path: path.join(folder, `${name}-${index}.arrow`), table }));
  const prepared = prepareAll(jobs);
  return Promise.all(
    jobs.map(async ({ path: preparedPath, table }, index) => {
      const fields = prepared[index]?.fields ?? [];
      return { preparedPath, facts: await factsOfTable(table, fields) };
    }),
  );
}

/** The table without some of its columns. */
const without = (table: DescribedTable, names: readonly string[]): DescribedTable => ({
  ...table,
  columns: table.columns.filter(({ name }) => !names.includes(name)),
});

const typesOf = ({ facts }: Cargo): readonly string[] => facts.schema.map(({ type }) => type.replace(/[<[(].*$/, ''));

const NOTHING: Refused = { columns: [], sentences: [], surely: false };

interface Journey {
  readonly writer: WriterSpec;
  readonly turn: number;
  readonly cargo: Cargo;
  /** Why it must be refused; no columns where it must arrive. */
  readonly refused: Refused;
}

/** Every table for one writer: with all its columns where one must be refused, and with those that it holds. */
async function journeysOf(
  writer: WriterSpec,
  tables: readonly DescribedTable[],
  whole: readonly Cargo[],
  folder: string,
): Promise<readonly Journey[]> {
  const refused = whole.map(({ facts }) => refusedBy(writer.name, facts.schema));
  const held = tables.map((table, turn) => without(table, refused[turn]?.columns ?? []));
  const turns = held.flatMap((table, turn) =>
    (refused[turn] ?? NOTHING).columns.length > 0 && table.columns.length > 0 ? [turn] : [],
  );
  const kept = turns.flatMap((turn) => held[turn] ?? []);
  const parts = kept.length === 0 ? [] : await cargoOf(kept, folder, writer.name);
  return [
    ...whole.map((cargo, turn) => ({ writer, turn, cargo, refused: refused[turn] ?? NOTHING })),
    ...parts.map((cargo, index) => ({ writer, turn: turns[index] ?? 0, cargo, refused: NOTHING })),
  ];
}

/** Several at a time: a worker waits for its disk, and a machine has several cores. */
async function inLanes<Item>(items: readonly Item[], work: (item: Item, lane: number) => Promise<void>): Promise<void> {
  const lanes = Array.from({ length: availableParallelism() }, (_, lane) => lane);
  const left = items.values();
  await Promise.all(
    lanes.map(async (lane) => {
      for (const item of left) await work(item, lane);
    }),
  );
}

/** Carries `count` tables that the seed draws through each of the writers. */
export async function carryAll(count: number, seed: number, writers: readonly WriterSpec[]): Promise<Carried> {
  const folder = await mkdtemp(path.join(tmpdir(), 'writeproof-random-'));
  try {
    const tables = fc.sample(randomTableOfBatches, { seed, numRuns: count });
    const whole = await cargoOf(tables, folder, 'whole');
    const noDirect = whyNotDirect(await probeFolder(folder, { timeoutSeconds: 60 })) !== null;
    const tally: { [writer: string]: Tally } = {};
    const wrong: string[] = [];
    const types = new Set<string>();
    for (const writer of writers) {
      const counted = (tally[writer.name] = { verified: 0, refused: 0 });
      const variants = writer.variants.filter((variant) => variant !== 'direct' || !noDirect);
      const journeys = await journeysOf(writer, tables, whole, folder);
      await inLanes(journeys, async ({ turn, cargo, refused }, lane) => {
        const setting = settingOf(writer, variants, turn);
        const arrival = await carry(writer, setting, cargo, path.join(folder, `target-${lane}`));
        const columns = cargo.facts.schema.map(({ name, type }) => `${name} ${type}`).join(', ');
        const named = (why: string): string =>
          `WRITEPROOF_SEED=${seed}, table ${turn} (${columns}) by ${writer.name} ${JSON.stringify(setting)}: ${why}`;
        if (arrival.status === 'verified') {
          counted.verified += 1;
          for (const name of typesOf(cargo)) types.add(name);
          if (refused.surely) wrong.push(named(`arrived, though not all of it is declared to be held`));
        } else if (refused.sentences.some((sentence) => sentence.test(arrival.why))) counted.refused += 1;
        else wrong.push(named(arrival.why));
      });
    }
    return { tally, wrong, drawn: new Set(whole.flatMap(typesOf)), types };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** So few tables are the same ones every time, so that a change is red for a reason of its own; more of them are new ones. */
const FEW = 20;
const SEED = 2_137_669_195;

/** Draws, carries and judges; nothing may be wrong, most tables and all types but the `missing` ones must have arrived. */
export async function assertAllArrive(
  count: number,
  context: TestContext,
  writers: readonly WriterSpec[] = CARRIERS,
  missing: readonly string[] = [],
): Promise<void> {
  const usual = count <= FEW ? SEED : Date.now() % 2 ** 31;
  const seed = Number(process.env['WRITEPROOF_SEED'] ?? usual);
  context.diagnostic(`WRITEPROOF_SEED=${seed}`);
  const { tally, wrong, drawn, types } = await carryAll(count, seed, writers);
  context.diagnostic(`${JSON.stringify(tally)}, ${types.size} of ${drawn.size} types`);
  assert.deepEqual(wrong, []);
  const few = Object.entries(tally).filter(([, { verified }]) => verified < 0.6 * count);
  assert.deepEqual(few, []);
  assert.deepEqual(
    Object.keys(tally),
    writers.map(({ name }) => name),
  );
  assert.notEqual(writers.length, 0);
  assert.notEqual(drawn.size, 0);
  const expected = [...drawn].filter((type) => !missing.includes(type));
  assert.deepEqual([...types].sort(), expected.sort(), 'every type drawn arrives with at least one writer');
}
