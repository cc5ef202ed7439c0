/** Sources ready → fresh directories → workers → verify processes → verdict: for one worker, or for one a part at once. */

import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { WriterSpec } from '../../suites/types.js';
import { bytesText } from '../../reports/format.js';
import { SECOND_READER_ROWS } from '../defaults.js';
import { makeMemoryGroup, type MemoryGroup } from '../limit/memory-group.js';
import { memoryPlaces } from '../limit/places.js';
import { underLimit } from '../limit/under-limit.js';
import { withProfile } from '../profile/with-profile.js';
import { Misuse } from '../misuse.js';
import type { Crossed, FileStamp, Observation, Verdict, WriteCase } from '../types.js';
import type { ChildEnd } from './child.js';
import type { Evidence } from './judge.js';
import { judgeParts } from './judge-parts.js';
import { mergeCrossed } from './merge-reports.js';
import type { Bench, VerifyTarget } from './repetition.js';
import { lookAt } from './stamps.js';
import { sourcesOf, stationsOf, type Station } from './station.js';
import { runTogether } from './together.js';
import type { Program, WorkerEnd } from './worker.js';

export interface Outcome {
  readonly verdict: Verdict;
  readonly crossed: Crossed | null;
  readonly writerSays: unknown;
  readonly files: readonly FileStamp[];
  readonly notes: readonly string[];
  /** Time of the workers and the verifiers, and of making the sources: not the harness's own. */
  readonly othersNs: number;
}

export const unmeasured = (verdict: Verdict): Outcome => ({
  verdict,
  crossed: null,
  writerSays: null,
  files: [],
  notes: [],
  othersNs: 0,
});

/** What became of a worker, and what the verify process saw of its files. */
interface Seen {
  readonly station: Station;
  readonly evidence: Evidence;
  readonly verifyNs: number;
}

type Options = Parameters<VerifyTarget>[1];

const now = (): bigint => process.hrtime.bigint();

/** A target that no reader can judge (a format without one) is not verified; the rest of the run goes on. */
const observed = async (verify: VerifyTarget, ...job: Parameters<VerifyTarget>): ReturnType<VerifyTarget> => {
  try {
    return await verify(...job);
  } catch (error) {
    if (error instanceof Misuse) return { crashed: error.message };
    throw error;
  }
};

/** Looks at what a worker left; nothing is read of one that failed. */
export async function look(
  station: Station,
  worker: WorkerEnd,
  reads: boolean,
  secondReader: boolean,
  bench: Pick<Bench, 'signal' | 'verify'>,
  writer: WriterSpec,
  options: Options,
): Promise<Seen> {
  const { case: one, facts, job, made, subject } = station;
  const { directory, target } = job;
  const { files: filesBeforeVerify, findings: place, writtenAtLeast } = await lookAt(made, target);
  let observation: Observation | { readonly crashed: string } | null = null;
  const beforeVerify = now();
  if (reads && !bench.signal.aborted) {
    observation = await observed(
      bench.verify,
      {
        directory,
        target,
        format: one.format,
        facts,
        // A program that makes the rows itself cannot be told the nonce; its directory was made for this repetition.
        nonce: subject.sendsRows ? job.nonce : null,
        files: filesBeforeVerify,
        secondReader,
        dropCache: one.options.cold,
        ...(writer.implementation === undefined ? {} : { implementation: writer.implementation }),
      },
      options,
    );
  }
  const wallNs = Number(now() - beforeVerify);
  const { timeoutSeconds } = options;
  const { sendsRows } = subject;
  return {
    station,
    evidence: {
      case: one,
      subject: subject.subject.kind,
      sendsRows,
      facts,
      worker,
      timeoutSeconds,
      place,
      filesBeforeVerify,
      writtenAtLeast,
      observation,
    },
    verifyNs: observation !== null && 'verifyNs' in observation ? observation.verifyNs : wallNs,
  };
}

function handoverNotes(crossed: Crossed): readonly string[] {
  return crossed.handover === 'pointer' && crossed.addressesProved === null ? ['handed over by pointer'] : [];
}

function notesOf({ evidence: { observation, worker } }: Seen): readonly string[] {
  const report = worker.report?.outcome === 'done' ? worker.report : null;
  const read = observation !== null && 'notes' in observation ? observation.notes : [];
  return report === null ? read : [...report.warnings, ...read, ...handoverNotes(report.crossed)];
}

/** What is worth knowing of all workers is said once, of one with the part that it wrote. */
function allNotes(seen: readonly Seen[], verdict: Verdict): readonly string[] {
  const of = seen.map((one) => ({ one, notes: notesOf(one) }));
  const unique = [...new Set(of.flatMap(({ notes }) => notes))];
  const said = unique.flatMap((note) => {
    if (of.every(({ notes }) => notes.includes(note))) return [note];
    const those = of.filter(({ notes }) => notes.includes(note));
    return those.map(({ one }) => `part ${one.station.case.options.part.index}: ${note}`);
  });
  const together = verdict.status === 'verified' ? verdict.measurement.workers?.togetherNs : undefined;
  return together === 0 ? [...said, 'the workers did not all run at once'] : said;
}

/** From the first spawn to the last end. */
function wallOf(children: readonly ChildEnd[]): number {
  const ends = children.map(({ spawnedAtNs, wallNs }) => spawnedAtNs + wallNs);
  return Math.max(...ends) - Math.min(...children.map(({ spawnedAtNs }) => spawnedAtNs));
}

/** Measures a case; where it has a limit of memory, in a group that has gone when this returns. */
export async function measure(
  one: WriteCase,
  bench: Bench,
  writer: WriterSpec,
  directory: string,
  nonceOf: (part: number) => string,
): Promise<Outcome> {
  const { memoryLimit } = one.options;
  if (!(memoryLimit > 0)) return measureIn(null, one, bench, writer, directory, nonceOf);
  const group = makeMemoryGroup(memoryLimit, bench.memoryPlaces ?? memoryPlaces());
  if ('refused' in group) {
    return unmeasured({ status: 'skipped', reason: `memory limit ${bytesText(memoryLimit)}: ${group.refused}` });
  }
  try {
    return await measureIn(group, one, bench, writer, directory, nonceOf);
  } finally {
    await group.remove();
  }
}

async function measureIn(
  group: MemoryGroup | null,
  one: WriteCase,
  bench: Bench,
  writer: WriterSpec,
  directory: string,
  nonceOf: (part: number) => string,
): Promise<Outcome> {
  const beforeSources = now();
  const sources = await sourcesOf(one, bench.store);
  const sourcesNs = Number(now() - beforeSources);
  const timeoutSeconds = bench.timeoutSeconds(one);
  const options = { timeoutSeconds, signal: bench.signal };
  const stations = (await stationsOf(sources.each, writer, directory, nonceOf)).map((station) => ({
    ...station,
    job: { ...station.job, ...bench.changes?.(station.job) },
  }));
  const jobs = stations.map(({ job }) => job);
  const started = bench.through ?? ((argv: Program): Program => argv);
  const through = group === null ? started : (argv: Program): Program => group.entering(started(argv));
  const { ends, failed } = await runTogether(jobs, options, through);
  const limit = group?.use();
  await rm(path.join(directory, 'start'), { recursive: true, force: true });
  const secondReader = sources.whole.rows <= (bench.secondReaderRows ?? SECOND_READER_ROWS);
  const seen: Seen[] = [];
  try {
    for (const [index, station] of stations.entries()) {
      const end = ends[index];
      if (end === undefined || (failed !== null && failed !== index)) continue;
      seen.push(await look(station, end, failed === null, secondReader, bench, writer, options));
    }
  } finally {
    for (const { child } of ends) child.endLeftovers();
  }
  const evidence = seen.map((each) => each.evidence);
  const judged = judgeParts(one, sources.whole, evidence);
  const profiled = withProfile(judged, evidence);
  const verdict = limit === undefined ? profiled : underLimit(profiled, limit);
  const reports = evidence.flatMap(({ worker: { report } }) => (report?.outcome === 'done' ? [report] : []));
  const [only] = reports;
  return {
    verdict,
    crossed: mergeCrossed(reports.map(({ crossed }) => crossed)),
    writerSays: stations.length === 1 ? (only?.writerSays ?? null) : reports.map(({ writerSays }) => writerSays),
    files: seen.flatMap(({ station, evidence: { filesBeforeVerify } }) =>
      filesBeforeVerify.map((file) => ({ ...file, path: path.join(station.folder, file.path) })),
    ),
    notes: allNotes(seen, verdict),
    othersNs:
      sourcesNs + wallOf(ends.map(({ child }) => child)) + seen.reduce((sum, { verifyNs }) => sum + verifyNs, 0),
  };
}
