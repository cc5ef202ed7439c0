import type { Facts, Finding } from '../types.js';
import { finding } from './finding.js';
import type { Reading } from './reading.js';

/**
 * No codec is asked to do better than 200 to 1. Columns with one value throughout do not count: they compress to nothing.
 * A file below it hardly holds the rows; a file above it may still not.
 */
const SMALLEST_SHARE = 0.005;

/** Fewest bytes that a file of these facts can plausibly have. */
export function smallestBytes(facts: Facts): number {
  const varying = facts.digest.columns.filter((column) => column.nulls > 0 || column.min !== column.max);
  return Math.max(1, Math.ceil(varying.reduce((sum, column) => sum + column.bytes, 0) * SMALLEST_SHARE));
}

/** Rows that were read back are there, in however few bytes: the size speaks only where they were not. */
export function sizeFindings(facts: Facts, bytes: number, reading: Reading | null): readonly Finding[] {
  const { rows, digest } = facts;
  const isThere =
    reading?.rows === rows && reading.digest.multiset === digest.multiset && reading.digest.order === digest.order;
  const smallest = smallestBytes(facts);
  if (isThere || bytes >= smallest) return [];
  return [finding('Z', 'bytes of the target', `at least ${smallest} for ${rows} rows`, bytes)];
}
