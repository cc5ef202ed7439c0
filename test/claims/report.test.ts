import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimResults } from '../../harness/claims/results.js';
import { amountText, claimNotes, claimRows, claimSentence, claimsMarkdown } from '../../reports/claims.js';
import type { ClaimSpec } from '../../suites/claims/types.js';
import { FAULTS } from '../../suites/faults/index.js';
import { RUN } from '../records/run-fixture.js';
import { asked, CLAIM, corrupt, LIE, recordOf, REFERENCE, SECONDS, seconds, SUBJECT } from './fixtures.js';

const FIGURE: ClaimSpec = {
  id: 'X2',
  what: 'its time | alone',
  claimed: SECONDS,
  source: 'two seconds',
  measure: { kind: 'figure', metric: 'durable', of: SUBJECT },
  note: 'By hand.',
};
const NONE: ClaimSpec = { ...FIGURE, id: 'X3', what: 'misses', measure: { kind: 'none', reason: 'No counters' } };

const { chosen, plan } = asked(CLAIM, FIGURE, NONE);
const RESULTS = claimResults(
  chosen,
  plan,
  [
    ...seconds(SUBJECT, 0.85, 0.7, 1.05),
    ...seconds(REFERENCE, 1, 1, 1),
    ...[1, 2, 3].map((repetition) => recordOf(LIE, repetition, corrupt({ durableNs: 1e7 }))),
  ],
  FAULTS,
);

test('a table with a row a claim, and a row below it for the lie, struck out and refused', () => {
  assert.deepEqual(
    claimRows(RESULTS, (text) => `[${text}]`).map((cells) => cells.join(' | ')),
    [
      'X1 time that it saves | 10–20 % | 14.6 % | 1.00 | not resolvable (detectable: 52.6 %) | 3',
      '  fault ack-only |  | [99.0 % in 10.0 ms] (refused) |  | corrupt by F N | 3',
      'X2 its time | alone | 2 s | 850.0 ms | 0.42 | no | 3',
      'X3 misses | 2 s | – | – | not measured | –',
    ],
  );
});

test('Markdown strikes out with tildes and keeps its cells', () => {
  const text = claimsMarkdown(RESULTS, RUN);
  assert.match(text, /\| fault ack-only \| {2}\| ~~99\.0 % in 10\.0 ms~~ \(refused\) \|/);
  assert.match(text, /\| X2 its time \\\| alone \| 2 s \| 850\.0 ms \|/);
  assert.match(text, /\n {2}- Fault ack-only \(counts calls .* said ~~1,000 rows in 10\.0 ms~~ \(refused\), /);
  assert.match(text, /\nRun 2026-01-31T12-30-45Z-quick: .* cores, .* seed 7, 1 repetition\.\n$/);
  const widths = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.replaceAll('\\|', '').split('|').length);
  assert.deepEqual(widths, [8, 8, 8, 8, 8, 8]);
});

test('notes name the words that were published, the cases, and of a fault what it said and what was found', () => {
  const [, fault, ...others] = claimNotes(RESULTS, (text) => `[${text}]`);
  assert.match(
    fault ?? '',
    /^ {2}Fault ack-only \(counts .*\) said \[1,000 rows in 10\.0 ms\] \(refused\), the honest writer took 850\.0 ms: F first bytes: .*\. region@1\/faulty-parquet\/zero-copy;fault=ack-only\.$/,
  );
  assert.deepEqual(others, [`X2: “two seconds”. ${SUBJECT}. By hand.`, 'X3: “two seconds”. No counters. By hand.']);
});

test('too few repetitions are named in place of what they can detect', () => {
  const few = RESULTS.map((result) => ({ ...result, detectablePercent: null }));
  assert.equal(claimRows(few, String)[0]?.[4], 'not resolvable (needs 3 repetitions)');
});

test('a sentence counts what holds, and the lies that were refused', () => {
  assert.equal(
    claimSentence(RESULTS),
    '3 claims: 1 does not hold, 1 not resolvable, 1 not measured; 1 of 1 fault refused',
  );
});

test('a lie that was verified is called one', () => {
  const verified = RESULTS.map((result) => ({
    ...result,
    faults: result.faults.map((fault) => ({ ...fault, status: 'verified' as const, refused: null, detectors: [] })),
  }));
  assert.deepEqual(claimRows(verified, String)[1]?.slice(2), ['–', '', 'VERIFIED: the lie was not seen', '']);
});

test('amounts are told in the units of claims', () => {
  assert.deepEqual(
    [
      amountText(77.7, 's'),
      amountText(1500, 'ns'),
      amountText(1.2e9, 'B'),
      amountText(12e6, 'B'),
      amountText(4e3, 'B'),
      amountText(6_001_215, 'rows'),
      amountText(5.7e6, 'rows/s'),
      amountText(-3.21, '%'),
      amountText(2.128, '×'),
    ],
    ['77.70 s', '1.50 µs', '1.20 GB', '12.0 MB', '4.0 kB', '6,001,215 rows', '5.70 M rows/s', '-3.2 %', '2.13×'],
  );
});
