/** The engine's face in Node: native/build/writeproof.node, built by `npm run setup`. */

import { createRequire } from 'node:module';
import { builtFile } from './paths.js';

/** One column of a batch as plain buffers: int64 and decimal128 have `longs`, int32 and date32 `ints`, utf8 `bytes` and `offsets`. */
export interface ColumnBuffers {
  readonly longs?: BigInt64Array;
  readonly ints?: Int32Array;
  readonly bytes?: Uint8Array;
  /** Rows + 1 of them. */
  readonly offsets?: Int32Array;
  /** One byte a row, 0 for null; absent when no row is null. */
  readonly validity?: Uint8Array;
}

/** Digests rows that JavaScript decoded. */
export interface ColumnDigester {
  push(columns: readonly ColumnBuffers[]): void;
  /** `Digest` as JSON. */
  finish(): string;
}

export interface Addon {
  /** `DuckdbJob` as JSON → `DuckdbReading` as JSON, both of verify/by-duckdb.ts. */
  digestParquetByDuckdb(job: string): Promise<string>;
  dropFromCache(path: string): void;
  /** Share of a file's pages in the page cache, 0 to 1. */
  residentShare(path: string): number;
  /** `schema`: `Field[]` as JSON. */
  readonly ColumnDigester: new (schema: string) => ColumnDigester;
}

let loaded: Addon | undefined;

/** Loads the addon on first use. Throws `Misuse` when it is not built. */
export function addon(): Addon {
  loaded ??= createRequire(import.meta.url)(builtFile('writeproof.node')) as Addon;
  return loaded;
}
