import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Misuse } from '../misuse.js';
import { nearest } from '../plan/names.js';
import { RUN_FILE } from '../run/records.js';

/** Where runs go, below the working directory. */
export const RESULTS = 'results';
export const runsFolder = (): string => path.resolve(RESULTS, 'runs');

/** The folder of a run that is named by its id, by its folder, or as `last`. */
export async function findRun(name: string): Promise<string> {
  if (existsSync(path.join(name, RUN_FILE))) return path.resolve(name);
  const folder = runsFolder();
  const names = (await readdir(folder).catch(() => []))
    .filter((entry) => existsSync(path.join(folder, entry, RUN_FILE)))
    .sort();
  const chosen = name === 'last' ? names.at(-1) : names.find((entry) => entry === name);
  if (chosen !== undefined) return path.join(folder, chosen);
  const near = nearest(name, names);
  const hint = near.length > 0 ? `; nearest: ${near.join(', ')}` : '';
  throw new Misuse(
    `Unknown run "${name}": expected an id below ${RESULTS}/runs, a folder with ${RUN_FILE}, or last${hint}.`,
  );
}
