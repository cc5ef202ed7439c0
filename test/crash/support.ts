/** `writeproof crash … --json`, and its document. */

import assert from 'node:assert/strict';
import type { CrashPart, CrashResult } from '../../harness/crash/results.js';
import { writeproof } from '../cli/command.js';
import { freshFolder } from '../fixtures.js';
import { departures } from '../records/schemas.js';

export interface Crashed {
  readonly code: number;
  readonly stderr: string;
  readonly results: readonly CrashResult[];
}

/** Runs it in a new working directory, in which nothing may be left. */
export async function crash(argv: readonly string[]): Promise<Crashed> {
  const { code, stdout, stderr } = await writeproof(freshFolder(), ['crash', ...argv, '--json', '--seed', '3']);
  assert.notEqual(stdout, '', `no document, exit code ${code}: ${stderr}`);
  const document = JSON.parse(stdout) as { readonly results: readonly CrashResult[] };
  assert.deepEqual(departures('writeproof.crash.v1', document), []);
  return { code, stderr, results: document.results };
}

export const partOf = ({ results }: Crashed, part: CrashPart, writer: string): readonly CrashResult[] =>
  results.filter((result) => result.part === part && result.writer === writer);

/** Trials by their outcome, over several results. */
export function outcomesOf(results: readonly CrashResult[]): Readonly<{ [outcome: string]: number }> {
  const all: { [outcome: string]: number } = {};
  for (const { outcomes } of results) {
    for (const [outcome, count] of Object.entries(outcomes)) all[outcome] = (all[outcome] ?? 0) + count;
  }
  return all;
}

export const wrongOf = ({ results }: Crashed): readonly string[] => results.flatMap(({ wrong }) => wrong);
