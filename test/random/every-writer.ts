/** Random tables through every writer: what it holds arrives as it is, what it is declared not to hold it refuses with a sentence. */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { probeFolder, whyNotDirect } from '../../harness/run/direct-support.js';
import type { Variant } from '../../harness/types.js';
import type { WriterSpec } from '../../suites/types.js';
import { WRITERS } from '../../suites/writers/index.js';
import type { DescribedTable } from '../digest/described.js';
import { carry, type Load } from './carry.js';
import { refusedBy } from './limits.js';
import { loadsOf, schemasOf, type Consignment } from './loads.js';
import { allNames, namesOf, settingsOf, type Setting } from './settings.js';
import { randomTableOfBatches } from './tables.js';

/** Those that are given rows of any type. Lance is built after the others, and has tests of its own. */
export const CARRIERS = WRITERS.filter(
  ({ holder, format }) => holder.kind !== 'command' && !['lance', 'raw'].includes(format),
);

export interface Tally {
  /** Clean cases: all that was given was found again. */
  verified: number;
  /** Of the same tables with the columns that the writer is declared not to hold. */
  refused: number;
  /** How many of the clean cases had each value of each setting. */
  readonly settings: { [setting: string]: number };
}

export interface Carried {
  readonly tally: Readonly<{ [writer: string]: Tally }>;
  /** A sentence for each table that did not arrive, with how to see it again. */
  readonly wrong: readonly string[];
  /** Values of settings with which no clean case was verified. */
  readonly untried: readonly string[];
  /** Types of the columns drawn, without their arguments, and of those that arrived. */
  readonly drawn: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
}

/** The table without some of its columns. */
const without = (table: DescribedTable, names: readonly string[]): DescribedTable => ({
  ...table,
  columns: table.columns.filter(({ name }) => !names.includes(name)),
});

const baseOf = (type: string): string => type.replace(/[<[(].*$/, '');

/** Every table for one writer: with all its columns where one must be refused, and with those that it holds. */
function journeysOf(
  writer: WriterSpec,
  tables: readonly DescribedTable[],
  schemas: Awaited<ReturnType<typeof schemasOf>>,
  settings: readonly Setting[],
): readonly Consignment[] {
  return tables.flatMap((table, turn): readonly Consignment[] => {
    const setting = settings[turn];
    assert.ok(setting !== undefined);
    const refused = refusedBy(writer.name, schemas[turn] ?? [], setting.writerOptions);
    const held = without(table, refused.columns);
    const clean = { turn, table: held, setting, refused: null };
    if (refused.columns.length === 0) return [clean];
    const whole = { turn, table, setting: { ...setting, parts: 1 }, refused };
    return held.columns.length === 0 ? [whole] : [whole, clean];
  });
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

interface Course {
  readonly folder: string;
  readonly seed: number;
  readonly wrong: string[];
  readonly types: Set<string>;
}

async function carryOne(
  writer: WriterSpec,
  { turn, setting, refused }: Consignment,
  load: Load,
  counted: Tally,
  { folder, seed, wrong, types }: Course,
  lane: number,
): Promise<void> {
  const arrival = await carry(writer, setting, load, path.join(folder, `target-${lane}`));
  const { schema } = load.whole;
  const columns = schema.map(({ name, type }) => `${name} ${type}`).join(', ');
  const named = (why: string): string =>
    `WRITEPROOF_SEED=${seed}, table ${turn} (${columns}) by ${writer.name} ${JSON.stringify(setting)}: ${why}`;
  if (arrival.status === 'verified') {
    for (const { type } of schema) types.add(baseOf(type));
    if (refused?.surely === true) wrong.push(named('arrived, though not all of it is declared to be held'));
    if (refused !== null) return;
    counted.verified += 1;
    for (const name of namesOf(setting)) counted.settings[name] = (counted.settings[name] ?? 0) + 1;
  } else if (refused?.sentences.some((sentence) => sentence.test(arrival.why)) === true) counted.refused += 1;
  else wrong.push(named(arrival.why));
}

/** Carries `count` tables that the seed draws through each of the writers. */
export async function carryAll(count: number, seed: number, writers: readonly WriterSpec[]): Promise<Carried> {
  const folder = await mkdtemp(path.join(tmpdir(), 'writeproof-random-'));
  try {
    const tables = fc.sample(randomTableOfBatches, { seed, numRuns: count });
    const schemas = await schemasOf(tables, folder);
    const noDirect = whyNotDirect(await probeFolder(folder, { timeoutSeconds: 60 })) !== null;
    const tally: { [writer: string]: Tally } = {};
    const course: Course = { folder, seed, wrong: [], types: new Set() };
    const untried: string[] = [];
    for (const writer of writers) {
      const counted: Tally = (tally[writer.name] = { verified: 0, refused: 0, settings: {} });
      const variants: readonly Variant[] = writer.variants.filter((variant) => variant !== 'direct' || !noDirect);
      const settings = settingsOf(writer, variants, count, seed);
      const journeys = journeysOf(writer, tables, schemas, settings);
      const loads = await loadsOf(journeys, path.join(folder, writer.name));
      await inLanes([...journeys.entries()], async ([index, journey], lane) => {
        const load = loads[index];
        assert.ok(load !== undefined);
        await carryOne(writer, journey, load, counted, course, lane);
      });
      const names = allNames(writer, variants).filter((name) => counted.settings[name] === undefined);
      untried.push(...names.map((name) => `${writer.name} ${name}`));
    }
    const drawn = new Set(schemas.flatMap((fields) => fields.map(({ type }) => baseOf(type))));
    return { tally, wrong: course.wrong, untried, drawn, types: course.types };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** So few tables are the same ones every time, so that a change is red for a reason of its own; more of them are new ones. */
const FEW = 30;
const SEED = 2_137_669_195;

/**
 * Draws, carries and judges; nothing may be wrong, and most tables, every value of every setting and all types but the `missing`
 * ones must have arrived. Returns the number of clean cases.
 */
export async function assertAllArrive(
  count: number,
  context: TestContext,
  writers: readonly WriterSpec[] = CARRIERS,
  missing: readonly string[] = [],
): Promise<number> {
  const usual = count <= FEW ? SEED : Date.now() % 2 ** 31;
  const seed = Number(process.env['WRITEPROOF_SEED'] ?? usual);
  context.diagnostic(`WRITEPROOF_SEED=${seed}`);
  const { tally, wrong, untried, drawn, types } = await carryAll(count, seed, writers);
  for (const [name, { verified, refused, settings }] of Object.entries(tally)) {
    const counts = Object.entries(settings).sort(([one], [other]) => (one < other ? -1 : 1));
    const text = counts.map(([setting, cases]) => `${setting} ${cases}`).join(', ');
    context.diagnostic(`${name}: ${verified} clean cases, ${refused} refused; ${text}`);
  }
  const verified = Object.values(tally).reduce((sum, one) => sum + one.verified, 0);
  context.diagnostic(`${verified} clean cases, ${types.size} of ${drawn.size} types`);
  assert.deepEqual(wrong, []);
  const few = Object.entries(tally).filter((one) => one[1].verified < 0.7 * count);
  assert.deepEqual(few, []);
  assert.deepEqual(untried, []);
  assert.deepEqual(
    Object.keys(tally),
    writers.map(({ name }) => name),
  );
  assert.notEqual(writers.length, 0);
  assert.notEqual(drawn.size, 0);
  const expected = [...drawn].filter((type) => !missing.includes(type));
  assert.deepEqual([...types].sort(), expected.sort(), 'every type drawn arrives with at least one writer');
  return verified;
}
