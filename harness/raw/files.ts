/** Raw bytes to a file at what the device gives, and every one of them proved. */

import { availableParallelism } from 'node:os';
import path from 'node:path';
import { longCall } from './long-call.js';
import type { RawSettings, ValidateOptions, Validation, Watching, WriteFileOptions, WrittenFile } from './types.js';

/** Of options that the caller leaves out. */
export const WRITE_DEFAULTS = {
  dedupRatio: 1,
  compressRatio: 1,
  bufferSize: 8 * 2 ** 20,
  bufferCount: 8,
  roundBuffer: false,
  direct: true,
  ioUring: true,
  preallocate: true,
  threads: Math.max(1, availableParallelism()),
  overwrite: false,
  keepPartial: false,
} as const satisfies Omit<WriteFileOptions, 'size' | 'seed'>;

export const VALIDATE_DEFAULTS = {
  size: null,
  seed: null,
  dedupRatio: null,
  compressRatio: null,
  direct: true,
  bufferSize: 4 * 2 ** 20,
  threads: 2 * Math.max(1, availableParallelism()),
  mostExtents: 8,
} as const satisfies ValidateOptions;

type Wanted = Pick<RawSettings, 'size' | 'seed'> & Partial<WriteFileOptions>;

/**
 * Writes a file of `size` bytes that are made from `seed`, from a fixed pool of buffers, in a process of its own. Under its final name the
 * file is whole and durable, or not there. Rejects with `RawFailure` (a sentence, its kind, the errno), or with the signal's reason.
 */
export async function writeFile(file: string, options: Wanted, watching: Watching = {}): Promise<WrittenFile> {
  const job = { path: path.resolve(file), options: { ...WRITE_DEFAULTS, ...options } };
  return longCall<WrittenFile>('write-file', job, watching);
}

/**
 * Reads a file from the disk and compares every byte with what belongs there. What is wrong is returned; rejects only where the file cannot be
 * read, changes meanwhile, or nobody says what it should hold.
 */
export async function readAndValidate(
  file: string,
  options: Partial<ValidateOptions> = {},
  watching: Watching = {},
): Promise<Validation> {
  const job = { path: path.resolve(file), options: { ...VALIDATE_DEFAULTS, ...options } };
  return longCall<Validation>('read-and-validate', job, watching);
}

export { RawFailure } from './long-call.js';
export { isRight } from './types.js';
export type {
  BadExtent,
  RawSettings,
  ValidateOptions,
  Validation,
  Watching,
  WriteFileOptions,
  WrittenFile,
} from './types.js';
