/** The folder that is measured: checked before anything is written, made, and removed again when it was ours. */

import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, rmdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { Misuse } from '../misuse.js';

/** The folder itself, or the nearest one above it that exists. */
export function existingAncestor(folder: string): string {
  let candidate = path.resolve(folder);
  while (!existsSync(candidate)) candidate = path.dirname(candidate);
  return candidate;
}

/** Throws one sentence when the folder cannot take new files, or holds some. Writes nothing. */
export function checkFolder(flag: string, folder: string, overwrite: boolean): void {
  const there = existingAncestor(folder);
  if (!statSync(there).isDirectory()) {
    throw new Misuse(`${flag} ${folder}: ${there} is a file, expected a folder; choose another ${flag}.`);
  }
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
  } catch {
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

/** Makes the folder. The returned function removes it again if it was made here and is empty. */
export async function makeFolder(folder: string): Promise<() => Promise<void>> {
  const existed = existsSync(folder);
  await mkdir(folder, { recursive: true });
  return async () => {
    if (!existed && existsSync(folder) && readdirSync(folder).length === 0) await rmdir(folder);
  };
}
