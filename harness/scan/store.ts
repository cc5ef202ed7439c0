/** Entity stores and what queries must give of them, made once and kept in the cache. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Query } from '../../suites/scans/queries.js';
import { builtFile } from '../paths.js';
import { entitiesFolder, touch } from '../run/cache.js';
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

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** What another build made is kept so long, for checkouts that take turns. */
const KEPT_MS = 24 * 3_600_000;

/** The folder of what this build of the library makes. What another one made is made again. */
async function ownFolder(cache: string): Promise<string> {
  const { sha256 } = await stampLibrary(builtFile(ENTITY_STORE_FILE));
  const own = path.join(entitiesFolder(cache), short(sha256));
  await mkdir(own, { recursive: true });
  await touch(own);
  return own;
}

/** Removes what other builds made and nobody used for a day. */
async function dropUnused(cache: string): Promise<void> {
  const all = entitiesFolder(cache);
  for (const name of await readdir(all)) {
    const folder = path.join(all, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > KEPT_MS) await rm(folder, { recursive: true, force: true });
  }
}

const place = async (cache: string, what: unknown): Promise<string> =>
  path.join(await ownFolder(cache), short(JSON.stringify(what)));

/** Folder of a store of this definition, which is made where it is missing. */
export async function ensureEntities(definition: StoreDefinition, { cache, child, onWork }: Store): Promise<string> {
  const folder = await place(cache, definition);
  if (existsSync(folder)) return folder;
  await dropUnused(cache);
  const { rows, columns, encoding } = definition;
  onWork(`building an entity store of ${rows} rows of ${columns} columns as ${encoding}`);
  // A process of its own number: what is left of one that was ended is in nobody's way, and goes with the folder.
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
  const partial = `${file}.partial-${process.pid}`;
  await writeFile(partial, printed);
  await rename(partial, file);
  return JSON.parse(printed) as Digest;
}
