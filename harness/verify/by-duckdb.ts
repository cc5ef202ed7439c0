/** The first reader: DuckDB, which shares no code with arrow-rs or with JavaScript writers. */

import { availableParallelism } from 'node:os';
import { addon } from '../native.js';
import type { Digest } from '../types.js';
import { duckdbLibrary } from './duckdb-library.js';

/** The values of one column of one row group. Numbers, dates and decimals are integers as text: days, and unscaled units. */
export interface ValueRange {
  readonly nulls: number;
  readonly min: string | null;
  readonly max: string | null;
}

export interface Segment {
  readonly rows: number;
  readonly columns: readonly ValueRange[];
}

/** `Job` of native/engine/reader. */
interface DuckdbJob {
  readonly duckdbLibrary: string;
  readonly path: string;
  readonly segmentRows: readonly number[];
  readonly threads: number;
}

/** `Reading` of native/engine/reader. */
export interface DuckdbReading {
  readonly rows: number;
  readonly digest: Digest;
  readonly segments: readonly Segment[];
  readonly ns: number;
}

export const DUCKDB = 'duckdb';

/** Reads and digests the file on threads of its own. Rejects when DuckDB cannot read it. */
export async function readByDuckdb(file: string, segmentRows: readonly number[]): Promise<DuckdbReading> {
  const job: DuckdbJob = { duckdbLibrary: duckdbLibrary(), path: file, segmentRows, threads: availableParallelism() };
  return JSON.parse(await addon().digestParquetByDuckdb(JSON.stringify(job))) as DuckdbReading;
}
