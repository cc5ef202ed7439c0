/** results/nights/<id>/: what a night has done so far, and its canaries. */

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Canary } from '../gate/types.js';
import { appendText, replaceFile } from '../history/files.js';
import { readJsonLines } from '../json-lines.js';
import { Misuse, messageOf } from '../misuse.js';
import { nearest } from '../plan/names.js';
import { makeFolders } from '../run/target.js';
import type { Night } from './types.js';

const NIGHT_FILE = 'night.json';
const CANARIES = 'canary.jsonl';

export async function keepNight(folder: string, night: Night): Promise<void> {
  await makeFolders(folder);
  await replaceFile(path.join(folder, NIGHT_FILE), `${JSON.stringify(night, null, 2)}\n`);
}

/** The folder of a night below `nights`, by its id or as `last`. */
export async function findNight(nights: string, name: string): Promise<string> {
  const names = (await readdir(nights).catch(() => []))
    .filter((entry) => existsSync(path.join(nights, entry, NIGHT_FILE)))
    .sort();
  const chosen = name === 'last' ? names.at(-1) : names.find((entry) => entry === name);
  if (chosen !== undefined) return path.join(nights, chosen);
  const near = nearest(name, names);
  const hint = near.length > 0 ? `; nearest: ${near.join(', ')}` : '';
  throw new Misuse(`Unknown night "${name}": expected the id of one that was begun here, or last${hint}.`);
}

export async function readNight(folder: string): Promise<Night> {
  let night: Partial<Night>;
  try {
    night = JSON.parse(await readFile(path.join(folder, NIGHT_FILE), 'utf8')) as Partial<Night>;
  } catch (error) {
    throw new Misuse(`${NIGHT_FILE} of ${path.basename(folder)} is damaged: ${messageOf(error)}.`);
  }
  if (night.schema === 'writeproof.nightly.v1') return night as Night;
  throw new Misuse(
    `${NIGHT_FILE} of ${path.basename(folder)} has schema ${String(night.schema)}, expected writeproof.nightly.v1.`,
  );
}

export async function appendCanary(folder: string, canary: Canary): Promise<void> {
  await appendText(path.join(folder, CANARIES), `${JSON.stringify(canary)}\n`);
}

/** A last line that was cut off is dropped: it is one of many. */
export const readCanaries = async (folder: string): Promise<readonly Canary[]> =>
  readJsonLines(path.join(folder, CANARIES), 'remove');
