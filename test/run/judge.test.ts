import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, type Evidence } from '../../harness/run/judge.js';
import type { Crossed, DirectProof, Measurement, Observation, Verdict, WorkerReport } from '../../harness/types.js';
import { CASE, CHILD, DONE, EVIDENCE, FACTS, FILES, MEASUREMENT, OBSERVATION, VERIFIED } from './fixtures.js';

type Done = Extract<WorkerReport, { readonly outcome: 'done' }>;

const withReport = (change: Partial<Done>): Evidence => ({
  ...EVIDENCE,
  worker: { child: CHILD, report: { ...DONE, ...change } },
});
const withCrossed = (change: Partial<Crossed>): Evidence => withReport({ crossed: { ...DONE.crossed, ...change } });
const withMeasurement = (change: Partial<Measurement>): Evidence =>
  withReport({ measurement: { ...MEASUREMENT, ...change } });
const withObservation = (change: Partial<Observation>): Evidence => ({
  ...EVIDENCE,
  observation: { ...OBSERVATION, ...change },
});

/** `detector what` of each finding, or the status when there is none. */
function findings(verdict: Verdict): readonly string[] {
  return verdict.status === 'corrupt'
    ? verdict.findings.map(({ detector, what }) => `${detector} ${what}`)
    : [verdict.status];
}

test('evidence in which nothing is wrong is verified, and holds the measurement', () => {
  assert.deepEqual(judge(EVIDENCE), VERIFIED);
});

test('a worker that ends without a report crashed, however it ended', () => {
  const ended = (child: Partial<typeof CHILD>): Verdict =>
    judge({ ...EVIDENCE, worker: { report: null, child: { ...CHILD, ...child } } });
  assert.deepEqual(ended({ exitCode: null, signal: 'SIGSEGV', stderr: 'a\nlast words\n' }), {
    status: 'crashed',
    signal: 'SIGSEGV',
    exitCode: null,
    reason: 'the worker was ended by SIGSEGV: last words',
  });
  assert.deepEqual(ended({ exitCode: 3 }), {
    status: 'crashed',
    signal: null,
    exitCode: 3,
    reason: 'the worker ended with exit code 3 and no report',
  });
  assert.deepEqual(ended({ exitCode: 0 }).status, 'crashed');
  assert.deepEqual(ended({ exitCode: null, spawnError: 'ENOENT' }), {
    status: 'crashed',
    signal: null,
    exitCode: null,
    reason: 'the worker did not start: ENOENT',
  });
  assert.deepEqual(ended({ exitCode: null, signal: 'SIGTERM', timedOut: true }), {
    status: 'timeout',
    afterSeconds: 60,
    reason: 'not done after 60 s, its process group was ended',
  });
});

test('a report of done does not help a worker that then dies', () => {
  const child = { ...CHILD, exitCode: null, signal: 'SIGABRT' as const };
  assert.equal(judge({ ...EVIDENCE, worker: { report: DONE, child } }).status, 'crashed');
  const exited = judge({ ...EVIDENCE, worker: { report: DONE, child: { ...CHILD, exitCode: 2 } } });
  assert.deepEqual(findings(exited), ['E exit code of the worker after its report']);
});

test('a failure keeps its step, errno and sentence', () => {
  const report: WorkerReport = {
    outcome: 'failed',
    step: 'write',
    errno: 28,
    errnoName: 'ENOSPC',
    message: 'No space left on device at offset 4096',
    removed: true,
  };
  assert.deepEqual(judge({ ...EVIDENCE, worker: { report, child: { ...CHILD, exitCode: 1 } }, observation: null }), {
    status: 'failed',
    step: 'write',
    errno: 28,
    errnoName: 'ENOSPC',
    reason: 'No space left on device at offset 4096',
  });
});

test('a command that a signal ended crashed, though the worker lived to tell', () => {
  const report: WorkerReport = {
    outcome: 'failed',
    step: 'command',
    errno: null,
    errnoName: null,
    message: 'command `sh` was ended by SIGSEGV; it wrote nothing to stderr',
    removed: true,
  };
  const evidence = { ...EVIDENCE, worker: { report, child: { ...CHILD, exitCode: 1 } }, observation: null };
  const verdict = judge(evidence);
  assert.deepEqual([verdict.status, verdict.status === 'crashed' ? verdict.signal : null], ['crashed', 'SIGSEGV']);
  const told = { ...report, message: 'command `sh` exited with status 3; its stderr ends: was killed' };
  assert.equal(judge({ ...evidence, worker: { ...evidence.worker, report: told } }).status, 'failed');
});

test('what crossed must be what the facts say, in the way that was asked for', () => {
  assert.deepEqual(findings(judge(withCrossed({ calls: 0, rows: 0 }))), ['R write calls', 'Z rows and calls measured']);
  assert.deepEqual(findings(judge(withCrossed({ handover: 'pointer' }))), ['R hand-over']);
  const pointer = { ...withCrossed({ handover: 'pointer', addressesProved: false }) };
  assert.deepEqual(findings(judge({ ...pointer, case: { ...CASE, variant: 'zero-copy' } })), [
    'R addresses that the writer encoded from',
  ]);
});

test('a source that hands over something else than the facts say is our failure, not the writer’s', () => {
  const ended = (evidence: Evidence): readonly unknown[] => {
    const verdict = judge(evidence);
    return [verdict.status, verdict.status === 'failed' ? verdict.step : null];
  };
  assert.deepEqual(ended(withCrossed({ rows: 999 })), ['failed', 'source']);
  assert.deepEqual(ended(withMeasurement({ arrowBytes: 99_999 })), ['failed', 'source']);
  assert.deepEqual(ended(EVIDENCE), ['verified', null]);
});

test('what a report says of itself is held against what was seen from outside', () => {
  const io = { readBytes: 0, writeBytes: 0, writeCalls: 1, writtenChars: 50_000 };
  assert.deepEqual(findings(judge(withMeasurement({ io }))), ['verified']);
  assert.deepEqual(findings(judge(withMeasurement({ io: { ...io, writtenChars: 0, writeBytes: 50_000 } }))), [
    'verified',
  ]);
  assert.deepEqual(findings(judge(withMeasurement({ io: { ...io, writtenChars: 49_999 } }))), [
    'Z bytes that the process wrote while it was measured (/proc/self/io)',
  ]);
  const sparse = withMeasurement({ io: { ...io, writtenChars: 49_999 } });
  assert.deepEqual(findings(judge({ ...sparse, writtenAtLeast: 49_999 })), ['verified']);
  assert.deepEqual(findings(judge(withMeasurement({ spawnToDurableNs: 10_000_001 }))), [
    'Z time from spawn to durable',
  ]);
  assert.deepEqual(findings(judge(withMeasurement({ spawnToDurableNs: 1_999_999 }))), ['Z time from spawn to durable']);
  assert.deepEqual(findings(judge(withMeasurement({ callNs: { ...MEASUREMENT.callNs, count: 3 } }))), [
    'Z rows and calls measured',
  ]);
  const warnings = ['the writer reset the peak RSS of its process'];
  assert.deepEqual(findings(judge(withReport({ warnings }))), ['R peak RSS of the process']);
  const place = [{ detector: 'Z' as const, what: 'birth of region.parquet', expected: 'after', actual: 'before' }];
  assert.deepEqual(findings(judge({ ...EVIDENCE, place })), ['Z birth of region.parquet']);
});

test('a command that makes the rows itself is judged by what it left', () => {
  const crossed = { ...DONE.crossed, calls: 0, rows: 0, handover: 'none' as const };
  const report = { crossed, measurement: { ...MEASUREMENT, rows: 0, arrowBytes: 0 } };
  const evidence = { ...withReport(report), subject: 'command' as const };
  assert.deepEqual(judge({ ...evidence, sendsRows: false }), VERIFIED);
  assert.deepEqual(findings(judge(evidence)), ['R write calls', 'Z rows and calls measured']);
});

test('direct needs the flag, an alignment and an almost empty page cache', () => {
  const proof: DirectProof = { flagSeen: true, dioMemAlign: 512, dioOffsetAlign: 512, residentShare: 0 };
  const direct = (change: Partial<DirectProof> | null): readonly string[] =>
    findings(
      judge({
        ...withReport({
          measurement: { ...MEASUREMENT, direct: change === null ? null : { ...proof, ...change } },
          crossed: { ...DONE.crossed, handover: 'pointer', addressesProved: true },
        }),
        case: { ...CASE, variant: 'direct' },
      }),
    );
  assert.deepEqual(direct({}), ['verified']);
  assert.deepEqual(direct({ flagSeen: false }), ["R O_DIRECT in the flags of the target's descriptor"]);
  assert.deepEqual(direct({ dioMemAlign: 0 }), ['R alignment for direct I/O (STATX_DIOALIGN)']);
  assert.deepEqual(direct({ dioOffsetAlign: 0 }), ['R alignment for direct I/O (STATX_DIOALIGN)']);
  // 50,000 bytes are 13 pages: the last one may be there.
  assert.deepEqual(direct({ residentShare: 1 / 13 }), ['verified']);
  assert.deepEqual(direct({ residentShare: 2 / 13 }), ['R pages of the target in the page cache after close']);
  assert.deepEqual(direct(null), ['R proof of O_DIRECT']);
});

test('sizes and rates must be plausible', () => {
  assert.deepEqual(findings(judge(withMeasurement({ diskBytes: 49_999 }))), ['Z bytes on disk']);
  assert.deepEqual(findings(judge(withMeasurement({ rows: 0 }))), ['Z rows and calls measured']);
  assert.deepEqual(findings(judge(withMeasurement({ returnNs: 1000 }))), ['Z rate to return']);
  assert.deepEqual(findings(judge(withMeasurement({ returnNs: 0 }))), ['Z rate to return']);
  assert.deepEqual(findings(judge(withMeasurement({ returnNs: -5 }))), ['Z rate to return']);
  const nothing = withReport({ files: [], filesAfterClose: [], measurement: { ...MEASUREMENT, diskBytes: 0 } });
  assert.deepEqual(findings(judge({ ...nothing, filesBeforeVerify: [] })), ['Z bytes on disk']);
  assert.deepEqual(findings(judge(withMeasurement({ durableNs: 999_999 }))), ['Z time to durable']);
  assert.deepEqual(findings(judge(withMeasurement({ unwrittenPages: 3 }))), [
    'R pages of the target still to be written after fsync (cachestat)',
  ]);
  assert.deepEqual(judge(withMeasurement({ unwrittenPages: null })).status, 'verified');
});

test('files must not change between close, the end and verification', () => {
  const later = FILES.map((file) => ({ ...file, mtimeNs: '8' }));
  assert.deepEqual(findings(judge(withReport({ filesAfterClose: later }))), [
    "Z files unchanged between close and the worker's end",
  ]);
  assert.deepEqual(findings(judge({ ...EVIDENCE, filesBeforeVerify: later })), [
    "Z files unchanged between the worker's end and verification",
  ]);
  const changed = judge({ ...EVIDENCE, filesBeforeVerify: [] });
  assert.deepEqual(changed, {
    status: 'corrupt',
    findings: [
      {
        detector: 'Z',
        what: "files unchanged between the worker's end and verification",
        expected: 'region.parquet of 50000 bytes, mtime 7, ctime 8, inode 9',
        actual: 'no file',
      },
    ],
    refused: MEASUREMENT,
  });
});

test('an observation that proves nothing does not verify', () => {
  assert.deepEqual(findings(judge({ ...EVIDENCE, observation: null })), ['X reading the target in the verify process']);
  assert.deepEqual(findings(judge({ ...EVIDENCE, observation: { crashed: 'SIGSEGV' } })), [
    'X reading the target in the verify process',
  ]);
  assert.deepEqual(findings(judge(withObservation({ ran: ['F', 'S', 'N'] }))), ['X detectors that did not run']);
  assert.deepEqual(findings(judge(withObservation({ readers: [] }))), ['X readers']);
  assert.deepEqual(findings(judge(withObservation({ rows: null, multiset: null, order: null }))), [
    'N rows read',
    'M digest of rows',
    'O digest of order',
  ]);
  const finding = { detector: 'P', what: 'min of a', expected: '1', actual: '2' } as const;
  assert.deepEqual(findings(judge(withObservation({ findings: [finding] }))), ['P min of a']);
});

test('facts of no rows prove nothing', () => {
  const facts = { ...FACTS, rows: 0 };
  const evidence = withReport({
    measurement: { ...MEASUREMENT, rows: 0 },
    crossed: { ...DONE.crossed, rows: 0 },
  });
  const observation = { ...OBSERVATION, rows: 0 };
  assert.deepEqual(findings(judge({ ...evidence, facts, observation })), ['N rows of the facts']);
});
