/** Writers that lie, as the field has seen them. Nothing else names a fault: the harness takes what stands here. */

import { ENDINGS } from './endings.js';
import { FILES } from './files.js';
import { ROWS } from './rows.js';
import { SCAN_FAULTS } from './scans.js';
import { SCHEMA } from './schema.js';
import type { FaultSpec, Justified } from './types.js';
import { VALUES } from './values.js';

export const FAULTS: readonly FaultSpec[] = [...ROWS, ...VALUES, ...SCHEMA, ...FILES, ...ENDINGS, ...SCAN_FAULTS];

/** Detectors that other ones always fire beside, or that no format here has input for. */
export const JUSTIFIED: Justified = {
  N: 'says how many rows are missing, which digests do not; the only one that counts where a table has no digest',
  C: 'names the column and what happened to it; the digests of rows say only that they differ',
  F: 'says that a file is of another format or cut, where the readers would only say that they cannot read it',
  B: 'names the extents of raw bytes that are wrong and what stands there, which digests do not; the other formats carry no checksums that their writers fill in',
  K: 'no input here: `writeproof crash` kills, cuts the power and fills the disk',
};

export { faultyCase, faultyName, withFaultyWriters } from './faulty-writer.js';
export type { FaultSpec, Justified } from './types.js';
