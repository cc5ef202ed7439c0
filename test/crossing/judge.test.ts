import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeCrossing, type CrossingEvidence } from '../../harness/crossing/judge.js';
import type { CrossingReport } from '../../harness/crossing/report.js';
import { DEFAULT_OPTIONS } from '../../harness/defaults.js';
import type { CrossingCase } from '../../harness/types.js';
import { CHILD, FACTS } from '../run/fixtures.js';

const POINTER: CrossingCase = {
  id: 'region@1/crossing/pointer;batchRows=100',
  kind: 'crossing',
  table: 'region',
  scale: 1,
  source: 'prepared',
  handover: 'pointer',
  loop: 'native',
  options: { ...DEFAULT_OPTIONS, batchRows: 100 },
};
const COPY: CrossingCase = { ...POINTER, id: 'region@1/crossing/copy;batchRows=100', handover: 'copy' };

const REPORT: CrossingReport = {
  nsPerBatch: { mean: 5000, margin: 10, p50: 4900, p99: 7000, min: 4000, max: 9000 },
  batches: 1000,
  rows: 100,
  bytes: 10_000,
  addresses: { buffers: 3000, equal: 3000 },
  digests: [FACTS.digest, FACTS.digest],
};
const COPIED: CrossingReport = { ...REPORT, addresses: { buffers: 3000, equal: 0 } };

function evidence(one: CrossingCase, report: CrossingReport): CrossingEvidence {
  return { case: one, facts: FACTS, child: { ...CHILD, stdout: JSON.stringify(report) }, timeoutSeconds: 60 };
}

function findings(one: CrossingCase, report: CrossingReport): readonly string[] {
  const verdict = judgeCrossing(evidence(one, report));
  return verdict.status === 'corrupt'
    ? verdict.findings.map(({ detector, expected, actual }) => `${detector} ${expected} ${actual}`)
    : [verdict.status];
}

test('a crossing counts when all rows arrived and every address is as its hand-over says', () => {
  assert.deepEqual([findings(POINTER, REPORT), findings(COPY, COPIED)], [['verified'], ['verified']]);
  const verdict = judgeCrossing(evidence(POINTER, REPORT));
  assert.deepEqual(verdict.status === 'verified' ? verdict.measurement : null, {
    nsPerBatch: REPORT.nsPerBatch,
    batches: 1000,
    rows: 100,
    bytes: 10_000,
    buffers: 3000,
    addressesEqual: 3000,
  });
});

test('one buffer elsewhere is no pointer, and one that stayed is no copy', () => {
  assert.deepEqual(findings(POINTER, { ...REPORT, addresses: { buffers: 3000, equal: 2999 } }), ['R 3000 2999']);
  assert.deepEqual(findings(COPY, { ...REPORT, addresses: { buffers: 3000, equal: 1 } }), ['R 0 1']);
  assert.deepEqual(findings(POINTER, { ...REPORT, addresses: { buffers: 0, equal: 0 } }), ['R at least 1 0']);
});

test('rows that did not arrive, before or after the clock ran, are no crossing', () => {
  const other = 'f'.repeat(32);
  const lost = { ...FACTS.digest, rows: 999, multiset: other, order: other };
  const { multiset } = FACTS.digest;
  const seen = ['N 1000 999', `M ${multiset} ${other}`, `O ${multiset} ${other}`];
  assert.deepEqual(findings(POINTER, { ...REPORT, digests: [lost, FACTS.digest] }), seen);
  assert.deepEqual(findings(POINTER, { ...REPORT, digests: [FACTS.digest, lost] }), seen);
});

test('times that cannot be and batches of another size are refused', () => {
  const slow = { ...REPORT.nsPerBatch, mean: CHILD.wallNs };
  assert.match(findings(POINTER, { ...REPORT, nsPerBatch: slow })[0] ?? '', /^Z above 0 and at most/);
  assert.match(findings(POINTER, { ...REPORT, nsPerBatch: { ...REPORT.nsPerBatch, p50: 0 } })[0] ?? '', /^Z above 0/);
  assert.deepEqual(findings(POINTER, { ...REPORT, rows: 50 }), ['Z 100 50']);
});

test('a loop that ends otherwise has a verdict without a measurement', () => {
  const ended = (change: object): string => {
    const good = evidence(POINTER, REPORT);
    return judgeCrossing({ ...good, child: { ...good.child, ...change } }).status;
  };
  assert.deepEqual(
    [
      { signal: 'SIGSEGV' },
      { exitCode: 1, stderr: 'no' },
      { timedOut: true },
      { spawnError: 'gone' },
      { stdout: '{}' },
    ].map(ended),
    ['crashed', 'failed', 'timeout', 'crashed', 'crashed'],
  );
});
