/** What a crossing's process is sent and prints; `CrossingJob` and `CrossingReport` of native/engine/src/crossing.rs. */

import type { CrossingMeasurement, Digest, Switches } from '../types.js';

export interface CrossingJob {
  readonly preparedPath: string;
  readonly handover: Switches['handover'];
  /** The loop goes on until its clock has run this long and this many batches have crossed. */
  readonly timeMs: number;
  readonly leastBatches: number;
}

export interface CrossingReport {
  readonly nsPerBatch: CrossingMeasurement['nsPerBatch'];
  readonly batches: number;
  readonly rows: number;
  readonly bytes: number;
  readonly addresses: { readonly buffers: number; readonly equal: number };
  /** Of the whole table as it arrived, before and after the timed crossings. */
  readonly digests: readonly [Digest, Digest];
}
