/** All detectors on one target, none cut short by another. What is the same for every format is here. */

import path from 'node:path';
import { Misuse } from '../misuse.js';
import { changedFiles, stampFile, stampFiles } from '../run/stamps.js';
import type { FileStamp, Format, Finding, Observation, VerifyJob } from '../types.js';
import { observeArrow } from './arrow.js';
import { attempt } from './attempt.js';
import { finding, recordable } from './finding.js';
import { observeLance } from './lance.js';
import { observeParquet } from './parquet.js';
import { observeRaw } from './raw.js';
import type { Seen } from './reading.js';
import { sizeFindings } from './size.js';

const FORMAT_DETECTORS: Readonly<{ [format in Format]: (job: VerifyJob) => Promise<Seen> }> = {
  parquet: observeParquet,
  arrow: observeArrow,
  lance: observeLance,
  raw: observeRaw,
};

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

/** Whether the job's files are what its format makes at the target: one file, or those below a directory. */
function holdsTarget({ directory, target, format, files }: VerifyJob): boolean {
  const [own, paths] = [path.resolve(target), files.map((file) => path.join(directory, file.path))];
  return paths.some((file) => (format === 'lance' ? file.startsWith(own + path.sep) : file === own));
}

/** The detectors of the job's format, where it can be judged. */
function detectorsOf(job: VerifyJob): (job: VerifyJob) => Promise<Seen> {
  if (job.facts.rows <= 0) {
    throw new Misuse(
      `the facts of ${job.facts.table} at scale ${job.facts.scale} hold no rows, so nothing could be proved.`,
    );
  }
  return FORMAT_DETECTORS[job.format];
}

/** Verifies a target. Throws `Misuse` only: bad data are findings. */
export async function observe(job: VerifyJob): Promise<Observation> {
  const started = process.hrtime.bigint();
  const detect = detectorsOf(job);
  const unchanged = async (when: string): Promise<readonly Finding[]> =>
    attempt('Z', `files ${when}`, async () => changedFiles(when, job.files, await stampsNow(job)));

  const findings: Finding[] = [...(await unchanged('between the job and reading'))];
  if (!holdsTarget(job)) {
    findings.push(finding('Z', 'target among the files of the job', 'listed', 'not listed'));
  }
  const { findings: found, reading, ...seen } = await detect(job);
  const bytes = job.files.reduce((sum, file) => sum + file.bytes, 0);
  findings.push(...sizeFindings(job.facts, bytes, reading), ...found, ...(await unchanged('while they were read')));
  return {
    ...seen,
    findings: findings.map((one) => recordable(one, job.directory)),
    rows: reading?.rows ?? null,
    multiset: reading?.digest.multiset ?? null,
    order: reading?.digest.order ?? null,
    digest: reading?.digest ?? null,
    verifyNs: Number(process.hrtime.bigint() - started),
  };
}
