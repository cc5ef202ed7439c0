/** A file or dataset of somebody's own, which must stay as it is while it is read: a half of it before and a half after a change is no file. */

import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf, Misuse } from '../misuse.js';
import type { FileStamp } from '../types.js';
import { stampFile, stampFiles } from './stamps.js';

/** A file that became another one while it was read. */
export class Changed extends Misuse {}

/** The file as it is now; of a directory every file below it; of a link what it leads to. Paths begin with its own name. */
export async function stampsOf(file: string): Promise<readonly FileStamp[]> {
  const full = realpathSync(file);
  if (!statSync(full).isDirectory()) return [await stampFile(path.dirname(full), full)];
  const below = await stampFiles(full);
  return below.map((stamp) => ({ ...stamp, path: path.join(path.basename(full), stamp.path) }));
}

/** A file within a directory is named; one alone is what the sentence is about. */
const stampText = ({ path: name, bytes, mtimeNs, ctimeNs, inode }: FileStamp): string =>
  `${name.includes(path.sep) ? `${name} of ` : ''}${bytes} bytes, mtime ${mtimeNs}, ctime ${ctimeNs}, inode ${inode}`;

/** Throws when it is no longer as it was stamped. */
export async function checkUnchanged(file: string, stamps: readonly FileStamp[]): Promise<void> {
  const before = stamps.map(stampText);
  const now = await stampsOf(file).then(
    (found) => found.map(stampText),
    (error: unknown) => [messageOf(error)],
  );
  const gone = before.filter((text) => !now.includes(text));
  const come = now.filter((text) => !before.includes(text));
  if (gone.length === 0 && come.length === 0) return;
  const said = (texts: readonly string[]): string => (texts.length === 0 ? 'nothing' : texts.join('; '));
  throw new Changed(
    `${path.basename(file)} changed while it was read: expected ${said(gone)}, found ${said(come)}; let whoever writes it finish, then run again.`,
  );
}

/** What `read` makes of a file. Where that changed meanwhile, neither this nor what reading complained of is worth anything. */
export async function readUnchanged<Made>(
  file: string,
  stamps: readonly FileStamp[],
  read: () => Promise<Made>,
): Promise<Made> {
  let made: Made;
  try {
    made = await read();
  } catch (error) {
    await checkUnchanged(file, stamps);
    throw error;
  }
  await checkUnchanged(file, stamps);
  return made;
}
