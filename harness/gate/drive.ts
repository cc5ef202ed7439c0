/** How a side runs one repetition: in this process with the side's writers, or by the side's own harness. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Misuse } from '../misuse.js';
import type { Step } from '../plan/order.js';
import { parseRecords, RECORDS_FILE } from '../run/records.js';
import { runChild } from '../run/child.js';
import { runRepetition, type Bench } from '../run/repetition.js';
import type { Record as RunRecord, WriteRecord } from '../types.js';

/** Null when it was interrupted. */
export type Drive = (step: Step) => Promise<WriteRecord | null>;

function written(record: RunRecord | null): WriteRecord | null {
  if (record === null || record.case.kind === 'write') return record as WriteRecord | null;
  throw new Error(`${record.case.id} is no case of a writer`);
}

/** This harness, with the writers that the bench has. */
export const byThisHarness =
  (bench: Bench): Drive =>
  async (step) =>
    written(await runRepetition(step, bench));

/** Engine, harness and writers of another checkout: its own command runs the case once, and its record is taken over. */
export const byOwnHarness =
  (root: string, bench: Bench, timeoutSeconds: number): Drive =>
  async ({ position, repetition, case: one }) => {
    const folder = await mkdtemp(path.join(bench.target, 'whole-'));
    const out = path.join(folder, 'out');
    const words = ['run', '--case', one.id, '--repeat', '1', '--quiet'];
    const folders = ['--target', path.join(folder, 'data'), '--out', out];
    const cli = path.join(root, 'harness', 'cli', 'writeproof.mjs');
    const child = await runChild([process.execPath, cli, ...words, ...folders], () => '', {
      timeoutSeconds,
      signal: bench.signal,
    });
    try {
      if (bench.signal.aborted) return null;
      const { records } = parseRecords(await readFile(path.join(out, RECORDS_FILE), 'utf8').catch(() => ''));
      const record = written(records[0] ?? null);
      if (record !== null) return { ...record, run: bench.runId, position, repetition };
      const said = child.stderr.trim().split('\n').at(-1) ?? '';
      throw new Misuse(`${one.id} was not run by the harness of ${path.basename(root)}: ${said}`);
    } finally {
      child.endLeftovers();
      await rm(folder, { recursive: true, force: true });
    }
  };
