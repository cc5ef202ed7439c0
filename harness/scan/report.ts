/** What a scan's processes are sent and print. */

import type { Query } from '../../suites/scans/queries.js';
import type { Strategy } from '../../suites/scans/strategies.js';
import type { Allocations, Digest, ScanMeasurement, StoreDefinition } from '../types.js';

export interface BuildJob {
  readonly kind: 'build';
  readonly path: string;
  readonly definition: StoreDefinition;
}

export interface ExpectJob {
  readonly kind: 'expect';
  /** The rows are the same in every encoding. */
  readonly definition: Omit<StoreDefinition, 'encoding'>;
  readonly query: Query;
}

interface ScanJob {
  readonly path: string;
  readonly query: Query;
  readonly strategy: Strategy;
  /** A name of the entity store's faults: the scan is wrong on purpose. */
  readonly fault: string | null;
}

/** Scans go on until the clock has run this long and there are this many of them. */
export interface TimeJob extends ScanJob {
  readonly kind: 'time';
  /** Of the store. */
  readonly columns: number;
  readonly timeMs: number;
  readonly leastScans: number;
}

export interface CountJob extends ScanJob {
  readonly kind: 'count';
}

export type Job = BuildJob | ExpectJob | TimeJob | CountJob;

/** A snapshot goes to Parquet while threads put, delete and overwrite rows. */
export interface FlushJob {
  /** The first file; further copies lie beside it. */
  readonly target: string;
  readonly copies?: number;
  readonly fault?: string;
  readonly load: {
    readonly threads: number;
    readonly seed: number;
    readonly seconds?: number;
    readonly operations?: number;
  };
}

export interface FlushReport {
  /** Number of the snapshot. */
  readonly sequence: number;
  readonly rows: number;
  readonly files: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly rows: number;
    readonly sha256: string;
  }[];
  /** By a plain pass over the snapshot before the first change, and over what is there in the end. */
  readonly digestOfSnapshot: Digest;
  readonly digestAfter: Digest;
  readonly puts: number;
  readonly deletes: number;
  readonly overwrites: number;
}

/** What a query must give, by the definition of the data. */
export interface Expected {
  readonly digest: Digest;
  /** Rows that a scan has to read, deleted ones included, which seeks keys and stops at a limit. */
  readonly needed: number;
}

export interface TimeReport {
  readonly nsPerScan: ScanMeasurement['nsPerScan'];
  readonly scans: number;
  /** Of the batches of a scan before the timed ones, and of the last timed one. */
  readonly digests: readonly [Digest, Digest];
  readonly batchCreationNs: number;
  readonly columnBuildingNs: number;
  /** Rows that a timed scan returned: the fewest and the most. */
  readonly rows: readonly [fewest: number, most: number];
}

/** As the entity store prints it. */
export interface Counted {
  readonly rows: number;
  readonly batches: number;
  readonly ns: number;
  readonly firstBatchNs: number;
  readonly rowsRead: number;
  readonly deletedRead: number;
  readonly bytesRead: number;
  readonly badValues: number;
  readonly rust: Allocations & { readonly resultBytes: number };
  /** Of the scan's thread, Rust's included; null where malloc was not counted. */
  readonly malloc: Allocations | null;
}

export interface CountReport {
  readonly counted: Counted;
  readonly rssGrowthBytes: number;
  readonly digest: Digest;
}
