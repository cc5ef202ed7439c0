/** What any reader found in a whole file, and what is made of it. */

import { Misuse } from '../misuse.js';
import type { Detector, Digest, Finding, Observation, ReaderReport, VerifyJob } from '../types.js';
import { finding } from './finding.js';

export interface Reading {
  readonly rows: number;
  readonly digest: Digest;
  readonly ns: number;
}

/** What the detectors of one format saw. */
export interface Seen extends Pick<Observation, 'findings' | 'ran' | 'readers' | 'metadataRows' | 'notes'> {
  /** By the reader whose word counts; null when none could read. */
  readonly reading: Reading | null;
}

/** Detectors that run on every format, whatever else does. */
export const ALWAYS: readonly Detector[] = ['F', 'S', 'N', 'M', 'O', 'C', 'Z'];

/** Facts and readers must speak of the same digest. */
export function requireVersion(job: VerifyJob, digest: Digest): void {
  if (digest.version === job.facts.digest.version) return;
  throw new Misuse(
    `the facts have digest version ${job.facts.digest.version}, this build computes ${digest.version}: make the facts anew.`,
  );
}

/** Detector X: another reader's digest must equal the facts, whatever the first one said. */
export function otherReaderFindings(job: VerifyJob, reader: string, reading: Reading | string): readonly Finding[] {
  if (typeof reading === 'string')
    return [finding('X', `reading in full by ${reader}`, 'a digest', `failed: ${reading}`)];
  const { digest, rows } = job.facts;
  return [
    ['rows', rows, reading.rows] as const,
    ['digest of whole rows', digest.multiset, reading.digest.multiset] as const,
    ['digest of the order of rows', digest.order, reading.digest.order] as const,
  ]
    .filter(([, expected, actual]) => expected !== actual)
    .map(([what, expected, actual]) => finding('X', `${what} by ${reader}`, expected, actual));
}

/** Readers are named for their implementation; a writer's may name one that it is built from: `parquet-wasm (arrow-rs)`. */
export function independenceOf(job: VerifyJob, reader: string): ReaderReport['independence'] {
  if (job.implementation === undefined) return 'unknown implementation';
  return job.implementation.split(/[ ()]+/).includes(reader) ? 'same implementation' : 'different implementation';
}

export function reportOf(job: VerifyJob, reader: string, { rows, ns }: Reading): ReaderReport {
  return { reader, independence: independenceOf(job, reader), rows, ns };
}
