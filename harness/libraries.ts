/** SHA-256 of what was loaded, and of the sources it was built from. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BUILD_STAMPS, PACKAGE_ROOT } from './paths.js';
import type { LibraryStamp } from './types.js';

/** native/build/build.json and its like, written by set-up. */
export interface BuildStamp {
  readonly sourceSha256: string;
  readonly rustc: string;
  readonly profile: string;
  readonly files: Readonly<{ [name: string]: { readonly sha256: string } }>;
}

/** The stamp of the build that `file` is of; null where none names it. */
export function buildStamp(file: string): BuildStamp | null {
  const stamps = BUILD_STAMPS.filter((path) => existsSync(path)).map(
    (path) => JSON.parse(readFileSync(path, 'utf8')) as BuildStamp,
  );
  return stamps.find(({ files }) => file in files) ?? null;
}

const hashes = new Map<string, string>();

/** Hashes a file once for as long as its time and size stay. */
export async function fileSha256(file: string): Promise<string> {
  const { size, mtimeMs } = statSync(file);
  const key = `${file} ${size} ${mtimeMs}`;
  const known = hashes.get(key);
  if (known !== undefined) return known;
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  hashes.set(key, sha256);
  return sha256;
}

/** Stamp of a file; its sources are known only when this very file is what set-up built. */
export async function stampLibrary(file: string): Promise<LibraryStamp> {
  const sha256 = await fileSha256(file);
  const name = path.basename(file);
  const build = buildStamp(name);
  const ours = file.startsWith(PACKAGE_ROOT) && build?.files[name]?.sha256 === sha256;
  return { file: name, sha256, sourceSha256: ours ? build.sourceSha256 : null };
}
