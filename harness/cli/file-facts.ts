/** Facts that a file or dataset states about itself, read afresh: what `digest` prints and `verify --same-as` expects. */

import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT } from '../exit-code.js';
import { Misuse } from '../misuse.js';
import { runChild } from '../run/child.js';
import { readUnchanged, stampsOf } from '../run/unchanged.js';
import type { Facts, FileStamp } from '../types.js';
import { Damaged, type ContentsJob, type FileContents } from '../verify/file-contents.js';
import type { NamedFormat } from '../verify/format.js';
import { VERSIONS } from '../verify/lance-manifest.js';
import type { ReadingOf } from '../verify/parquet-contents.js';
import { endingOf } from '../verify/verify.js';
import { interruptible } from './interrupt.js';

const PROCESS = fileURLToPath(new URL('../verify/contents-process.js', import.meta.url));
const TIMEOUT_SECONDS = 3600;

const EXPECTED = 'expected a Parquet or Arrow file';

/** Throws the sentence of a path at which no file can be read. */
export function requireFile(file: string): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new Misuse(`${file} does not exist: ${EXPECTED}.`);
  if (stat.isDirectory()) throw new Misuse(`${file} is a folder: ${EXPECTED}, which is one file.`);
  if (!stat.isFile()) throw new Misuse(`${file} is a special file: ${EXPECTED}.`);
  try {
    accessSync(file, constants.R_OK);
  } catch {
    throw new Misuse(`${file} may not be read: ${EXPECTED} with permission to read it.`);
  }
}

/** The same, where a Lance dataset may be too. */
export function requireFileOrDataset(target: string): void {
  if (statSync(target, { throwIfNoEntry: false })?.isDirectory() !== true) {
    requireFile(target);
  } else if (!existsSync(path.join(target, VERSIONS))) {
    throw new Misuse(
      `${target} is a folder: ${EXPECTED}, which is one file, or a Lance dataset, whose folder holds ${VERSIONS}.`,
    );
  }
}

export interface Asked {
  /** Where the caller minds interruptions. */
  readonly signal?: AbortSignal;
  readonly timeoutSeconds?: number;
  /** What the columns of a Parquet file are read as; by its own word where nothing is said. */
  readonly as?: ReadingOf;
}

async function contentsOf(file: string, asked: Asked): Promise<FileContents> {
  const { signal: given, timeoutSeconds = TIMEOUT_SECONDS, as = 'own' } = asked;
  const own = given === undefined ? interruptible() : null;
  const signal = given ?? own?.signal;
  try {
    const job: ContentsJob = { file, as };
    const child = await runChild([process.execPath, PROCESS], () => JSON.stringify(job), { timeoutSeconds, signal });
    child.endLeftovers();
    if (child.aborted) process.exit(EXIT.interrupted);
    if (child.exitCode === 1) throw new Misuse(child.stderr.trim());
    const ending = endingOf(child, timeoutSeconds);
    if (ending?.crashed === true) throw new Damaged(`${file} crashes the process that reads it: ${ending.how}.`);
    if (ending !== null) throw new Misuse(`${file} was not read: ${ending.how}.`);
    const answer = JSON.parse(child.stdout) as FileContents | { readonly damaged: string };
    if ('damaged' in answer) throw new Damaged(answer.damaged);
    return answer;
  } finally {
    own?.release();
  }
}

export interface FileFacts {
  /** The file, or each of a dataset, as it was when they were read. */
  readonly stamps: readonly FileStamp[];
  readonly facts: Facts;
  readonly format: NamedFormat;
}

/** Throws `Changed` for a file that changes meanwhile, `Damaged` for one that cannot be read. */
export async function factsOfFile(file: string, asked: Asked = {}): Promise<FileFacts> {
  requireFileOrDataset(file);
  const stamps = await stampsOf(file);
  const { format, schema, digest, rows } = await readUnchanged(file, stamps, async () => contentsOf(file, asked));
  const arrowBytes = digest.columns.reduce((sum, column) => sum + column.bytes, 0);
  const facts = {
    table: path.basename(file),
    scale: 0,
    part: { index: 1, count: 1 },
    schema,
    rows,
    arrowBytes,
    digest,
  };
  return { facts, format, stamps };
}
