/** Facts of a table: golden ones of the repository, else cached ones, else from a fresh generation. */

import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TableSpec } from '../../suites/types.js';
import { Misuse, messageOf } from '../misuse.js';
import { GOLDEN_FACTS } from '../paths.js';
import { tableAt } from '../plan/case-id.js';
import { estimateArrowBytes } from '../plan/disk.js';
import type { Case, Facts, Part } from '../types.js';
import { dropPartials, makeRoom, preparedPath, touch } from './cache.js';
import type { ChildOptions } from './child.js';
import { ensureFilePrepared } from './file-table.js';
import { askWorker } from './worker.js';

/** Version of the digest that facts are told in, as native/engine/DIGEST.md names it. */
export const DIGEST_VERSION = 'wp1';

export interface FactsKey {
  readonly table: string;
  readonly scale: number;
  readonly part: Part;
}

/** Name of a table's facts and prepared batches, without extension. */
export function factsName({ table, scale, part }: FactsKey): string {
  return `${tableAt({ table, scale })}${part.count === 1 ? '' : `-part${part.index}of${part.count}`}`;
}

export function preparedName(key: FactsKey, batchRows: number): string {
  return `${factsName(key)}-${batchRows}-${DIGEST_VERSION}.arrow`;
}

export interface Store {
  readonly cache: string;
  readonly cacheLimitBytes: number;
  readonly tables: readonly TableSpec[];
  readonly child: ChildOptions;
  /** Told what is being done that takes a while. */
  readonly onWork: (what: string) => void;
}

const keyOf = (one: Case): FactsKey => ({ table: one.table, scale: one.scale, part: one.options.part });

async function readFacts(file: string): Promise<Facts | null> {
  if (!existsSync(file)) return null;
  let facts: Facts;
  try {
    facts = JSON.parse(await readFile(file, 'utf8')) as Facts;
  } catch (error) {
    throw new Misuse(
      `Facts in ${path.basename(file)} cannot be read: ${messageOf(error)}; run "writeproof cache --clean".`,
    );
  }
  return facts.digest.version === DIGEST_VERSION ? facts : null;
}

const cachedPath = (store: Store, key: FactsKey): string =>
  path.join(store.cache, 'facts', `${factsName(key)}-${DIGEST_VERSION}.json`);

async function knownFacts(key: FactsKey, store: Store): Promise<Facts | null> {
  const golden = await readFacts(path.join(GOLDEN_FACTS, `${factsName(key)}.json`));
  return golden ?? (await readFacts(cachedPath(store, key)));
}

/** A part of a small table may hold no rows: nothing is measured, and nothing is wrong. */
export class EmptyPart extends Misuse {}

/** The generator is checked against the registry's formula: an oracle that is wrong would prove anything. */
export function checkFacts(facts: Facts, key: FactsKey, tables: readonly TableSpec[]): Facts {
  const name = factsName(key);
  if (facts.digest.version !== DIGEST_VERSION) {
    throw new Misuse(
      `Facts of ${name} are told in ${facts.digest.version}, expected ${DIGEST_VERSION}: run "npm run setup" to build the worker anew.`,
    );
  }
  const table = tables.find((candidate) => candidate.name === key.table);
  if (facts.rows === 0 && key.part.count > 1)
    throw new EmptyPart(`${name} has no rows: too few for ${key.part.count} parts`);
  const rows = key.part.count === 1 ? table?.rows(key.scale) : facts.rows;
  if (facts.rows !== rows || facts.rows === 0) {
    throw new Misuse(`The generator made ${facts.rows} rows of ${name}, expected ${String(rows)} and more than none.`);
  }
  const fields = JSON.stringify(facts.schema.map(({ name: column, type, nullable }) => [column, type, nullable]));
  const expected = JSON.stringify(table?.fields.map(({ name: column, type, nullable }) => [column, type, nullable]));
  if (fields !== expected) {
    throw new Misuse(`The generator's schema of ${name} is ${fields}, expected ${expected}.`);
  }
  return facts;
}

async function keepFacts(facts: Facts, key: FactsKey, store: Store): Promise<void> {
  const file = cachedPath(store, key);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, JSON.stringify(facts));
  await rename(`${file}.${process.pid}`, file);
}

/** Facts of a case's table, generated when nobody knows them yet. */
export async function ensureFacts(one: Case, store: Store): Promise<Facts> {
  const own = store.tables.find((table) => table.name === one.table)?.file;
  if (own !== undefined) return own.facts;
  const key = keyOf(one);
  const known = await knownFacts(key, store);
  if (known !== null) return checkFacts(known, key, store.tables);
  store.onWork(`facts of ${factsName(key)}`);
  const facts = (await askWorker('facts', { ...key, threads: one.options.threads }, store.child)) as Facts;
  checkFacts(facts, key, store.tables);
  await keepFacts(facts, key, store);
  return facts;
}

/** The prepared file of a case's table, made when the cache has none, and the facts. `spared` are files of the cache that stay. */
export async function ensurePrepared(
  one: Case,
  store: Store,
  spared?: ReadonlySet<string>,
): Promise<{ readonly facts: Facts; readonly path: string }> {
  const own = store.tables.find((table) => table.name === one.table)?.file;
  if (own !== undefined) return ensureFilePrepared(one, own, store);
  const key = keyOf(one);
  const file = preparedPath(store.cache, preparedName(key, one.options.batchRows));
  if (existsSync(file)) {
    await touch(file);
    return { facts: await ensureFacts(one, store), path: file };
  }
  const table = store.tables.find((candidate) => candidate.name === key.table);
  if (table !== undefined) {
    await makeRoom(store.cache, estimateArrowBytes(table, key.scale, key.part), store.cacheLimitBytes, spared);
  }
  store.onWork(`batches of ${factsName(key)}`);
  const question = { ...key, batchRows: one.options.batchRows, path: file, threads: 2 };
  const answer = askWorker('prepare', question, store.child).finally(async () => dropPartials(store.cache));
  const made = checkFacts((await answer) as Facts, key, store.tables);
  const known = await knownFacts(key, store);
  if (known === null) {
    await keepFacts(made, key, store);
  } else if (known.digest.multiset !== made.digest.multiset || known.digest.order !== made.digest.order) {
    throw new Misuse(
      `A fresh generation of ${factsName(key)} has digest ${made.digest.multiset}, the facts say ${known.digest.multiset}: the generator or the facts are wrong, and nothing is measured with either.`,
    );
  }
  return { facts: known ?? made, path: file };
}

/** Whether the cache holds the prepared batches of a case. */
export function isPrepared(one: Case, cache: string): boolean {
  return existsSync(preparedPath(cache, preparedName(keyOf(one), one.options.batchRows)));
}
