/** results/history/: one JSONL file a month, and each machine once. */

import { existsSync } from 'node:fs';
import { readdir, readFile, rm, truncate } from 'node:fs/promises';
import path from 'node:path';
import { fingerprintOf } from '../machine-fingerprint.js';
import { messageOf } from '../misuse.js';
import { makeFolders } from '../run/target.js';
import type { Machine } from '../types.js';
import { appendText, replaceFile } from './files.js';
import { historyValidator, parseHistory, type ParsedHistory } from './lines.js';
import type { HistoryMachine, HistoryPoint, LeftOutLine } from './types.js';

const MONTH_FILE = /^\d{4}-\d{2}\.jsonl$/;
const MACHINES = 'machines';

export interface History {
  /** Oldest first. */
  readonly points: readonly HistoryPoint[];
  readonly machines: ReadonlyMap<string, Machine>;
  /** What was left out, a sentence each. */
  readonly sentences: readonly string[];
}

interface MonthFile extends ParsedHistory {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

async function monthFiles(folder: string): Promise<readonly MonthFile[]> {
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).filter((name) => MONTH_FILE.test(name)).sort();
  if (names.length === 0) return [];
  const validate = await historyValidator();
  return Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      const text = await readFile(file, 'utf8');
      return { name, file, text, ...parseHistory(name, text, validate) };
    }),
  );
}

async function readMachines(folder: string): Promise<Pick<History, 'machines' | 'sentences'>> {
  const own = path.join(folder, MACHINES);
  const machines = new Map<string, Machine>();
  const sentences: string[] = [];
  const names = existsSync(own) ? (await readdir(own)).filter((name) => name.endsWith('.json')).sort() : [];
  for (const name of names) {
    const expected = path.basename(name, '.json');
    try {
      const { machine } = JSON.parse(await readFile(path.join(own, name), 'utf8')) as HistoryMachine;
      const found = fingerprintOf(machine);
      if (found !== expected) throw new Error(`its machine has the fingerprint ${found}`);
      machines.set(expected, machine);
    } catch (error) {
      sentences.push(`${MACHINES}/${name} of the history is left out: ${messageOf(error)}.`);
    }
  }
  return { machines, sentences };
}

const leftOutSentence = ({ file, line, reason }: LeftOutLine): string =>
  `Line ${line} of ${file} in the history is left out: ${reason}.`;

const cutSentence = ({ name, cutLine }: Pick<MonthFile, 'name' | 'cutLine'>): readonly string[] =>
  cutLine === null ? [] : [`Line ${cutLine} of ${name} in the history is cut off and left out.`];

const byTime = (one: HistoryPoint, other: HistoryPoint): number => (one.at < other.at ? -1 : Number(one.at > other.at));

export async function readHistory(folder: string): Promise<History> {
  const [files, { machines, sentences }] = await Promise.all([monthFiles(folder), readMachines(folder)]);
  return {
    points: files.flatMap(({ points }) => points).sort(byTime),
    machines,
    sentences: [...files.flatMap((file) => [...file.leftOut.map(leftOutSentence), ...cutSentence(file)]), ...sentences],
  };
}

async function keepMachine(folder: string, machine: Machine): Promise<void> {
  const fingerprint = fingerprintOf(machine);
  const file = path.join(folder, MACHINES, `${fingerprint}.json`);
  if (existsSync(file)) return;
  await makeFolders(path.dirname(file));
  const document: HistoryMachine = { schema: 'writeproof.machine.v1', fingerprint, machine };
  await replaceFile(file, `${JSON.stringify(document, null, 2)}\n`);
}

/**
 * Adds the points of one night, those that are not there yet: a night that was killed while it was written is completed.
 * A last line that was cut off is dropped first. Returns how many were added.
 */
export async function appendPoints(folder: string, points: readonly HistoryPoint[], machine: Machine): Promise<number> {
  await makeFolders(folder);
  await keepMachine(folder, machine);
  const files = await monthFiles(folder);
  const key = ({ night, case: id }: HistoryPoint): string => `${night} ${id}`;
  const there = new Set(files.flatMap((file) => file.points).map(key));
  const fresh = points.filter((point) => !there.has(key(point)));
  for (const month of new Set(fresh.map(({ at }) => at.slice(0, 7)))) {
    const file = path.join(folder, `${month}.jsonl`);
    const before = files.find((one) => one.file === file);
    if (before !== undefined && before.cutLine !== null) await truncate(file, before.goodBytes);
    const lines = fresh.filter(({ at }) => at.startsWith(month)).map((point) => `${JSON.stringify(point)}\n`);
    await appendText(file, lines.join(''));
  }
  return fresh.length;
}

/**
 * Keeps the points of the last so many nights. A file of which nothing is left is removed, another one rewritten; lines that are no
 * points of ours stay as they are. Returns how many nights were dropped.
 */
export async function keepNights(folder: string, nights: number): Promise<number> {
  const files = await monthFiles(folder);
  const all = files.flatMap(({ points }) => points).sort(byTime);
  const order = [...new Set(all.map(({ night }) => night))];
  const dropped = new Set(order.slice(0, Math.max(0, order.length - nights)));
  if (dropped.size === 0) return 0;
  const validate = await historyValidator();
  const remaining: string[] = [];
  for (const { file, text, goodBytes } of files) {
    const lines = Buffer.from(text).subarray(0, goodBytes).toString().split('\n').slice(0, -1);
    const kept = lines.filter((line) => {
      const [point] = parseHistory(file, `${line}\n`, validate).points;
      return point === undefined || !dropped.has(point.night);
    });
    remaining.push(...kept);
    if (kept.length === lines.length) continue;
    if (kept.length === 0) await rm(file);
    else await replaceFile(file, kept.map((line) => `${line}\n`).join(''));
  }
  await dropMachines(folder, remaining.join('\n'));
  return dropped.size;
}

/** Removes the machines that no line speaks of any more. */
async function dropMachines(folder: string, text: string): Promise<void> {
  const own = path.join(folder, MACHINES);
  const names = existsSync(own) ? await readdir(own) : [];
  for (const name of names) {
    if (!text.includes(path.basename(name, '.json'))) await rm(path.join(own, name));
  }
}
