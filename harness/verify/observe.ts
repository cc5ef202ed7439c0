/** All detectors on one target, none cut short by another. */

import path from 'node:path';
import { messageOf, Misuse } from '../misuse.js';
import { addon } from '../native.js';
import { changedFiles, stampFile, stampFiles } from '../run/stamps.js';
import type { Detector, FileStamp, Finding, Observation, ReaderReport, VerifyJob } from '../types.js';
import { DUCKDB, readByDuckdb, type DuckdbReading } from './by-duckdb.js';
import { HYPARQUET, readByHyparquet, type HyparquetReading } from './by-hyparquet.js';
import { digestFindings, rowFindings } from './contents.js';
import { finding, noInput } from './finding.js';
import { readFooter, type Footer } from './footer.js';
import { nonceFindings } from './nonce.js';
import { fieldsOf, schemaFindings } from './schema.js';
import { sizeFindings } from './size.js';
import { checkStatistics } from './statistics.js';

const ALWAYS: readonly Detector[] = ['F', 'S', 'N', 'M', 'O', 'C', 'Z', 'P'];

/** Runs one detector; whatever it throws is what it found. */
async function attempt(
  detector: Detector,
  what: string,
  detect: () => Promise<readonly Finding[]> | readonly Finding[],
): Promise<readonly Finding[]> {
  try {
    return await detect();
  } catch (error) {
    if (error instanceof Misuse) throw error;
    return [finding(detector, what, 'a result', `failed: ${messageOf(error)}`)];
  }
}

/** The value, or the sentence with which it failed. */
async function settled<T>(work: Promise<T>): Promise<T | string> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Misuse) throw error;
    return messageOf(error);
  }
}

/** Pages are dropped where the job says so; how much was cached is measured, never assumed. */
function cacheNote(job: VerifyJob): string {
  try {
    if (job.dropCache) addon().dropFromCache(job.target);
    const percent = (addon().residentShare(job.target) * 100).toFixed(1);
    return `${percent} % of the target was in the page cache before reading${job.dropCache ? ', after it was dropped' : ''}`;
  } catch (error) {
    if (error instanceof Misuse) throw error;
    return `how much of the target was in the page cache was not measured: ${messageOf(error)}`;
  }
}

interface Readings {
  readonly duckdb: DuckdbReading | string;
  readonly hyparquet: HyparquetReading | string | null;
}

async function readBoth(job: VerifyJob, footer: Footer): Promise<Readings> {
  const fields = fieldsOf(footer.metadata);
  const [duckdb, hyparquet] = await Promise.all([
    settled(readByDuckdb(job.target, footer.groupRows)),
    job.secondReader ? settled(readByHyparquet(job.target, footer.metadata, fields)) : null,
  ]);
  return { duckdb, hyparquet };
}

/** The second reader's digest must equal the facts, whatever the first one said. */
function secondReaderFindings(job: VerifyJob, reading: HyparquetReading | string): readonly Finding[] {
  if (typeof reading === 'string')
    return [finding('X', `reading in full by ${HYPARQUET}`, 'a digest', `failed: ${reading}`)];
  const { digest, rows } = job.facts;
  return [
    ['rows', rows, reading.rows] as const,
    ['digest of whole rows', digest.multiset, reading.digest.multiset] as const,
    ['digest of the order of rows', digest.order, reading.digest.order] as const,
  ]
    .filter(([, expected, actual]) => expected !== actual)
    .map(([what, expected, actual]) => finding('X', `${what} by ${HYPARQUET}`, expected, actual));
}

const report = (reader: string, reading: { readonly rows: number; readonly ns: number }): ReaderReport => ({
  reader,
  independence: 'different implementation',
  rows: reading.rows,
  ns: reading.ns,
});

async function stampIfThere(directory: string, name: string): Promise<FileStamp | null> {
  try {
    return await stampFile(directory, path.join(directory, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * The files as they are now. A directory made for this run must hold the expected files and no other; without a nonce the
 * file is somebody else's, and what lies beside it is not looked at.
 */
async function stampsNow(job: VerifyJob): Promise<readonly FileStamp[]> {
  if (job.nonce !== null) return stampFiles(job.directory);
  const stamps = await Promise.all(job.files.map(async (file) => stampIfThere(job.directory, file.path)));
  return stamps.filter((stamp) => stamp !== null);
}

function requireUsable(job: VerifyJob): void {
  if (job.format !== 'parquet') throw new Misuse(`format ${job.format} cannot be verified: expected parquet.`);
  if (job.facts.rows <= 0) {
    throw new Misuse(
      `the facts of ${job.facts.table} at scale ${job.facts.scale} hold no rows, so nothing could be proved.`,
    );
  }
}

/** Verifies a target. Throws `Misuse` only: bad data are findings. */
export async function observe(job: VerifyJob): Promise<Observation> {
  const started = process.hrtime.bigint();
  requireUsable(job);
  const findings: Finding[] = [];
  const notes: string[] = [];
  const readers: ReaderReport[] = [];
  const unchanged = async (when: string): Promise<readonly Finding[]> =>
    attempt('Z', `files ${when}`, async () => changedFiles(when, job.files, await stampsNow(job)));

  findings.push(...(await unchanged('between the job and reading')));
  if (!job.files.some((file) => path.join(job.directory, file.path) === path.resolve(job.target))) {
    findings.push(finding('Z', 'target among the files of the job', 'listed', 'not listed'));
  }
  const { footer, findings: format } = await readFooter(job.target).catch((error: unknown) => ({
    footer: null,
    findings: [finding('F', 'format', 'readable bytes', `failed: ${messageOf(error)}`)],
  }));
  findings.push(...format);
  const bytes = job.files.reduce((sum, file) => sum + file.bytes, 0);
  findings.push(...sizeFindings(job.facts, bytes));

  let reading: DuckdbReading | null = null;
  let ran: readonly Detector[] = ALWAYS;
  if (footer === null) {
    const reason = format.map(({ what, actual }) => `${what}: ${actual}`).join('; ');
    findings.push(
      ...noInput(job.secondReader ? ['S', 'N', 'M', 'O', 'C', 'P', 'X'] : ['S', 'N', 'M', 'O', 'C', 'P'], reason),
    );
    if (job.secondReader) ran = [...ALWAYS, 'X'];
  } else {
    findings.push(...(await attempt('S', 'schema', () => schemaFindings(job.facts.schema, fieldsOf(footer.metadata)))));
    findings.push(...nonceFindings(job.nonce, footer.keyValues));
    notes.push(cacheNote(job));
    const { duckdb, hyparquet } = await readBoth(job, footer);
    if (typeof duckdb === 'string') {
      findings.push(finding('X', `reading in full by ${DUCKDB}`, 'a digest', `failed: ${duckdb}`));
      findings.push(...noInput(['N', 'M', 'O', 'C', 'P'], `${DUCKDB} cannot read the target`));
    } else {
      reading = duckdb;
      readers.push(report(DUCKDB, duckdb));
      if (duckdb.digest.version !== job.facts.digest.version) {
        throw new Misuse(
          `the facts have digest version ${job.facts.digest.version}, this build computes ${duckdb.digest.version}: make the facts anew.`,
        );
      }
      findings.push(...rowFindings(job.facts, Number(footer.metadata.num_rows), footer.groupRows, duckdb.rows));
      findings.push(...digestFindings(job.facts, duckdb.digest));
      findings.push(
        ...(await attempt('P', 'statistics', () => {
          const checked = checkStatistics(footer, duckdb.segments);
          notes.push(...checked.notes);
          return checked.findings;
        })),
      );
    }
    if (hyparquet === null) {
      notes.push(`${HYPARQUET} did not read: the job asks for one reader`);
    } else {
      findings.push(...secondReaderFindings(job, hyparquet));
      if (typeof hyparquet !== 'string') readers.push(report(HYPARQUET, hyparquet));
    }
    if (hyparquet !== null || typeof duckdb === 'string') ran = [...ALWAYS, 'X'];
  }
  findings.push(...(await unchanged('while they were read')));
  return {
    findings,
    ran,
    readers,
    metadataRows: footer === null ? null : Number(footer.metadata.num_rows),
    rows: reading?.rows ?? null,
    multiset: reading?.digest.multiset ?? null,
    order: reading?.digest.order ?? null,
    verifyNs: Number(process.hrtime.bigint() - started),
    notes,
  };
}
