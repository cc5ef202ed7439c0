/** The ends of a scan's processes → verdict. Pure, and it fails closed: a time counts when every scan gave the rows that the definition of the data gives. */

import type { NamedStrategy } from '../../suites/scans/strategies.js';
import type { ChildEnd } from '../run/child.js';
import { endingOf, reportIn } from '../run/ending.js';
import type { Digest, Finding, ScanMeasurement, Verdict } from '../types.js';
import type { CountReport, Expected, TimeReport } from './report.js';

export interface ScanEvidence {
  readonly strategy: NamedStrategy['switches'];
  readonly expected: Expected;
  readonly timed: ChildEnd;
  readonly counted: ChildEnd;
  readonly timeoutSeconds: number;
}

type ScanVerdict = Verdict<ScanMeasurement>;

/** The batches as they stand in the result, by the digest that all tables have; what they must be comes from the definition, not from the store. */
const READER = 'batches of the result';

type Add = (detector: Finding['detector'], what: string, expected: unknown, actual: unknown) => void;

function addDigest(add: Add, when: string, expected: Digest, actual: Digest): void {
  add('N', `rows ${when}`, expected.rows, actual.rows);
  add('M', `digest of the rows ${when}`, expected.multiset, actual.multiset);
  add('O', `digest of their order ${when}`, expected.order, actual.order);
}

function findingsOf(
  { strategy, expected, timed: child }: ScanEvidence,
  timed: TimeReport,
  count: CountReport,
): readonly Finding[] {
  const findings: Finding[] = [];
  const add: Add = (detector, what, wanted, actual) => {
    if (wanted !== actual) findings.push({ detector, what, expected: String(wanted), actual: String(actual) });
  };
  const { digest, needed } = expected;
  const { counted } = count;
  addDigest(add, 'before the timed scans', digest, timed.digests[0]);
  addDigest(add, 'of the last timed scan', digest, timed.digests[1]);
  addDigest(add, 'of the scan that was counted', digest, count.digest);
  add('N', 'fewest rows of a timed scan', digest.rows, timed.rows[0]);
  add('N', 'most rows of a timed scan', digest.rows, timed.rows[1]);
  add('N', 'rows that the counted scan returned', digest.rows, counted.rows);
  add('N', 'values that could not be read', 0, counted.badValues);
  // What the recording store saw: a limit that ends the scan reads what it needs, and whoever collects reads it all.
  if (strategy.iterate && strategy.filterInScan) {
    add('R', 'rows read of the store, by a scan that seeks keys and ends early', needed, counted.rowsRead);
  }
  add(
    'R',
    'rows read of the store',
    'at least those returned',
    counted.rowsRead >= digest.rows ? 'at least those returned' : counted.rowsRead,
  );
  add('R', 'malloc', 'counted', counted.malloc === null ? 'not counted' : 'counted');
  const { mean, p50, min } = timed.nsPerScan;
  const spentNs = mean * timed.scans;
  const plausible = min > 0 && p50 > 0 && timed.scans > 0 && spentNs <= child.wallNs;
  const within = `above 0 and at most the ${child.wallNs} ns that the process lived`;
  add('Z', `time of ${timed.scans} scans`, within, plausible ? within : `${spentNs} ns`);
  return findings;
}

const crashed = (reason: string, exitCode: number | null): ScanVerdict => ({
  status: 'crashed',
  signal: null,
  exitCode,
  reason,
});

export function judgeScan(evidence: ScanEvidence): ScanVerdict {
  const { expected, timed: timedEnd, counted: countedEnd, timeoutSeconds } = evidence;
  const ending =
    endingOf(timedEnd, timeoutSeconds, 'the timed scan', 'scan') ??
    endingOf(countedEnd, timeoutSeconds, 'the counted scan', 'scan');
  if (ending !== null) return ending;
  const timed = reportIn<TimeReport>(
    timedEnd.stdout,
    ({ nsPerScan, digests }) => nsPerScan !== undefined && digests?.length === 2,
  );
  if (timed === null) return crashed('the timed scan ended without a report', timedEnd.exitCode);
  const count = reportIn<CountReport>(
    countedEnd.stdout,
    ({ counted, digest }) => counted !== undefined && digest !== undefined,
  );
  if (count === null) return crashed('the counted scan ended without a report', countedEnd.exitCode);
  const { rows, batches, firstBatchNs, rowsRead, deletedRead, bytesRead, rust, malloc } = count.counted;
  const { resultBytes, ...ownRust } = rust;
  const measurement: ScanMeasurement = {
    nsPerScan: timed.nsPerScan,
    scans: timed.scans,
    rows,
    batches,
    firstBatchNs,
    rowsRead,
    deletedRead,
    bytesRead,
    resultBytes,
    rust: ownRust,
    store: {
      allocations: (malloc?.allocations ?? 0) - rust.allocations,
      bytes: (malloc?.bytes ?? 0) - rust.bytes,
      peakBytes: Math.max(0, (malloc?.peakBytes ?? 0) - rust.peakBytes),
    },
    rssGrowthBytes: count.rssGrowthBytes,
    batchCreationNs: timed.batchCreationNs,
    columnBuildingNs: timed.columnBuildingNs,
  };
  const findings = findingsOf(evidence, timed, count);
  if (findings.length > 0) return { status: 'corrupt', findings, refused: measurement };
  const { version, multiset, order } = expected.digest;
  return {
    status: 'verified',
    rows: expected.digest.rows,
    digest: { version, multiset, order },
    reader: READER,
    independence: 'same implementation',
    readers: [{ reader: READER, independence: 'same implementation', rows: expected.digest.rows, ns: 0 }],
    detectors: ['E', 'M', 'N', 'O', 'R', 'Z'],
    verifyNs: 0,
    measurement,
  };
}
