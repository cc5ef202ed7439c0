/** Builds of other trees of a repository: a git worktree each, in the cache, built once and kept by tree. */

import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runTold } from '../config/told.js';
import { Misuse } from '../misuse.js';
import { cacheFolder } from '../paths.js';
import { git, type Revision } from './git.js';

/** Written last: a build without it was cut off. */
const BUILT = 'writeproof-built.json';
/** Builds that are kept, of more than a GB each; those used longest ago go first. */
const KEPT_BUILDS = 3;
/** Lines of a failed set-up that its sentence ends with. */
const SHOWN_LINES = 8;

const buildsFolder = (): string => path.join(cacheFolder(), 'builds');

async function removeBuild(repository: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  // The worktree's own entry in .git goes with its folder.
  git(repository, 'worktree', 'prune');
}

/** Runs a script of set-up; what it prints is told as it comes. Throws a sentence that ends with its last lines. */
export async function runSetUp(
  what: string,
  folder: string,
  script: string,
  tell: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const file = path.join(folder, 'harness', 'setup', script);
  if (!existsSync(file)) throw new Misuse(`${what} cannot be built: it has no harness/setup/${script}.`);
  const end = await runTold([process.execPath, file], { cwd: folder, signal }, tell);
  if (end.code === 0) return;
  const status = `does not build: set-up ended with ${end.signal ?? `exit code ${String(end.code)}`}`;
  const ending = end.error === null ? status : `could not be built: ${end.error}`;
  const lines = end.lastLines(SHOWN_LINES);
  throw new Misuse(`${what} ${ending}${lines === '' ? '' : `; it ends:\n${lines}`}`);
}

/** Removes the builds that were used longest ago. */
async function retain(repository: string, kept: string): Promise<void> {
  const folders = (await readdir(buildsFolder())).map((name) => path.join(buildsFolder(), name));
  const used = await Promise.all(folders.map(async (folder) => ({ folder, at: (await stat(folder)).mtimeMs })));
  const old = used.sort((one, other) => other.at - one.at).slice(KEPT_BUILDS);
  for (const { folder } of old) if (folder !== kept) await removeBuild(repository, folder);
}

/** The checkout of a tree of a repository; `build` is run in it unless it was built before. */
export async function buildOf(
  what: string,
  repository: string,
  { commit, tree }: Revision,
  tell: (text: string) => void,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = path.join(buildsFolder(), tree.slice(0, 20));
  const built = path.join(folder, BUILT);
  if (!existsSync(built)) {
    tell(`building ${what} (${commit.slice(0, 12)}) in a worktree of its own\n`);
    await mkdir(buildsFolder(), { recursive: true });
    await removeBuild(repository, folder);
    git(repository, 'worktree', 'add', '--force', '--detach', folder, commit);
    await build(folder);
    await writeFile(built, `${JSON.stringify({ commit, tree })}\n`);
  }
  const now = new Date();
  await utimes(folder, now, now);
  await retain(repository, folder);
  return folder;
}
