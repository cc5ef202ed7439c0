/** A crossing's end → verdict. Pure, and it fails closed: a time counts when all rows arrived and the addresses are as they must be. */

import type { ChildEnd } from '../run/child.js';
import { endingOf, reportIn } from '../run/ending.js';
import type { CrossingMeasurement, CrossingCase, Facts, Finding, Verdict } from '../types.js';
import type { CrossingReport } from './report.js';

export interface CrossingEvidence {
  readonly case: CrossingCase;
  readonly facts: Facts;
  readonly child: ChildEnd;
  readonly timeoutSeconds: number;
}

type CrossingVerdict = Verdict<CrossingMeasurement>;

/** What arrives is digested by the native digest, out of arrow-rs' own import: the same library on both sides. */
const READER = 'arrow-rs import';

function findingsOf({ case: one, facts, child }: CrossingEvidence, report: CrossingReport): readonly Finding[] {
  const findings: Finding[] = [];
  const add = (detector: Finding['detector'], what: string, expected: unknown, actual: unknown): void => {
    if (expected !== actual) findings.push({ detector, what, expected: String(expected), actual: String(actual) });
  };
  for (const [index, digest] of report.digests.entries()) {
    const when = index === 0 ? 'before' : 'after';
    add('N', `rows that arrived ${when} the timed crossings`, facts.rows, digest.rows);
    add('M', `digest of rows that arrived ${when} the timed crossings`, facts.digest.multiset, digest.multiset);
    add('O', `digest of their order ${when} the timed crossings`, facts.digest.order, digest.order);
  }
  const { buffers, equal } = report.addresses;
  add('R', 'buffers compared', 'at least 1', buffers > 0 ? 'at least 1' : 0);
  const wanted = one.handover === 'pointer' ? buffers : 0;
  add('R', `buffers of ${buffers} at the exporter's own address, by ${one.handover}`, wanted, equal);
  const { mean, p50, min } = report.nsPerBatch;
  const spentNs = mean * report.batches;
  const plausible = min > 0 && p50 > 0 && report.batches > 1 && spentNs <= child.wallNs;
  add(
    'Z',
    `time of ${report.batches} crossings`,
    `above 0 and at most the ${child.wallNs} ns that the loop lived`,
    plausible ? `above 0 and at most the ${child.wallNs} ns that the loop lived` : `${spentNs} ns`,
  );
  add('Z', 'rows of a batch', Math.min(one.options.batchRows, facts.rows), report.rows);
  return findings;
}

export function judgeCrossing(evidence: CrossingEvidence): CrossingVerdict {
  const { facts, child, timeoutSeconds } = evidence;
  const ending = endingOf(child, timeoutSeconds, 'the loop', 'crossing');
  if (ending !== null) return ending;
  const report = reportIn<CrossingReport>(
    child.stdout,
    ({ nsPerBatch, digests }) => nsPerBatch !== undefined && digests?.length === 2,
  );
  if (report === null) {
    return { status: 'crashed', signal: null, exitCode: child.exitCode, reason: 'the loop ended without a report' };
  }
  const { nsPerBatch, batches, rows, bytes, addresses } = report;
  const { buffers, equal: addressesEqual } = addresses;
  const measurement: CrossingMeasurement = { nsPerBatch, batches, rows, bytes, buffers, addressesEqual };
  const findings = findingsOf(evidence, report);
  if (findings.length > 0) return { status: 'corrupt', findings, refused: measurement };
  const { version, multiset, order } = facts.digest;
  return {
    status: 'verified',
    rows: facts.rows,
    digest: { version, multiset, order },
    reader: READER,
    independence: 'same implementation',
    readers: [{ reader: READER, independence: 'same implementation', rows: facts.rows, ns: 0 }],
    detectors: ['E', 'M', 'N', 'O', 'R', 'Z'],
    verifyNs: 0,
    measurement,
  };
}
