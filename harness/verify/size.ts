import type { Facts, Finding } from '../types.js';
import { finding } from './finding.js';

/**
 * No codec is asked to do better than 200 to 1. Columns with one value throughout do not count: they compress to nothing.
 * A file below it cannot hold the rows; a file above it may still not.
 */
const SMALLEST_SHARE = 0.005;

/** Fewest bytes that a file of these facts can plausibly have. */
export function smallestBytes(facts: Facts): number {
  const varying = facts.digest.columns.filter((column) => column.nulls > 0 || column.min !== column.max);
  return Math.max(1, Math.ceil(varying.reduce((sum, column) => sum + column.bytes, 0) * SMALLEST_SHARE));
}

export function sizeFindings(facts: Facts, bytes: number): readonly Finding[] {
  const smallest = smallestBytes(facts);
  if (bytes >= smallest) return [];
  return [finding('Z', 'bytes of the target', `at least ${smallest} for ${facts.rows} rows`, bytes)];
}
