/** A case, its facts and the evidence of a repetition in which nothing is wrong. */

import { readMachine } from '../../harness/machine.js';
import { DEFAULT_OPTIONS } from '../../harness/defaults.js';
import type { ChildEnd } from '../../harness/run/child.js';
import type { Evidence } from '../../harness/run/judge.js';
import type {
  Facts,
  FileStamp,
  Measurement,
  Observation,
  Verdict,
  WorkerReport,
  WriteCase,
  WriteRecord,
} from '../../harness/types.js';

export const CASE: WriteCase = {
  id: 'region@1/parquet/stream',
  kind: 'write',
  table: 'region',
  scale: 1,
  writer: 'parquet',
  format: 'parquet',
  variant: 'stream',
  source: 'prepared',
  options: DEFAULT_OPTIONS,
};

export const MACHINE = readMachine('/');

const HASH = '0123456789abcdef0123456789abcdef';

export const FACTS: Facts = {
  table: 'region',
  scale: 1,
  part: { index: 1, count: 1 },
  schema: [{ name: 'r_regionkey', type: 'int64', nullable: false }],
  rows: 1000,
  arrowBytes: 100_000,
  digest: { version: 'wp1', rows: 1000, multiset: HASH, order: HASH, columns: [], blocks: [] },
};

export const FILES: readonly FileStamp[] = [
  { path: 'region.parquet', bytes: 50_000, mtimeNs: '7', ctimeNs: '8', inode: '9' },
];

export const MEASUREMENT: Measurement = {
  rows: 1000,
  arrowBytes: 100_000,
  diskBytes: 50_000,
  returnNs: 1_000_000,
  durableNs: 2_000_000,
  spawnToDurableNs: 9_000_000,
  phasesNs: { create: 1, firstWrite: 2, writes: 3, close: 4, sync: 5 },
  busyNs: { generate: 1, convert: 0, handOver: 2, encode: 3, write: null },
  callNs: { count: 4, p50: 1, p99: 2, max: 3 },
  rss: { beforeBytes: 10, peakBytes: 30, growthBytes: 20 },
  cpuNs: { user: 1, system: 2 },
  io: null,
  pageFaults: { minor: 1, major: 0 },
  contextSwitches: { voluntary: 1, involuntary: 0 },
  allocations: null,
  direct: null,
  unwrittenPages: 0,
  v8: null,
  memoryLimit: null,
  profile: null,
};

export const DONE: Extract<WorkerReport, { readonly outcome: 'done' }> = {
  outcome: 'done',
  begunAtNs: 5_000_000,
  measurement: MEASUREMENT,
  crossed: {
    calls: 4,
    flushes: 0,
    rows: 1000,
    bytes: 100_000,
    handover: 'copy',
    addressesProved: null,
    batchingBy: 'none',
  },
  files: FILES,
  filesAfterClose: FILES,
  writerSays: null,
  capabilities: null,
  warnings: [],
};

export const CHILD: ChildEnd = {
  exitCode: 0,
  signal: null,
  stdout: '',
  stderr: '',
  timedOut: false,
  aborted: false,
  wallNs: 10_000_000,
  spawnedAtNs: 1_000_000,
  spawnError: null,
  endLeftovers: () => undefined,
};

export const OBSERVATION: Observation = {
  findings: [],
  ran: ['F', 'S', 'N', 'M', 'O', 'C', 'Z', 'P', 'X'],
  readers: [
    { reader: 'duckdb', independence: 'different implementation', rows: 1000, ns: 5 },
    { reader: 'hyparquet', independence: 'different implementation', rows: 1000, ns: 6 },
  ],
  metadataRows: 1000,
  rows: 1000,
  multiset: HASH,
  order: HASH,
  digest: FACTS.digest,
  verifyNs: 11,
  notes: [],
};

export const EVIDENCE: Evidence = {
  case: CASE,
  subject: 'library',
  sendsRows: true,
  facts: FACTS,
  worker: { report: DONE, child: CHILD },
  timeoutSeconds: 60,
  place: [],
  filesBeforeVerify: FILES,
  writtenAtLeast: 50_000,
  observation: OBSERVATION,
};

export const VERIFIED: Verdict = {
  status: 'verified',
  rows: 1000,
  digest: { version: 'wp1', multiset: HASH, order: HASH },
  reader: 'duckdb',
  independence: 'different implementation',
  readers: OBSERVATION.readers,
  detectors: ['C', 'E', 'F', 'M', 'N', 'O', 'P', 'R', 'S', 'X', 'Z'],
  verifyNs: 11,
  measurement: MEASUREMENT,
};

export function record(position: number, verdict: Verdict, one: WriteCase = CASE, repetition = 1): WriteRecord {
  return {
    schema: 'writeproof.record.v1',
    run: '2026-01-31T12-30-45Z-quick',
    case: one,
    repetition,
    position,
    startedAt: '2026-01-31T12:30:45.000Z',
    verdict,
    crossed: DONE.crossed,
    writerSays: null,
    libraries: [{ file: 'libwriteproof_parquet.so', sha256: '0'.repeat(64), sourceSha256: null }],
    machine: MACHINE,
    files: [{ path: 'region.parquet', bytes: 50_000 }],
    kept: null,
    notes: [],
    harnessNs: 3,
  };
}
