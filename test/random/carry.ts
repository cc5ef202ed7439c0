/** One table through one writer: the real workers, the real verifier and the real judge. */

import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_OPTIONS, SWITCHES } from '../../harness/defaults.js';
import { builtFile } from '../../harness/paths.js';
import { judgeParts } from '../../harness/run/judge-parts.js';
import type { Evidence } from '../../harness/run/judge.js';
import { lookAt, rememberDirectory, type MadeDirectory } from '../../harness/run/stamps.js';
import { runTogether } from '../../harness/run/together.js';
import type { WorkerEnd } from '../../harness/run/worker.js';
import type { Facts, Observation, Verdict, WorkerJob, WriteCase } from '../../harness/types.js';
import { observe } from '../../harness/verify/observe.js';
import type { WriterSpec } from '../../suites/types.js';
import type { Setting } from './settings.js';

const NONCE = 'nonce-of-random-tables';
const TIMEOUT_SECONDS = 60;

/** One part of a table, on its way. */
export interface Cargo {
  readonly preparedPath: string;
  readonly facts: Facts;
}

export interface Load {
  /** Of all parts together. */
  readonly whole: Facts;
  readonly parts: readonly Cargo[];
}

/** `refused`: the writer's sentence. `wrong`: what was written is not what was given. */
export type Arrival = { readonly status: 'verified' } | { readonly status: 'refused' | 'wrong'; readonly why: string };

interface Place {
  readonly cargo: Cargo;
  readonly job: Omit<WorkerJob, 'spawnedAtNs'>;
  readonly made: MadeDirectory;
}

async function placeOf(
  writer: WriterSpec,
  setting: Setting,
  cargo: Cargo,
  part: WorkerJob['part'],
  root: string,
): Promise<Place> {
  const { holder, name, extension } = writer;
  if (holder.kind === 'command') throw new Error(`${name} is a command, which makes rows of its own`);
  const directory = path.join(root, `part-${part.index}`);
  await mkdir(directory);
  const { variant, writerOptions, threads, overlap, flushEvery, emptyBatches, sliceRows } = setting;
  const start = path.join(root, 'start');
  const job: Omit<WorkerJob, 'spawnedAtNs'> = {
    variant,
    writerOptions,
    threads,
    overlap,
    flushEvery,
    emptyBatches,
    sliceRows,
    subject: { kind: holder.kind, path: holder.kind === 'library' ? builtFile(holder.file) : holder.file },
    table: 'described',
    scale: 1,
    part,
    source: 'prepared',
    preparedPath: cargo.preparedPath,
    batchRows: Math.max(1, setting.batchRows),
    switches: SWITCHES[variant],
    directory,
    target: path.join(directory, `table.${extension}`),
    nonce: NONCE,
    ...(part.count > 1 ? { start: { directory: start, workers: part.count } } : {}),
  };
  return { cargo, job, made: await rememberDirectory(directory) };
}

async function evidenceOf(writer: WriterSpec, one: WriteCase, place: Place, worker: WorkerEnd): Promise<Evidence> {
  const { cargo, job, made } = place;
  const { directory, target } = job;
  const report = worker.report?.outcome === 'done' ? worker.report : null;
  // Bytes in Arrow's layout are those of the arrays that were drawn, which the plain facts do not know.
  const facts = { ...cargo.facts, part: job.part, arrowBytes: report?.crossed.bytes ?? 0 };
  const { files, findings, writtenAtLeast } = await lookAt(made, target);
  let observation: Observation | null = null;
  if (report !== null) {
    observation = await observe({
      directory,
      target,
      format: writer.format,
      facts,
      nonce: NONCE,
      files,
      secondReader: true,
      dropCache: false,
      ...(writer.implementation === undefined ? {} : { implementation: writer.implementation }),
    });
  }
  return {
    case: { ...one, options: { ...one.options, part: job.part, parts: 1 } },
    subject: job.subject.kind,
    sendsRows: true,
    facts,
    worker,
    timeoutSeconds: TIMEOUT_SECONDS,
    place: findings,
    filesBeforeVerify: files,
    writtenAtLeast,
    observation,
  };
}

function caseOf(writer: WriterSpec, { variant, parts, flushEvery }: Setting): WriteCase {
  return {
    id: `described@1/${writer.name}/${variant}`,
    kind: 'write',
    table: 'described',
    scale: 1,
    writer: writer.name,
    format: writer.format,
    variant,
    source: 'prepared',
    options: { ...DEFAULT_OPTIONS, flushEvery, parts },
  };
}

function arrivalOf(verdict: Verdict, format: WriterSpec['format']): Arrival {
  if (verdict.status === 'corrupt') {
    return { status: 'wrong', why: JSON.stringify(verdict.findings.slice(0, 3)) };
  }
  if (verdict.status !== 'verified') {
    return {
      status: 'refused',
      why: verdict.status === 'failed' ? `${verdict.step}: ${verdict.reason}` : verdict.reason,
    };
  }
  // Of Lance there is one implementation.
  const expected = format === 'lance' ? 1 : 2;
  const count = verdict.readers.length;
  return count === expected ? { status: 'verified' } : { status: 'wrong', why: `${count} readers` };
}

/** Writes the parts at once, in a new directory, and judges them as a run would. */
export async function carry(writer: WriterSpec, setting: Setting, load: Load, root: string): Promise<Arrival> {
  await mkdir(root);
  try {
    const count = load.parts.length;
    if (count > 1) await mkdir(path.join(root, 'start'));
    const one = caseOf(writer, { ...setting, parts: count });
    const places: Place[] = [];
    for (const [index, cargo] of load.parts.entries()) {
      places.push(await placeOf(writer, setting, cargo, { index: index + 1, count }, root));
    }
    const options = { timeoutSeconds: TIMEOUT_SECONDS, signal: new AbortController().signal };
    const jobs = places.map(({ job }) => job);
    const { ends, failed } = await runTogether(jobs, options);
    const parts: Evidence[] = [];
    for (const [index, place] of places.entries()) {
      const end = ends[index];
      if (end !== undefined && (failed === null || failed === index)) {
        parts.push(await evidenceOf(writer, one, place, end));
      }
    }
    const arrowBytes = parts.reduce((sum, { facts }) => sum + facts.arrowBytes, 0);
    return arrivalOf(judgeParts(one, { ...load.whole, arrowBytes }, parts), writer.format);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
