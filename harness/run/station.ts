/** Where a worker is put to work: its source, its fresh directory and its job. */

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { WriterSpec } from '../../suites/types.js';
import { SWITCHES } from '../defaults.js';
import { Misuse } from '../misuse.js';
import { partCases } from '../plan/parts.js';
import type { Facts, WorkerJob, WriteCase } from '../types.js';
import { ensureFacts, ensurePrepared, type Store } from './facts.js';
import { rememberDirectory, type MadeDirectory } from './stamps.js';
import { resolveSubject, type ResolvedSubject } from './subject.js';

export type Job = Omit<WorkerJob, 'spawnedAtNs'>;

/** Rows of one worker. */
interface Source {
  readonly case: WriteCase;
  readonly facts: Facts;
  readonly preparedPath: string | null;
}

export interface Station {
  /** The case of this worker alone. */
  readonly case: WriteCase;
  readonly facts: Facts;
  readonly subject: ResolvedSubject;
  readonly made: MadeDirectory;
  readonly job: Job;
  /** Its directory as seen from the case's; empty where it is the case's own. */
  readonly folder: string;
}

/** The rows of each worker of a case, and what they are together. */
export interface Sources {
  readonly whole: Facts;
  readonly each: readonly Source[];
}

export async function sourcesOf(one: WriteCase, store: Store): Promise<Sources> {
  const each: Source[] = [];
  const inUse = new Set<string>();
  for (const part of partCases(one)) {
    if (part.source === 'prepared') {
      const { facts, path: preparedPath } = await ensurePrepared(part, store, inUse);
      inUse.add(path.basename(preparedPath));
      each.push({ case: part, facts, preparedPath });
    } else {
      each.push({ case: part, facts: await ensureFacts(part, store), preparedPath: null });
    }
  }
  const [only, ...others] = each;
  return { whole: only !== undefined && others.length === 0 ? only.facts : await ensureFacts(one, store), each };
}

function jobOf(
  { case: one, preparedPath }: Source,
  subject: ResolvedSubject,
  directory: string,
  extension: string,
  nonce: string,
): Job {
  const { batchRows, threads, overlap, flushEvery, part, emptyBatches, profile, writer } = one.options;
  return {
    subject: subject.subject,
    table: one.table,
    scale: one.scale,
    part,
    source: one.source,
    preparedPath,
    batchRows,
    threads,
    overlap,
    flushEvery,
    ...(emptyBatches ? { emptyBatches } : {}),
    profile,
    variant: one.variant,
    switches: SWITCHES[one.variant],
    writerOptions: writer,
    directory,
    target: path.join(directory, `${path.parse(one.table.replace(/^file:/, '')).name}.${extension}`),
    nonce,
  };
}

/**
 * A station for each source, in the case's directory: the directory itself for one worker, else a folder for each part and one in
 * which they wait for each other. `nonceOf` is asked for each part's.
 */
export async function stationsOf(
  sources: readonly Source[],
  writer: WriterSpec,
  directory: string,
  nonceOf: (part: number) => string,
): Promise<readonly Station[]> {
  const alone = sources.length === 1;
  const start = { directory: path.join(directory, 'start'), workers: sources.length };
  if (!alone) await mkdir(start.directory);
  const stations: Station[] = [];
  for (const source of sources) {
    const subject = resolveSubject(source.case, writer);
    if ('missing' in subject) throw new Misuse(subject.missing);
    const { index } = source.case.options.part;
    const folder = alone ? '' : `part-${index}`;
    const own = path.join(directory, folder);
    if (!alone) await mkdir(own);
    const job = jobOf(source, subject, own, writer.extension, nonceOf(index));
    const made = await rememberDirectory(own);
    stations.push({ ...source, subject, made, folder, job: alone ? job : { ...job, start } });
  }
  return stations;
}
