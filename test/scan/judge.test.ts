import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeScan, type ScanEvidence } from '../../harness/scan/judge.js';
import type { CountReport, TimeReport } from '../../harness/scan/report.js';
import { STRATEGIES } from '../../suites/scans/strategies.js';
import { CHILD, FACTS } from '../run/fixtures.js';

const { digest } = FACTS;
const ROWS = digest.rows;

const TIMED: TimeReport = {
  nsPerScan: { mean: 5000, p50: 4900, p99: null, min: 4000, max: 9000 },
  scans: 10,
  digests: [digest, digest],
  rows: [ROWS, ROWS],
  batchCreationNs: 20,
  columnBuildingNs: 3000,
};

const COUNTED: CountReport = {
  counted: {
    rows: ROWS,
    batches: 2,
    ns: 6000,
    firstBatchNs: 3000,
    rowsRead: ROWS + 3,
    deletedRead: 3,
    bytesRead: 500,
    badValues: 0,
    rust: { allocations: 10, bytes: 1000, peakBytes: 900, resultBytes: 800 },
    malloc: { allocations: 14, bytes: 1500, peakBytes: 1300 },
  },
  rssGrowthBytes: 4096,
  digest,
};

const strategy = (name: string): ScanEvidence['strategy'] => {
  const found = STRATEGIES.find((one) => one.name === name);
  assert.ok(found);
  return found.switches;
};

function findings(timed: Partial<TimeReport>, counted: Partial<CountReport>, name = 'full'): readonly string[] {
  const verdict = judgeScan({
    strategy: strategy(name),
    expected: { digest, needed: ROWS + 3 },
    timed: { ...CHILD, stdout: JSON.stringify({ ...TIMED, ...timed }) },
    counted: { ...CHILD, stdout: JSON.stringify({ ...COUNTED, ...counted }) },
    timeoutSeconds: 60,
  });
  return verdict.status === 'corrupt'
    ? verdict.findings.map(({ detector, what, expected, actual }) => `${detector} ${what}: ${expected}, ${actual}`)
    : [verdict.status];
}

const counted = (change: Partial<CountReport['counted']>): Partial<CountReport> => ({
  counted: { ...COUNTED.counted, ...change },
});

test('a scan counts when every one of its results is as the definition has it', () => {
  assert.deepEqual(findings({}, {}), ['verified']);
  const other = { ...digest, multiset: 'f'.repeat(32) };
  assert.match(findings({ digests: [other, digest] }, {})[0] ?? '', /^M digest of the rows before the timed scans/);
  const fewer = { ...digest, rows: ROWS - 1 };
  assert.deepEqual(findings({ digests: [fewer, digest] }, {}), [`N rows before the timed scans: ${ROWS}, ${ROWS - 1}`]);
  assert.match(findings({ digests: [digest, other] }, {})[0] ?? '', /^M digest of the rows of the last timed scan/);
  assert.match(
    findings({}, { digest: { ...digest, order: 'f'.repeat(32) } })[0] ?? '',
    /^O .*of the scan that was counted/,
  );
});

test('one timed scan with a row more or less is enough', () => {
  assert.deepEqual(findings({ rows: [ROWS - 1, ROWS] }, {}), [`N fewest rows of a timed scan: ${ROWS}, ${ROWS - 1}`]);
  assert.deepEqual(findings({ rows: [ROWS, ROWS + 1] }, {}), [`N most rows of a timed scan: ${ROWS}, ${ROWS + 1}`]);
  assert.deepEqual(findings({}, counted({ rows: ROWS - 1 })), [
    `N rows that the counted scan returned: ${ROWS}, ${ROWS - 1}`,
  ]);
  assert.deepEqual(findings({}, counted({ badValues: 2 })), ['N values that could not be read: 0, 2']);
});

test('a scan that is to end early reads what it needs and no more; who collects may read all', () => {
  const more = counted({ rowsRead: 1_000_000 });
  assert.deepEqual(findings({}, more), [
    `R rows read of the store, by a scan that seeks keys and ends early: ${ROWS + 3}, 1000000`,
  ]);
  assert.deepEqual(findings({}, more, 'only-iterate'), ['verified']);
  assert.deepEqual(findings({}, counted({ rowsRead: ROWS - 1 }), 'baseline'), [
    `R rows read of the store: at least those returned, ${ROWS - 1}`,
  ]);
});

test('allocations that were not counted, and times that cannot be, are refused', () => {
  assert.deepEqual(findings({}, counted({ malloc: null })), ['R malloc: counted, not counted']);
  const nsPerScan = { ...TIMED.nsPerScan, mean: CHILD.wallNs };
  assert.match(findings({ nsPerScan }, {})[0] ?? '', /^Z time of 10 scans/);
});

test('what RocksDB allocated is what malloc gave beyond Rust', () => {
  const verdict = judgeScan({
    strategy: strategy('full'),
    expected: { digest, needed: ROWS + 3 },
    timed: { ...CHILD, stdout: JSON.stringify(TIMED) },
    counted: { ...CHILD, stdout: JSON.stringify(COUNTED) },
    timeoutSeconds: 60,
  });
  assert.equal(verdict.status, 'verified');
  assert.deepEqual(verdict.measurement.store, { allocations: 4, bytes: 500, peakBytes: 400 });
  assert.deepEqual(verdict.measurement.rust, { allocations: 10, bytes: 1000, peakBytes: 900 });
});

test('a process that ends otherwise has a verdict without a measurement', () => {
  const evidence: ScanEvidence = {
    strategy: strategy('full'),
    expected: { digest, needed: ROWS },
    timed: { ...CHILD, stdout: JSON.stringify(TIMED) },
    counted: { ...CHILD, stdout: JSON.stringify(COUNTED) },
    timeoutSeconds: 60,
  };
  const ended = (change: Partial<ScanEvidence>): readonly unknown[] => {
    const verdict = judgeScan({ ...evidence, ...change });
    return [verdict.status, 'reason' in verdict ? verdict.reason : ''];
  };
  assert.deepEqual(ended({ timed: { ...CHILD, stdout: '' } }), ['crashed', 'the timed scan ended without a report']);
  assert.deepEqual(ended({ counted: { ...CHILD, stdout: '{}' } }), [
    'crashed',
    'the counted scan ended without a report',
  ]);
  const failed = { ...CHILD, exitCode: 1, stderr: 'no store\n' };
  assert.deepEqual(ended({ timed: failed }), ['failed', 'no store']);
  assert.deepEqual(ended({ counted: { ...CHILD, exitCode: null, signal: 'SIGSEGV' } }), [
    'crashed',
    'the counted scan was ended by SIGSEGV',
  ]);
  assert.deepEqual(ended({ counted: { ...CHILD, timedOut: true } }), ['timeout', 'not done after 60 s']);
});
