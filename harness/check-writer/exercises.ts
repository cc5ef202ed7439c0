/** Steps of a library that no case takes, in a worker of their own: abort, a target that is taken, two writers in turn. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SWITCHES } from '../defaults.js';
import { workerPath } from '../paths.js';
import { lastLine, runChild } from '../run/child.js';
import { ensureFacts } from '../run/facts.js';
import { stampFiles } from '../run/stamps.js';
import { resolveSubject } from '../run/subject.js';
import type { Facts, Finding, WorkerJob, WriteCase } from '../types.js';
import { findingLines } from '../verify/finding.js';
import { verifyTarget } from '../verify/verify.js';
import { adviceOn } from './advice.js';
import { note, right, wrong, type Check } from './check.js';
import { inFolder, type Workshop } from './workshop.js';

/** `Exercised` of native/engine. */
interface Exercised {
  readonly failure: readonly [step: string, message: string] | null;
  readonly files: readonly string[];
  readonly complaints: readonly string[];
}

type Trial = 'abort' | 'target-taken' | 'in-turn';

/** Small enough that there are several batches of any table. */
const BATCH_ROWS = 5;
const NONCE = 'of check-writer';

interface Tried {
  readonly workshop: Workshop;
  readonly one: WriteCase;
  readonly facts: Facts;
  readonly directory: string;
  readonly target: string;
}

/** The answer, or how the process ended without one; null when it was interrupted. */
async function exercise(trial: Trial, { workshop, one, directory, target }: Tried): Promise<Exercised | string | null> {
  const resolved = resolveSubject(one, workshop.writer);
  if ('missing' in resolved) return resolved.missing;
  const { threads, part, writer: writerOptions } = one.options;
  const job = (spawnedAtNs: number): WorkerJob => ({
    subject: resolved.subject,
    table: one.table,
    scale: one.scale,
    part,
    source: 'generated',
    preparedPath: null,
    batchRows: BATCH_ROWS,
    threads,
    overlap: false,
    flushEvery: 0,
    variant: one.variant,
    switches: SWITCHES[one.variant],
    writerOptions,
    directory,
    target,
    nonce: NONCE,
    spawnedAtNs,
  });
  const { timeoutSeconds, signal } = workshop;
  const child = await runChild([workerPath(), 'exercise'], (ns) => JSON.stringify({ trial, job: job(ns) }), {
    timeoutSeconds,
    signal,
  });
  child.endLeftovers();
  if (child.aborted) return null;
  if (child.spawnError !== null) throw new Error(`the worker did not start: ${child.spawnError}`);
  if (child.timedOut) return `it did not return within ${timeoutSeconds} s`;
  if (child.signal !== null) return `it ended the process by ${child.signal}`;
  const said = lastLine(child.stderr);
  if (child.exitCode !== 0 || child.stdout === '') {
    return `it ended the process with exit code ${String(child.exitCode)}${said === '' ? '' : `: ${said}`}`;
  }
  return JSON.parse(child.stdout) as Exercised;
}

async function findingsAt({ workshop, one, facts, directory }: Tried, target: string): Promise<readonly Finding[]> {
  const { timeoutSeconds, signal } = workshop;
  const observation = await verifyTarget(
    {
      directory,
      target,
      format: one.format,
      facts,
      nonce: NONCE,
      files: await stampFiles(directory),
      secondReader: true,
      dropCache: false,
    },
    { timeoutSeconds, signal },
  );
  if ('findings' in observation) return observation.findings;
  return [{ detector: 'X', what: 'reading the target', expected: 'a report', actual: observation.crashed }];
}

const ENDED = 'no step may end the process: return an error instead.';

function complaintsOf(check: string, { complaints }: Exercised): Check | null {
  if (complaints.length === 0) return null;
  return wrong(
    check,
    complaints.join('; '),
    'call release of each batch and of its schema once, and end every process, before destroy returns.',
  );
}

function ofAbort(answer: Exercised): Check {
  const check = 'abort after two batches';
  if (answer.failure !== null)
    return wrong(check, answer.failure[1], 'abort must not fail on a writer that was created.');
  if (answer.files.length > 0) {
    return wrong(check, `it left ${answer.files.join(', ')}`, 'remove in abort what was written at the target.');
  }
  return complaintsOf(check, answer) ?? right(check, 'nothing is left at the target');
}

async function ofTakenTarget(answer: Exercised, tried: Tried): Promise<Check> {
  const check = 'a target that is taken';
  if (answer.failure !== null) {
    const [step, message] = answer.failure;
    return note(check, `what was there is refused in ${step}: ${message}`);
  }
  const findings = await findingsAt(tried, tried.target);
  if (findings.length === 0) return note(check, 'what was there is replaced');
  const older = (await readFile(tried.target, 'latin1').catch(() => '')).startsWith('this was here before');
  return wrong(
    check,
    older
      ? 'the new file was written behind what was there, or not at all'
      : findingLines(findings).slice(0, 3).join('\n'),
    'truncate what is at the target, or refuse it.',
  );
}

async function ofTwoInTurn(answer: Exercised, tried: Tried): Promise<Check> {
  const check = 'two writers in turn in one process';
  if (answer.failure !== null) {
    const [step, message] = answer.failure;
    return wrong(check, `in ${step}: ${message}`, 'keep nothing of one writer for the next: no globals.');
  }
  const second = path.join(tried.directory, `second-${path.basename(tried.target)}`);
  for (const target of [tried.target, second]) {
    const findings = await findingsAt(tried, target);
    if (findings.length === 0) continue;
    const which = target === second ? 'second' : 'first';
    const found = `the ${which} file: ${findingLines(findings).slice(0, 3).join('\n')}`;
    return wrong(check, found, adviceOn({ status: 'corrupt', findings, refused: null }));
  }
  return complaintsOf(check, answer) ?? right(check, 'both files are verified');
}

const NAMES: Readonly<{ [trial in Trial]: string }> = {
  abort: 'abort after two batches',
  'target-taken': 'a target that is taken',
  'in-turn': 'two writers in turn in one process',
};

/** Null when it was interrupted: that says nothing of the writer. */
async function checkOf(trial: Trial, tried: Tried): Promise<Check | null> {
  const { signal } = tried.workshop;
  const answer = await exercise(trial, tried);
  if (answer === null) return null;
  if (typeof answer === 'string') return wrong(NAMES[trial], answer, ENDED);
  if (trial === 'abort') return ofAbort(answer);
  const check = await (trial === 'in-turn' ? ofTwoInTurn(answer, tried) : ofTakenTarget(answer, tried));
  return signal.aborted ? null : check;
}

/** All trials of a library; `one` says which table, variant and options. */
export async function checkExercises(workshop: Workshop, one: WriteCase): Promise<readonly Check[]> {
  if (workshop.writer.holder.kind !== 'library') return [];
  const facts = await ensureFacts(one, workshop.store);
  const checks: Check[] = [];
  for (const trial of ['abort', 'target-taken', 'in-turn'] as const) {
    if (workshop.signal.aborted) break;
    const check = await inFolder(workshop, trial, async (directory) => {
      const target = path.join(directory, `${one.table}.${workshop.writer.extension}`);
      return checkOf(trial, { workshop, one, facts, directory, target });
    });
    if (check !== null) checks.push(check);
  }
  return checks;
}
