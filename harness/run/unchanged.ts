/** A file of somebody's own, which must stay as it is while it is read: a half of it before and a half after a change is no file. */

import path from 'node:path';
import { messageOf, Misuse } from '../misuse.js';
import type { FileStamp } from '../types.js';
import { stampFile } from './stamps.js';

/** A file that became another one while it was read. */
export class Changed extends Misuse {}

export async function stampOf(file: string): Promise<FileStamp> {
  const full = path.resolve(file);
  return stampFile(path.dirname(full), full);
}

const stampText = ({ bytes, mtimeNs, ctimeNs, inode }: FileStamp): string =>
  `${bytes} bytes, mtime ${mtimeNs}, ctime ${ctimeNs}, inode ${inode}`;

/** Throws when the file is no longer as it was stamped. */
export async function checkUnchanged(file: string, stamp: FileStamp): Promise<void> {
  const before = stampText(stamp);
  const now = await stampOf(file).then(stampText, messageOf);
  if (now === before) return;
  throw new Changed(
    `${path.basename(file)} changed while it was read: expected ${before}, found ${now}; let whoever writes it finish, then run again.`,
  );
}

/** What `read` makes of a file. Where that changed meanwhile, neither this nor what reading complained of is worth anything. */
export async function readUnchanged<Made>(file: string, stamp: FileStamp, read: () => Promise<Made>): Promise<Made> {
  let made: Made;
  try {
    made = await read();
  } catch (error) {
    await checkUnchanged(file, stamp);
    throw error;
  }
  await checkUnchanged(file, stamp);
  return made;
}
