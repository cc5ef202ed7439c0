/** `run.json` and `records.jsonl` of one run: each record is on disk before the next repetition starts. */

import { existsSync } from 'node:fs';
import { open, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Misuse, messageOf } from '../misuse.js';
import type { Record as RunRecord, Run } from '../types.js';
import { makeFolders } from './target.js';

export const RUN_FILE = 'run.json';
export const RECORDS_FILE = 'records.jsonl';

export async function writeRun(folder: string, run: Run): Promise<void> {
  await makeFolders(folder);
  const file = path.join(folder, RUN_FILE);
  await writeFile(`${file}.new`, `${JSON.stringify(run, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** Appends one line and waits until the disk has it. */
export async function appendRecord(folder: string, record: RunRecord): Promise<void> {
  const file = await open(path.join(folder, RECORDS_FILE), 'a');
  try {
    await file.appendFile(`${JSON.stringify(record)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

export interface ParsedRecords {
  readonly records: readonly RunRecord[];
  /** Bytes of the lines that were read. */
  readonly goodBytes: number;
  /** The last line was cut off while it was written; its number, from 1. */
  readonly cutLine: number | null;
}

/** Reads lines of records; a damaged one is named. Only a last line without its end may be missing. */
export function parseRecords(text: string): ParsedRecords {
  const lines = text.split('\n');
  const tail = lines.pop() ?? '';
  const records = lines.map((line, index) => {
    try {
      const value = JSON.parse(line) as Partial<RunRecord> | null;
      if (value?.schema === 'writeproof.record.v1') return value as RunRecord;
      throw new Error(`schema is ${JSON.stringify(value?.schema)}, expected "writeproof.record.v1"`);
    } catch (error) {
      throw new Misuse(`${RECORDS_FILE} is damaged in line ${index + 1}: ${messageOf(error)}.`);
    }
  });
  const goodBytes = Buffer.byteLength(text) - Buffer.byteLength(tail);
  return { records, goodBytes, cutLine: tail === '' ? null : lines.length + 1 };
}

/** Every record belongs to the run, stands where the plan has it, and stands there once. */
export function checkRecords(run: Run, records: readonly RunRecord[]): void {
  const seen = new Set<number>();
  for (const [index, record] of records.entries()) {
    const planned = run.order[record.position - 1];
    const found = `${record.repetition}:${record.case.id}`;
    let wrong: string | null = null;
    if (record.run !== run.id) wrong = `it belongs to run ${record.run}, expected ${run.id}`;
    else if (planned !== found) wrong = `position ${record.position} is ${String(planned)}, found ${found}`;
    else if (seen.has(record.position)) wrong = `position ${record.position} stands there twice`;
    if (wrong !== null) throw new Misuse(`${RECORDS_FILE} is damaged in line ${index + 1}: ${wrong}.`);
    seen.add(record.position);
  }
}

export interface StoredRun {
  readonly folder: string;
  readonly run: Run;
  readonly records: readonly RunRecord[];
  readonly cutLine: number | null;
}

export async function readRun(folder: string): Promise<StoredRun> {
  const file = path.join(folder, RUN_FILE);
  if (!existsSync(file)) throw new Misuse(`${folder} holds no run: expected ${RUN_FILE} in it.`);
  let run: Partial<Run>;
  try {
    run = JSON.parse(await readFile(file, 'utf8')) as Partial<Run>;
  } catch (error) {
    throw new Misuse(`${RUN_FILE} in ${folder} is damaged: ${messageOf(error)}.`);
  }
  if (run.schema !== 'writeproof.run.v1') {
    throw new Misuse(`${RUN_FILE} in ${folder} has schema ${String(run.schema)}, expected writeproof.run.v1.`);
  }
  const records = path.join(folder, RECORDS_FILE);
  const text = existsSync(records) ? await readFile(records, 'utf8') : '';
  const parsed = parseRecords(text);
  checkRecords(run as Run, parsed.records);
  return { folder, run: run as Run, ...parsed };
}

/** Removes the records of skipped cases, so that they are tried again; returns the others. */
export async function dropSkipped(stored: StoredRun): Promise<readonly RunRecord[]> {
  const left = stored.records.filter(({ verdict }) => verdict.status !== 'skipped');
  if (left.length < stored.records.length) {
    const file = path.join(stored.folder, RECORDS_FILE);
    await writeFile(`${file}.new`, left.map((record) => `${JSON.stringify(record)}\n`).join(''));
    await rename(`${file}.new`, file);
  }
  return left;
}

/** Removes a last line that was cut off, so that the next record starts a line of its own. */
export async function dropCutLine(stored: StoredRun): Promise<void> {
  if (stored.cutLine === null) return;
  const file = path.join(stored.folder, RECORDS_FILE);
  const { goodBytes } = parseRecords(await readFile(file, 'utf8'));
  await truncate(file, goodBytes);
}
