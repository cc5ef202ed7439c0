/** Entity stores and what queries must give of them, made once and kept in the cache. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Query } from '../../suites/scans/queries.js';
import { builtFile } from '../paths.js';
import { runChild, type ChildEnd, type ChildOptions } from '../run/child.js';
import type { Store } from '../run/facts.js';
import { stampLibrary } from '../libraries.js';
import type { Digest, StoreDefinition } from '../types.js';
import { ENTITY_STORE_FILE } from './entity-store.js';
import type { Job } from './report.js';

const PROCESS = fileURLToPath(new URL('process.js', import.meta.url));

/** Runs a job in a process of its own; `preload`: a library that is loaded before all others. */
export async function runJob(job: Job, options: ChildOptions, preload?: string): Promise<ChildEnd> {
  const own = [process.execPath, PROCESS] as const;
  const argv = preload === undefined ? own : (['env', `LD_PRELOAD=${preload}`, ...own] as const);
  return runChild(argv, () => JSON.stringify(job), options);
}

async function resultOf(job: Job, options: ChildOptions): Promise<string> {
  const { exitCode, signal, stdout, stderr } = await runJob(job, options);
  if (exitCode === 0) return stdout;
  const said = stderr.trim().split('\n').at(-1) ?? '';
  throw new Error(
    `the entity store could not ${job.kind}: ${said === '' ? `it ended with ${String(signal ?? exitCode)}` : said}`,
  );
}

/** What was made by another build of the library is made again. */
async function place(cache: string, what: unknown): Promise<string> {
  const { sha256 } = await stampLibrary(builtFile(ENTITY_STORE_FILE));
  const key = createHash('sha256')
    .update(JSON.stringify([sha256, what]))
    .digest('hex')
    .slice(0, 16);
  return path.join(cache, 'entities', key);
}

/** Folder of a store of this definition, which is made where it is missing. */
export async function ensureEntities(definition: StoreDefinition, { cache, child, onWork }: Store): Promise<string> {
  const folder = await place(cache, definition);
  if (existsSync(folder)) return folder;
  const { rows, columns, encoding } = definition;
  onWork(`building an entity store of ${rows} rows of ${columns} columns as ${encoding}`);
  await mkdir(path.dirname(folder), { recursive: true });
  const partial = `${folder}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await resultOf({ kind: 'build', path: partial, definition }, child);
  await rename(partial, folder);
  return folder;
}

/** What the query must give, by the definition alone. */
export async function ensureExpected(
  definition: StoreDefinition,
  query: Query,
  { cache, child }: Store,
): Promise<Digest> {
  const { rows, columns, seed } = definition;
  const file = `${await place(cache, [rows, columns, seed, query])}.json`;
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as Digest;
  const printed = await resultOf({ kind: 'expect', definition: { rows, columns, seed }, query }, child);
  await mkdir(path.dirname(file), { recursive: true });
  const partial = `${file}.partial-${process.pid}`;
  await writeFile(partial, printed);
  await rename(partial, file);
  return JSON.parse(printed) as Digest;
}
