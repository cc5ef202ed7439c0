/** The first reader: DuckDB, which shares no code with arrow-rs or with JavaScript writers. */

import { availableParallelism } from 'node:os';
import { addon } from '../native.js';
import type { Digest, Field } from '../types.js';
import { leftOutBy } from './allowances.js';
import { isArrowType } from './arrow-type.js';
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
  readonly firstRow: number;
  readonly segmentRows: readonly number[];
  readonly threads: number;
  readonly columns: readonly { readonly type: string | null; readonly isRead: boolean }[];
}

/** `Reading` of native/engine/reader. A column that is left out is digested as nulls. */
export interface DuckdbReading {
  readonly rows: number;
  readonly digest: Digest;
  readonly segments: readonly Segment[];
  readonly ns: number;
}

export const DUCKDB = 'duckdb';

/**
 * Reads and digests the file on threads of its own, each column as the type of its field, exactly; `firstRow` is its first row's index
 * in the table. Columns that DuckDB cannot carry are left out. Rejects when DuckDB cannot read the file, or a value is not exact.
 */
export async function readByDuckdb(
  file: string,
  segmentRows: readonly number[],
  fields: readonly Field[],
  firstRow = 0,
): Promise<DuckdbReading> {
  const columns = fields.map(({ type }) => ({
    // What has no type of Arrow's is digested as DuckDB delivers it.
    type: isArrowType(type) ? type : null,
    isRead: leftOutBy(DUCKDB, type) === null,
  }));
  const job: DuckdbJob = {
    duckdbLibrary: duckdbLibrary(),
    path: file,
    firstRow,
    segmentRows,
    threads: availableParallelism(),
    columns,
  };
  return JSON.parse(await addon().digestParquetByDuckdb(JSON.stringify(job))) as DuckdbReading;
}
