/** Runs, their records, and what was wrong. Only a verified record has figures: a refused speed cannot be asked for. */

import { problemLines } from '../../summary.js';
import type {
  CrossingMeasurement,
  Finding,
  Measurement,
  Record as RunRecord,
  Run,
  ScanMeasurement,
} from '../../types.js';
import { isCrossing, isScan, isWrite } from '../../types.js';
import { fingerprintOf } from '../../machine-fingerprint.js';
import { seconds, tableSpec, type Cell, type ColumnSpec } from '../table.js';

/** Where a run was found: by itself, or as a side of a gate. */
export interface FoundRun {
  readonly run: Run;
  readonly records: readonly RunRecord[];
  readonly gate: string | null;
  readonly side: string | null;
}

export interface FoundRecord {
  readonly found: FoundRun;
  readonly record: RunRecord;
}

export interface FoundFinding extends FoundRecord {
  /** From 1, of its record. */
  readonly number: number;
  readonly finding: Finding;
}

const OF_A_GATE: readonly [ColumnSpec<FoundRun>, ColumnSpec<FoundRun>] = [
  ['gate', 'VARCHAR', 'id of the gate that it is a side of; null for a run by itself', ({ gate }) => gate],
  ['side', 'VARCHAR', 'base or head of that gate', ({ side }) => side],
];

export const RUNS = tableSpec<FoundRun>('runs', 'one row a run', [
  ['run', 'VARCHAR', 'its id', ({ run }) => run.id],
  ...OF_A_GATE,
  ['suite', 'VARCHAR', 'the suite, or selection', ({ run }) => run.suite],
  ['started_at', 'TIMESTAMP', 'UTC', ({ run }) => run.startedAt],
  ['finished_at', 'TIMESTAMP', 'UTC; null where it did not come to its end', ({ run }) => run.finishedAt],
  ['seed', 'BIGINT', 'what its order was drawn from', ({ run }) => run.seed],
  ['repetitions', 'BIGINT', 'of each case, as planned', ({ run }) => run.repeat],
  ['planned', 'BIGINT', 'repetitions of all cases', ({ run }) => run.order.length],
  ['recorded', 'BIGINT', 'of them', ({ records }) => records.length],
  ['version', 'VARCHAR', 'of writeproof', ({ run }) => run.writeproof.version],
  ['commit', 'VARCHAR', 'of writeproof; null outside a checkout', ({ run }) => run.writeproof.commit],
  ['dirty', 'BOOLEAN', 'it had changes that no commit holds', ({ run }) => run.writeproof.dirty],
  ['machine', 'VARCHAR', 'fingerprint, as in machines', ({ run }) => fingerprintOf(run.machine)],
]);

/** A column of a figure: null unless the record is of a written table, and verified. */
const measured =
  (figure: (measurement: Measurement) => number | null | undefined) =>
  ({ record }: FoundRecord): Cell =>
    isWrite(record) && record.verdict.status === 'verified' ? (figure(record.verdict.measurement) ?? null) : null;

const crossed =
  (figure: (measurement: CrossingMeasurement) => number) =>
  ({ record }: FoundRecord): Cell =>
    isCrossing(record) && record.verdict.status === 'verified' ? figure(record.verdict.measurement) : null;

const scanned =
  (figure: (measurement: ScanMeasurement) => number | null) =>
  ({ record }: FoundRecord): Cell =>
    isScan(record) && record.verdict.status === 'verified' ? figure(record.verdict.measurement) : null;

const written =
  (cell: (one: Extract<RunRecord['case'], { kind: 'write' }>) => Cell) =>
  ({ record }: FoundRecord): Cell =>
    record.case.kind === 'write' ? cell(record.case) : null;

const verified =
  (cell: (verdict: Extract<RunRecord['verdict'], { status: 'verified' }>) => Cell) =>
  ({ record: { verdict } }: FoundRecord): Cell =>
    verdict.status === 'verified' ? cell(verdict) : null;

const reasonOf = ({ record: { verdict } }: FoundRecord): string | null =>
  verdict.status === 'verified' ? null : problemLines(verdict).join('; ');

export const RECORDS = tableSpec<FoundRecord>('records', 'one row a repetition of a case', [
  ['run', 'VARCHAR', 'id of its run', ({ found }) => found.run.id],
  ['gate', 'VARCHAR', 'id of the gate that took it; null for a run by itself', ({ found }) => found.gate],
  ['side', 'VARCHAR', 'base or head of that gate', ({ found }) => found.side],
  ['suite', 'VARCHAR', 'of its run', ({ found }) => found.run.suite],
  ['started_at', 'TIMESTAMP', 'UTC', ({ record }) => record.startedAt],
  ['position', 'BIGINT', 'in the order of its run, from 1', ({ record }) => record.position],
  ['case_id', 'VARCHAR', 'table@scale/writer/variant;options', ({ record }) => record.case.id],
  ['kind', 'VARCHAR', 'write, crossing or scan', ({ record }) => record.case.kind],
  ['table_name', 'VARCHAR', 'the table', ({ record }) => record.case.table],
  ['scale', 'DOUBLE', 'its scale factor', ({ record }) => record.case.scale],
  ['writer', 'VARCHAR', 'null for crossings and scans', written((one) => one.writer)],
  ['format', 'VARCHAR', 'null for crossings and scans', written((one) => one.format)],
  ['variant', 'VARCHAR', 'null for crossings and scans', written((one) => one.variant)],
  ['source', 'VARCHAR', 'prepared or generated batches', ({ record }) => record.case.source],
  ['threads', 'BIGINT', 'encoding threads', ({ record }) => record.case.options.threads],
  [
    'overlap',
    'BOOLEAN',
    'generating, encoding and writing on their own threads',
    ({ record }) => record.case.options.overlap,
  ],
  ['batch_rows', 'BIGINT', 'rows of a batch', ({ record }) => record.case.options.batchRows],
  ['options', 'VARCHAR', 'all options of the case, as JSON', ({ record }) => JSON.stringify(record.case.options)],
  ['repetition', 'BIGINT', 'from 1', ({ record }) => record.repetition],
  [
    'status',
    'VARCHAR',
    'verified, corrupt, failed, crashed, timeout or skipped',
    ({ record }) => record.verdict.status,
  ],
  ['reason', 'VARCHAR', 'why it is not verified; null where it is', reasonOf],
  ['rows', 'BIGINT', 'read back and equal to the facts', verified((verdict) => verdict.rows)],
  ['reader', 'VARCHAR', 'who read them', verified((verdict) => verdict.reader)],
  [
    'independence',
    'VARCHAR',
    'whether the reader is another implementation',
    verified((verdict) => verdict.independence),
  ],
  [
    'durable_seconds',
    'DOUBLE',
    'from before create to after our fsync',
    measured(({ durableNs }) => seconds(durableNs)),
  ],
  ['return_seconds', 'DOUBLE', 'from before create to after close', measured(({ returnNs }) => seconds(returnNs))],
  ['spawn_to_durable_seconds', 'DOUBLE', "from the worker's spawn", measured((m) => seconds(m.spawnToDurableNs))],
  [
    'rows_per_second',
    'DOUBLE',
    'rows ÷ durable_seconds',
    measured((m) => (m.rows > 0 ? (m.rows * 1e9) / m.durableNs : null)),
  ],
  ['arrow_bytes', 'BIGINT', 'bytes of the Arrow data', measured((m) => m.arrowBytes)],
  ['disk_bytes', 'BIGINT', 'bytes of the files', measured((m) => m.diskBytes)],
  ['peak_rss_bytes', 'BIGINT', 'resident memory at its highest', measured((m) => m.rss?.peakBytes)],
  ['rss_growth_bytes', 'BIGINT', 'of which after the source was ready', measured((m) => m.rss?.growthBytes)],
  ['cpu_seconds', 'DOUBLE', 'user and system', measured((m) => seconds(m.cpuNs.user + m.cpuNs.system))],
  ['create_seconds', 'DOUBLE', 'phase create', measured((m) => seconds(m.phasesNs.create))],
  ['writes_seconds', 'DOUBLE', 'phase of the write calls', measured((m) => seconds(m.phasesNs.writes))],
  ['close_seconds', 'DOUBLE', 'phase close', measured((m) => seconds(m.phasesNs.close))],
  ['sync_seconds', 'DOUBLE', 'phase sync, our own fsync', measured((m) => seconds(m.phasesNs.sync))],
  [
    'call_p50_seconds',
    'DOUBLE',
    'median of a write call; null for several workers',
    measured((m) => seconds(m.callNs.p50)),
  ],
  [
    'call_p99_seconds',
    'DOUBLE',
    '99th percentile of a write call; null for several workers',
    measured((m) => seconds(m.callNs.p99)),
  ],
  ['call_max_seconds', 'DOUBLE', 'slowest write call', measured((m) => seconds(m.callNs.max))],
  ['written_bytes', 'BIGINT', 'sent to the disk, as /proc counts it', measured((m) => m.io?.writeBytes)],
  ['write_calls', 'BIGINT', 'as /proc counts them', measured((m) => m.io?.writeCalls)],
  ['page_faults', 'BIGINT', 'minor and major', measured((m) => m.pageFaults.minor + m.pageFaults.major)],
  [
    'batch_seconds',
    'DOUBLE',
    'median of a batch that crosses; null for cases that write',
    crossed((m) => m.nsPerBatch.p50 / 1e9),
  ],
  ['scan_seconds', 'DOUBLE', 'median of a scan; null for other cases', scanned((m) => m.nsPerScan.p50 / 1e9)],
  ['first_batch_seconds', 'DOUBLE', 'until the first batch of a scan', scanned((m) => m.firstBatchNs / 1e9)],
  ['scan_rust_bytes', 'BIGINT', 'allocated in Rust by a scan, its result included', scanned((m) => m.rust.bytes)],
  ['scan_store_bytes', 'BIGINT', 'allocated in RocksDB by a scan', scanned((m) => m.store.bytes)],
  ['scan_rows_read', 'BIGINT', 'rows that a scan read of the store, deleted ones included', scanned((m) => m.rowsRead)],
  ['scan_bytes_read', 'BIGINT', 'bytes of keys and values that a scan read', scanned((m) => m.bytesRead)],
  ['verify_seconds', 'DOUBLE', 'of the verify process', verified((verdict) => seconds(verdict.verifyNs))],
  ['harness_seconds', 'DOUBLE', "the harness's own", ({ record }) => seconds(record.harnessNs)],
  ['version', 'VARCHAR', 'of writeproof', ({ found }) => found.run.writeproof.version],
  ['commit', 'VARCHAR', 'of writeproof; null outside a checkout', ({ found }) => found.run.writeproof.commit],
  ['dirty', 'BOOLEAN', 'it had changes that no commit holds', ({ found }) => found.run.writeproof.dirty],
  ['machine', 'VARCHAR', 'fingerprint, as in machines', ({ record }) => fingerprintOf(record.machine)],
]);

export const FINDINGS = tableSpec<FoundFinding>(
  'findings',
  'one row for each thing that is wrong with a corrupt record; why others are not verified is their reason',
  [
    ['run', 'VARCHAR', 'id of its run', ({ found }) => found.run.id],
    ['gate', 'VARCHAR', 'id of the gate that took it; null for a run by itself', ({ found }) => found.gate],
    ['side', 'VARCHAR', 'base or head of that gate', ({ found }) => found.side],
    ['case_id', 'VARCHAR', 'its case', ({ record }) => record.case.id],
    ['repetition', 'BIGINT', 'from 1', ({ record }) => record.repetition],
    ['number', 'BIGINT', 'of the finding in its record, from 1', ({ number }) => number],
    ['detector', 'VARCHAR', 'letter, as "list detectors" has them', ({ finding }) => finding.detector],
    ['what', 'VARCHAR', 'what is wrong', ({ finding }) => finding.what],
    ['expected', 'VARCHAR', 'what it should be', ({ finding }) => finding.expected],
    ['actual', 'VARCHAR', 'what it is', ({ finding }) => finding.actual],
  ],
);
