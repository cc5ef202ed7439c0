/** A fault with the traces that it must leave in the verdict. */

import assert from 'node:assert/strict';
import type { Detector, Record as RunRecord } from '../harness/types.js';
import { complaints, findingsOf, fired } from './fixtures.js';

export interface Lie {
  readonly fault: string;
  /** `table@scale`. */
  readonly table: string;
  /** Options of the case beside the fault, in the order of its id. */
  readonly options?: string;
  /** All detectors that fire, no more and no fewer; or those that must, where chance decides about others. */
  readonly fired: string;
  readonly orMore?: true;
  /** A finding that names what went wrong: its detector and text. */
  readonly what: readonly [Detector, RegExp];
}

/** The case's id; its own options stand in the order of the alphabet, behind those of every case. */
export function idOf(writer: string, variant: string, { fault, table, options = '' }: Lie): string {
  const own = [...options.split(';').filter((option) => option !== ''), `fault=${fault}`];
  const common = own.filter((option) => option.startsWith('flushEvery='));
  const rest = own.filter((option) => !common.includes(option)).sort();
  return [`${table}/${writer}/${variant}`, ...common, ...rest].join(';');
}

/** The record is corrupt for the stated reasons, and has no measurement; its writer said that all rows are there. */
export function assertCaught(record: RunRecord, lie: Lie): void {
  assert.equal(record.verdict.status, 'corrupt', complaints([record]));
  const seen = fired(record).filter((detector) => lie.orMore !== true || lie.fired.includes(detector));
  assert.equal(seen.join(''), lie.fired, complaints([record]));
  const [detector, pattern] = lie.what;
  const texts = findingsOf(record)
    .filter((finding) => finding.detector === detector)
    .map(({ what, expected, actual }) => `${what}, expected ${expected}, found ${actual}`);
  assert.match(texts.find((text) => pattern.test(text)) ?? texts.join('\n'), pattern);
  assert.deepEqual(Object.keys(record.verdict).sort(), ['findings', 'refused', 'status']);
}
