/** The folder that is measured: checked before anything is written, made, and removed again when it was ours. */

import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { mkdir, rmdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { Misuse, messageOf } from '../misuse.js';

/** The folder itself, or the nearest one above it that exists. */
export function existingAncestor(folder: string): string {
  let candidate = path.resolve(folder);
  while (!existsSync(candidate)) candidate = path.dirname(candidate);
  return candidate;
}

/** Whether a folder can be made in this one. Permissions do not say it: root may write in /proc, and still nothing can be made there. */
function takesFolders(folder: string): boolean {
  const probe = path.join(folder, `.writeproof-${randomBytes(8).toString('hex')}`);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    mkdirSync(probe);
  } catch {
    return false;
  }
  rmdirSync(probe);
  return true;
}

/** Throws one sentence when the folder cannot take new files, or holds some. Leaves nothing behind. */
export function checkFolder(flag: string, folder: string, overwrite: boolean): void {
  const there = existingAncestor(folder);
  if (!statSync(there).isDirectory()) {
    throw new Misuse(`${flag} ${folder}: ${there} is a file, expected a folder; choose another ${flag}.`);
  }
  if (!takesFolders(there)) {
    throw new Misuse(`${flag} ${folder} is not writable: choose another ${flag}, or change its permissions.`);
  }
  if (there === path.resolve(folder) && !overwrite) {
    const held = readdirSync(there).length;
    if (held > 0) {
      throw new Misuse(
        `${flag} ${folder} holds ${held} file${held === 1 ? '' : 's'}, expected an empty folder: choose another, or say --overwrite.`,
      );
    }
  }
}

export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(existingAncestor(folder));
  return bavail * bsize;
}

export function sameFileSystem(one: string, other: string): boolean {
  return statSync(existingAncestor(one)).dev === statSync(existingAncestor(other)).dev;
}

/** Makes a folder and those above it, level by level: Node's recursive mkdir never returns where the kernel answers ENOENT, as in /proc. */
export async function makeFolders(folder: string): Promise<void> {
  const there = existingAncestor(folder);
  let level = there;
  for (const name of path.relative(there, path.resolve(folder)).split(path.sep)) {
    if (name === '') continue;
    level = path.join(level, name);
    try {
      await mkdir(level);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue;
      throw new Misuse(`Folder ${folder} cannot be made: ${messageOf(error)}.`);
    }
  }
}

/** Makes the folder. The returned function removes it again if it was made here and is empty. */
export async function makeFolder(folder: string): Promise<() => Promise<void>> {
  const existed = existsSync(folder);
  await makeFolders(folder);
  return async () => {
    if (!existed && existsSync(folder) && readdirSync(folder).length === 0) await rmdir(folder);
  };
}
