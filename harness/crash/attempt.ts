/** One worker on one case in a folder of its own, and what the verify process says of what stands there afterwards. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { Misuse } from '../misuse.js';
import { observationFindings } from '../run/judge.js';
import { look } from '../run/measure.js';
import type { Bench } from '../run/repetition.js';
import { stampFiles } from '../run/stamps.js';
import { sourcesOf, stationsOf, type Sources, type Station } from '../run/station.js';
import type { WorkerEnd } from '../run/worker.js';
import { judge } from '../run/judge.js';
import type { Facts, Finding, Observation, Verdict, WriteCase } from '../types.js';
import type { WriterSpec } from '../../suites/types.js';

/** A case that trials are made of. */
export interface Subject {
  readonly case: WriteCase;
  readonly writer: WriterSpec;
  readonly sources: Sources;
  readonly bench: Bench;
}

export async function subjectOf(one: WriteCase, writer: WriterSpec, bench: Bench): Promise<Subject> {
  return { case: one, writer, sources: await sourcesOf(one, bench.store), bench };
}

const nonceOf = (run: string, trial: string): string =>
  createHash('sha256').update(`${run}:${trial}`).digest('hex').slice(0, 32);

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A fresh folder for a trial, which is durable: what a writer makes durable is in it. */
export async function stationIn(parent: string, trial: string, subject: Subject): Promise<Station> {
  const directory = path.join(parent, trial);
  await mkdir(directory);
  await syncFolder(parent);
  const { sources, writer, bench } = subject;
  const [station] = await stationsOf(sources.each, writer, directory, () => nonceOf(bench.nonce, trial));
  if (station === undefined) throw new Error('a case without a worker');
  return station;
}

/** The verdict as any run gives it. */
export async function verdictOf(station: Station, worker: WorkerEnd, subject: Subject): Promise<Verdict> {
  const { case: one, writer, bench } = subject;
  const options = { timeoutSeconds: bench.timeoutSeconds(one), signal: bench.signal };
  const done = worker.report?.outcome === 'done';
  const { evidence } = await look(station, worker, done, true, bench, writer, options);
  return judge(evidence);
}

/** What the verify process says of the target of a writer that was ended: nothing is wrong with it, or what is. */
export async function findingsAt(
  station: Station,
  directory: string,
  facts: Facts,
  { bench, writer, case: one }: Subject,
): Promise<readonly Finding[]> {
  const { job, subject } = station;
  let observation: Observation | { readonly crashed: string };
  try {
    observation = await bench.verify(
      {
        directory,
        target: path.join(directory, path.relative(job.directory, job.target)),
        format: one.format,
        facts,
        nonce: subject.sendsRows ? job.nonce : null,
        files: await stampFiles(directory),
        secondReader: true,
        dropCache: false,
        interrupted: true,
        ...(writer.implementation === undefined ? {} : { implementation: writer.implementation }),
      },
      { timeoutSeconds: bench.timeoutSeconds(one), signal: bench.signal },
    );
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    observation = { crashed: error.message };
  }
  return observationFindings(facts, observation);
}

/** What stands at a target after the worst: nothing, an older version whole, all of it, or what the verifier refuses. */
export type Remains =
  | { readonly is: 'no dataset' }
  | { readonly is: 'previous version whole'; readonly version: number }
  | { readonly is: 'new whole' }
  | { readonly is: 'half, refused'; readonly findings: readonly Finding[] };

/** A dataset of versions is one from its first manifest on. */
async function hasDataset(target: string, format: WriteCase['format']): Promise<boolean> {
  if (!existsSync(target)) return false;
  if (format !== 'lance') return true;
  const versions = path.join(target, '_versions');
  if (!existsSync(versions)) return false;
  return (await readdir(versions)).some((name) => name.endsWith('.manifest'));
}

/**
 * The verifier is asked whatever stands there: for the whole first, then for each version that there may have been, latest first.
 * `verify` is its word on a target against given facts.
 */
export async function remainsOf(
  target: string,
  format: WriteCase['format'],
  whole: Facts,
  versions: readonly Facts[],
  verify: (facts: Facts) => Promise<readonly Finding[]>,
): Promise<Remains> {
  const there = await hasDataset(target, format);
  if (!existsSync(target)) return { is: 'no dataset' };
  const findings = await verify(whole);
  if (findings.length === 0) return { is: 'new whole' };
  const rows = findings.find(({ detector, what }) => detector === 'N' && what.includes('by reading'))?.actual;
  for (const [index, facts] of versions.entries()) {
    // Only the version of as many rows can be it.
    if (there && String(facts.rows) === rows && (await verify(facts)).length === 0) {
      return { is: 'previous version whole', version: index + 1 };
    }
  }
  return there ? { is: 'half, refused', findings } : { is: 'no dataset' };
}
