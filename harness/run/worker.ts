/** The worker as the harness sees it: a job goes in, a report or an ending without one comes out. */

import path from 'node:path';
import { Misuse } from '../misuse.js';
import { moduleWorkerPath, workerPath } from '../paths.js';
import type { WorkerJob, WorkerReport } from '../types.js';
import { lastLine, runChild, type ChildEnd, type ChildOptions } from './child.js';

export interface WorkerEnd {
  /** null when it printed none, or none that can be read. */
  readonly report: WorkerReport | null;
  readonly child: ChildEnd;
}

/** The last JSON document of stdout, if it is a report. A writer's library may have printed before it. */
export function parseReport(stdout: string): WorkerReport | null {
  for (const text of [stdout, stdout.trimEnd().split('\n').at(-1) ?? '']) {
    try {
      const value = JSON.parse(text) as { readonly outcome?: unknown } | null;
      if (value !== null && (value.outcome === 'done' || value.outcome === 'failed')) return value as WorkerReport;
    } catch {
      // Not JSON: the next candidate, or none.
    }
  }
  return null;
}

/** Of a library or module, to say what it is: far more than any needs. */
const LOAD = { timeoutSeconds: 60 };
/** Of an answer that is none, in a sentence. */
const SHOWN_CHARACTERS = 200;

export type Program = readonly [string, ...string[]];

const nativeWorker = (): Program => [workerPath()];
/** Modules are JavaScript: their worker is this same Node, without anything of the harness. */
const nodeWorker = (): Program => [process.execPath, moduleWorkerPath()];

/** A command line that does something before it becomes the given one. */
export type Through = (argv: Program) => Program;

/** Runs one repetition's worker. */
export async function runWorker(
  job: Omit<WorkerJob, 'spawnedAtNs'>,
  options: ChildOptions,
  through: Through = (argv) => argv,
): Promise<WorkerEnd> {
  const input = (spawnedAtNs: number): string => JSON.stringify({ ...job, spawnedAtNs } satisfies WorkerJob);
  const program = job.subject.kind === 'module' ? nodeWorker() : nativeWorker();
  const child = await runChild(through([...program, 'write']), input, options);
  return { report: parseReport(child.stdout), child };
}

async function ask(
  what: string,
  [program, ...words]: Program,
  command: string,
  question: unknown,
  options: ChildOptions,
): Promise<unknown> {
  const child = await runChild([program, ...words, command], () => JSON.stringify(question), options);
  child.endLeftovers();
  if (child.aborted) throw new Misuse(`${what} was interrupted.`);
  if (child.timedOut) throw new Misuse(`${what} took longer than ${options.timeoutSeconds} s.`);
  const said = lastLine(child.stderr);
  if (child.exitCode !== 0) {
    const why = child.spawnError ?? (said === '' ? 'it said nothing' : said);
    const how = child.signal === null ? `exit code ${String(child.exitCode)}` : `signal ${child.signal}`;
    throw new Misuse(`${what} ended with ${how}: ${why}`);
  }
  try {
    return JSON.parse(child.stdout) as unknown;
  } catch {
    const instead = [lastLine(child.stdout).slice(0, SHOWN_CHARACTERS), said].filter((text) => text !== '');
    throw new Misuse(`${what} gave no JSON document, but ${instead.join('; ') || 'nothing'}.`);
  }
}

/** Asks the worker for something beside a measurement (`facts`, `prepare`, `probe`, …); a failure is a sentence. */
export async function askWorker(command: string, question: unknown, options: ChildOptions): Promise<unknown> {
  return ask(`writeproof-worker ${command}`, nativeWorker(), command, question, options);
}

/** What a library or module says of itself, in a process of its own; a failure is a sentence with its name. */
export async function askCapabilities(kind: 'library' | 'module', file: string): Promise<unknown> {
  const program = kind === 'module' ? nodeWorker() : nativeWorker();
  return ask(`Loading ${kind} ${path.basename(file)}`, program, 'capabilities', { path: file }, LOAD);
}
