/** Rows of a user's own file: facts by one reader, batches by another, and nothing is measured where the two disagree. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileTable } from '../../suites/types.js';
import { Misuse } from '../misuse.js';
import { addon } from '../native.js';
import type { Case, Facts, Field } from '../types.js';
import { dropPartials, makeRoom, preparedPath, touch } from './cache.js';
import { runChild } from './child.js';
import type { Store } from './facts.js';
import { checkUnchanged, readUnchanged } from './unchanged.js';

const PREPARE = fileURLToPath(new URL('prepare-process.js', import.meta.url));

export interface PrepareFileJob {
  readonly path: string;
  readonly format: FileTable['format'];
  readonly table: string;
  readonly batchRows: number;
  readonly preparedPath: string;
}

/**
 * Named by its content, so that another file of this name, or a later state of it, has another. Types are not in a digest. The batches
 * of an Arrow file are its own, so another file of the same rows may have others.
 */
function preparedName({ facts, format, stamp }: FileTable, batchRows: number): string {
  const content = [format, facts.schema, facts.digest.order, format === 'arrow' ? stamp : null];
  const name = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
  return `file-${name}-${batchRows}-${facts.digest.version}.arrow`;
}

/** What arrow-rs read must be what the other reader read; the bytes are arrow-rs' to count. */
export function agreedFacts(file: string, facts: Facts, prepared: Facts): Facts {
  const fieldText = ({ name, type, nullable }: Field): string =>
    `${name} ${type}${nullable ? ' nullable' : ' not null'}`;
  const wrong = (what: string, expected: unknown, actual: unknown): Misuse =>
    new Misuse(
      `Two readers disagree about ${path.basename(file)}: ${what} is ${String(expected)} by the first, ${String(actual)} by arrow-rs; nothing is measured with it.`,
    );
  const [ours, theirs] = [facts, prepared].map(({ schema }) => schema.map(fieldText).join(', '));
  if (ours !== theirs) throw wrong('the schema', ours, theirs);
  if (facts.rows !== prepared.rows) throw wrong('the number of rows', facts.rows, prepared.rows);
  if (facts.digest.multiset !== prepared.digest.multiset || facts.digest.order !== prepared.digest.order) {
    const column = facts.digest.columns.find(({ sum }, index) => sum !== prepared.digest.columns[index]?.sum);
    const where = column === undefined ? 'the digest of rows' : `the digest of column ${column.name}`;
    throw wrong(where, column?.sum ?? facts.digest.order, 'another');
  }
  return { ...facts, arrowBytes: prepared.arrowBytes };
}

async function prepare(job: PrepareFileJob, store: Store): Promise<Facts> {
  const child = await runChild([process.execPath, PREPARE], () => JSON.stringify(job), store.child);
  child.endLeftovers();
  const base = path.basename(job.path);
  if (child.exitCode !== 0 || child.signal !== null) {
    const said = child.stderr.trim().split('\n').at(-1) ?? '';
    const how = child.signal === null ? `exit code ${String(child.exitCode)}` : `signal ${child.signal}`;
    throw new Misuse(`Batches of ${base} cannot be made by arrow-rs: ${said === '' ? `it ended with ${how}` : said}.`);
  }
  return JSON.parse(child.stdout) as Facts;
}

/** The prepared file of a case's own data, and its facts. */
export async function ensureFilePrepared(
  one: Case,
  table: FileTable,
  store: Store,
): Promise<{ readonly facts: Facts; readonly path: string }> {
  const { batchRows } = one.options;
  const file = preparedPath(store.cache, preparedName(table, batchRows));
  if (existsSync(file)) {
    await touch(file);
    return {
      facts: agreedFacts(table.path, table.facts, JSON.parse(addon().factsOfPrepared(file)) as Facts),
      path: file,
    };
  }
  await checkUnchanged(table.path, [table.stamp]);
  await makeRoom(store.cache, table.facts.arrowBytes, store.cacheLimitBytes);
  store.onWork(`batches of ${path.basename(table.path)}`);
  const { path: own, format, facts } = table;
  const job = { path: own, format, table: facts.table, batchRows, preparedPath: file };
  const prepared = await readUnchanged(own, [table.stamp], async () => prepare(job, store))
    .catch(async (error: unknown) => {
      // Made of another state than the one in its name.
      await rm(file, { force: true });
      throw error;
    })
    .finally(async () => dropPartials(store.cache));
  return { facts: agreedFacts(table.path, table.facts, prepared), path: file };
}
