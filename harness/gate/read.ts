/** A gate that was run: by its id, its folder, or as `last`. */

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { RESULTS } from '../cli/find-run.js';
import { messageOf, Misuse } from '../misuse.js';
import { nearest } from '../plan/names.js';
import type { GateResult } from './types.js';

export const GATE_FILE = 'gate.json';
export const PLAN_FILE = 'plan.json';

export const gatesFolder = (): string => path.resolve(RESULTS, 'gates');

/** The folder of a gate, finished or not. */
export async function findGate(name: string): Promise<string> {
  if (existsSync(path.join(name, PLAN_FILE))) return path.resolve(name);
  const folder = gatesFolder();
  const names = (await readdir(folder).catch(() => []))
    .filter((entry) => existsSync(path.join(folder, entry, PLAN_FILE)))
    .sort();
  const chosen = name === 'last' ? names.at(-1) : names.find((entry) => entry === name);
  if (chosen !== undefined) return path.join(folder, chosen);
  const near = nearest(name, names);
  const hint = near.length > 0 ? `; nearest: ${near.join(', ')}` : '';
  throw new Misuse(`Unknown gate "${name}": expected an id below ${RESULTS}/gates, a folder of one, or last${hint}.`);
}

export async function readGate(folder: string): Promise<GateResult> {
  const file = path.join(folder, GATE_FILE);
  if (!existsSync(file)) {
    throw new Misuse(
      `Gate ${path.basename(folder)} was killed before it ended: go on with "writeproof gate --resume ${path.basename(folder)}".`,
    );
  }
  let document: { readonly schema?: unknown; readonly gate?: unknown; readonly results?: unknown };
  try {
    document = JSON.parse(await readFile(file, 'utf8')) as typeof document;
  } catch (error) {
    throw new Misuse(`${GATE_FILE} in ${folder} is damaged: ${messageOf(error)}.`);
  }
  if (document.schema !== 'writeproof.gate.v1') {
    throw new Misuse(`${GATE_FILE} in ${folder} has schema ${String(document.schema)}, expected writeproof.gate.v1.`);
  }
  return { gate: document.gate, lines: document.results } as GateResult;
}
