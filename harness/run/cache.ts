/** The cache of prepared batches: a folder with a size limit, from which the file used longest ago goes first. */

import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { parseBytes } from '../plan/values.js';

export const DEFAULT_CACHE_LIMIT_BYTES = 20 * 2 ** 30;

export interface CachedFile {
  readonly name: string;
  readonly bytes: number;
  readonly usedMs: number;
}

/** Files to remove so that the rest and `incomingBytes` fit. Pure; `spared` are in use. */
export function evictions(
  files: readonly CachedFile[],
  incomingBytes: number,
  limitBytes: number,
  spared: ReadonlySet<string>,
): readonly CachedFile[] {
  let excess = files.reduce((sum, file) => sum + file.bytes, incomingBytes) - limitBytes;
  const removed: CachedFile[] = [];
  for (const file of [...files].sort((one, other) => one.usedMs - other.usedMs)) {
    if (excess <= 0) break;
    if (spared.has(file.name)) continue;
    removed.push(file);
    excess -= file.bytes;
  }
  return removed;
}

const preparedFolder = (cache: string): string => path.join(cache, 'prepared');

/** Stores that scans read, by the build of the library that made them. */
export const entitiesFolder = (cache: string): string => path.join(cache, 'entities');

export const preparedPath = (cache: string, name: string): string => path.join(preparedFolder(cache), name);

export async function cachedFiles(cache: string): Promise<readonly CachedFile[]> {
  const folder = preparedFolder(cache);
  const names = await readdir(folder).catch(() => []);
  return Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(path.join(folder, name));
      return { name, bytes: size, usedMs: mtimeMs };
    }),
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Removes what workers that are gone left half-written: `<name>.partial-<process>`. */
export async function dropPartials(cache: string): Promise<void> {
  for (const { name } of await cachedFiles(cache)) {
    const writer = /\.partial-(\d+)$/.exec(name)?.[1];
    if (writer !== undefined && !isAlive(Number(writer))) await rm(preparedPath(cache, name), { force: true });
  }
}

const NOTHING: ReadonlySet<string> = new Set();

/** Removes what is used longest ago until `incomingBytes` more fit, but not what is `spared`, and makes the folder. */
export async function makeRoom(
  cache: string,
  incomingBytes: number,
  limitBytes: number,
  spared = NOTHING,
): Promise<void> {
  await mkdir(preparedFolder(cache), { recursive: true });
  await dropPartials(cache);
  for (const file of evictions(await cachedFiles(cache), incomingBytes, limitBytes, spared)) {
    await rm(preparedPath(cache, file.name), { force: true });
  }
}

/** Marks a file as used now. */
export async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now);
}

/** Removes all that the cache holds; returns how much that was. */
export async function cleanCache(cache: string): Promise<{ readonly files: number; readonly bytes: number }> {
  const files = await cachedFiles(cache);
  await rm(preparedFolder(cache), { recursive: true, force: true });
  await rm(path.join(cache, 'facts'), { recursive: true, force: true });
  // Checkouts that a gate built; git forgets their worktrees when the next one is made.
  await rm(path.join(cache, 'builds'), { recursive: true, force: true });
  await rm(entitiesFolder(cache), { recursive: true, force: true });
  return { files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
}

/** WRITEPROOF_CACHE_LIMIT, such as `50GiB`, or 20 GiB. */
export function cacheLimitBytes(environment: NodeJS.ProcessEnv = process.env): number {
  const text = environment['WRITEPROOF_CACHE_LIMIT'] ?? '';
  return text === '' ? DEFAULT_CACHE_LIMIT_BYTES : parseBytes('WRITEPROOF_CACHE_LIMIT', text);
}
