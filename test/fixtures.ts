/** Runs through the ordinary command, worker and verify process, and what the tests ask about them. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PACKAGE_ROOT } from '../harness/paths.js';
import { interleave } from '../harness/plan/order.js';
import { probeFolder, whyNotDirect } from '../harness/run/direct-support.js';
import type { Case, Detector, Finding, Record as RunRecord, Run, Status } from '../harness/types.js';
import { writeproof } from './cli/command.js';
import { compile, freshDirectory, sourceDirectory } from './writers/build.js';

/** Above anything that a slow machine needs; what hangs is ended by the tests' own time limit. */
export const PATIENCE_MS = 120_000;

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder, removed when the process ends, however its tests went. */
export function freshFolder(parent = tmpdir()): string {
  const folder = mkdtempSync(path.join(parent, 'writeproof-test-'));
  folders.push(folder);
  return folder;
}

/** A new folder on a disk with O_DIRECT, and why there is none: temporary folders may lie in memory. */
export async function folderForDirect(): Promise<{ readonly folder: string; readonly noDirect: string | null }> {
  const [temporary, ownDisk] = [tmpdir(), path.join(PACKAGE_ROOT, 'dist')];
  const reason = async (folder: string): Promise<string | null> =>
    whyNotDirect(await probeFolder(folder, { timeoutSeconds: 60 }));
  const noDirect = await reason(temporary);
  if (noDirect === null) return { folder: freshFolder(temporary), noDirect };
  return { folder: freshFolder(ownDisk), noDirect: await reason(ownDisk) };
}

/** The first seed under which one of the honest cases comes last, so that it runs after every misbehaviour. */
export function seedEndingWith(honest: readonly string[], ids: readonly string[]): number {
  const cases = ids.map((id) => ({ id }) as Case);
  return Array.from({ length: 10_000 }, (_, seed) => seed).findIndex((seed) =>
    honest.includes(interleave(cases, 1, seed).at(-1)?.case.id ?? ''),
  );
}

export interface RunDocument {
  readonly code: number;
  readonly stderr: string;
  readonly run: Run;
  readonly records: readonly RunRecord[];
  /** The document as it was printed. */
  readonly printed: unknown;
  /** Where its records went. */
  readonly out: string;
}

/** `writeproof run … --json` in a new working directory, or in one that is given. */
export async function runCases(argv: readonly string[], folder = freshFolder()): Promise<RunDocument> {
  const out = path.join(mkdtempSync(path.join(folder, 'out-')), 'run');
  const { code, stdout, stderr } = await writeproof(folder, ['run', ...argv, '--out', out, '--json']);
  assert.notEqual(stdout, '', `no document, exit code ${code}: ${stderr}`);
  const printed = JSON.parse(stdout) as { readonly run: Run; readonly results: readonly RunRecord[] };
  return { code, stderr, run: printed.run, records: printed.results, printed, out };
}

/** `--case` for each id. */
export const casesOf = (ids: readonly string[]): readonly string[] => ids.flatMap((id) => ['--case', id]);

/** The record of a case; there must be exactly one. */
export function recordOf(records: readonly RunRecord[], id: string): RunRecord {
  const [found, ...more] = records.filter((record) => record.case.id === id);
  assert.ok(found !== undefined && more.length === 0, `one record of ${id} among ${records.length}`);
  return found;
}

export const statuses = (records: readonly RunRecord[]): readonly Status[] =>
  records.map((record) => record.verdict.status);

export function findingsOf({ verdict }: RunRecord): readonly Finding[] {
  return verdict.status === 'corrupt' ? verdict.findings : [];
}

/** Detectors that fired, each once, in order of the alphabet. */
export function fired(record: RunRecord): readonly Detector[] {
  return [...new Set(findingsOf(record).map(({ detector }) => detector))].sort();
}

/** What the verdicts that are not verified say, for a failing assertion's message. */
export function complaints(records: readonly RunRecord[]): string {
  return records
    .filter(({ verdict }) => verdict.status !== 'verified')
    .map((record) => `${record.case.id}: ${JSON.stringify(record.verdict).slice(0, 600)}`)
    .join('\n');
}

let misbehaving: string | null = null;

/**
 * test/writers/counting_writer.c, which misbehaves on demand, as a writer that says Parquet: text is under the name of a
 * Parquet file then, and the verify process has something to judge.
 */
export function misbehavingWriter(): string {
  if (misbehaving === null) {
    const folder = freshDirectory();
    const source = readFileSync(path.join(sourceDirectory, 'counting_writer.c'), 'utf8');
    const changed = source.replace(
      '\\"format\\": \\"raw\\", \\"extension\\": \\"txt\\"',
      '\\"format\\": \\"parquet\\", \\"extension\\": \\"parquet\\"',
    );
    assert.notEqual(changed, source, 'counting_writer.c declares its format in other words than these tests know');
    const file = path.join(folder, 'misbehaving.c');
    writeFileSync(file, changed);
    misbehaving = path.join(folder, 'libmisbehaving.so');
    compile('c', ['-pthread', '-shared', '-fPIC', '-o', misbehaving, file]);
  }
  return misbehaving;
}

/** A command that is under way. */
export interface Started {
  readonly signal: (name: NodeJS.Signals) => void;
  /** All of standard error so far. */
  readonly stderr: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string }>;
  /** Command lines of the live processes that it started, itself included. */
  readonly processes: () => readonly string[];
}

/** Environment variable by which descendants are known, whatever group or session they are in. */
const MARK = 'WRITEPROOF_TEST_MARK';

function markedProcesses(mark: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        if (!environment.split('\0').includes(`${MARK}=${mark}`)) return [];
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()];
      } catch {
        // Ended meanwhile, or somebody else's.
        return [];
      }
    });
}

/** Starts `writeproof …` and does not wait for it. */
export function start(folder: string, argv: readonly string[]): Started {
  const mark = randomUUID();
  const program = path.join(PACKAGE_ROOT, 'harness', 'cli', 'writeproof.mjs');
  const child = spawn(process.execPath, [program, ...argv], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', [MARK]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return {
    signal: (name) => child.kill(name),
    stderr: () => stderr,
    ended: new Promise((resolve) => {
      child.once('close', (code) => {
        resolve({ code, stdout });
      });
    }),
    processes: () => markedProcesses(mark),
  };
}

/** Waits until it holds; throws what was awaited when it does not. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited ${PATIENCE_MS / 1000} s in vain for ${what}`);
    await sleep(20);
  }
}
