/** Parts that workers wrote at once → one verdict: each part against its own facts, then all of them together against the whole's. Pure. */

import type { Detector, Digest, Facts, Finding, Measurement, ReaderReport, Verdict, WriteCase } from '../types.js';
import { digestFindings, rowFindings } from '../verify/contents.js';
import { partCases } from '../plan/parts.js';
import { finding } from '../verify/finding.js';
import { judge, type Evidence } from './judge.js';
import { mergeDigests } from './merge-digests.js';
import { mergeMeasurements } from './merge-reports.js';

type Verified = Extract<Verdict, { readonly status: 'verified' }>;

const named = ({ case: { options } }: Evidence): string => `part ${options.part.index} of ${options.part.count}`;

const namedFindings = (name: string, findings: readonly Finding[]): readonly Finding[] =>
  findings.map((one) => ({ ...one, what: `${name}: ${one.what}` }));

function digestOf({ observation }: Evidence): Digest | null {
  return observation !== null && 'digest' in observation ? observation.digest : null;
}

/** What was read of all parts together, against the facts of the whole table. */
export function wholeFindings(whole: Facts, parts: readonly Evidence[]): readonly Finding[] {
  const digests = parts.map(digestOf).filter((digest) => digest !== null);
  if (digests.length < parts.length) {
    const without = parts.filter((part) => digestOf(part) === null).map(named);
    return [finding('M', 'digests of parts to merge', parts.length, `none of ${without.join(', ')}`)];
  }
  const merged = mergeDigests(whole.digest.version, whole.schema, digests);
  const arrowBytes = parts.reduce((sum, part) => sum + part.facts.arrowBytes, 0);
  const findings = [...rowFindings(whole, [], merged.rows), ...digestFindings(whole, merged)];
  if (arrowBytes !== whole.arrowBytes) findings.push(finding('N', 'Arrow bytes', whole.arrowBytes, arrowBytes));
  return namedFindings(`all ${parts.length} parts together`, findings);
}

/** Each reader once, with all that it read. */
function mergeReaders(readers: readonly ReaderReport[]): readonly ReaderReport[] {
  return [...new Set(readers.map(({ reader }) => reader))].flatMap((name): readonly ReaderReport[] => {
    const own = readers.filter(({ reader }) => reader === name);
    const sum = (of: (one: ReaderReport) => number): number => own.reduce((all, one) => all + of(one), 0);
    const [first] = own;
    return first === undefined ? [] : [{ ...first, rows: sum(({ rows }) => rows), ns: sum(({ ns }) => ns) }];
  });
}

/** Null where a part has no measurement. */
function measurementOf(parts: readonly Evidence[], verdicts: readonly Verdict[]): Measurement | null {
  const shares = parts.flatMap(({ worker: { report, child } }, index) => {
    const verdict = verdicts[index];
    const measurement =
      verdict?.status === 'verified' ? verdict.measurement : verdict?.status === 'corrupt' ? verdict.refused : null;
    if (measurement === null || report?.outcome !== 'done') return [];
    return [{ measurement, begunAtNs: report.begunAtNs, spawnedAtNs: child.spawnedAtNs }];
  });
  return shares.length < parts.length ? null : mergeMeasurements(shares);
}

/** What one part's verdict says of the case when the others cannot make up for it. */
const ofPart = <Ending extends { readonly reason: string }>(name: string, ending: Ending): Ending => ({
  ...ending,
  reason: `${name}: ${ending.reason}`,
});

function allVerified(whole: Facts, first: Verified, verdicts: readonly Verified[], measurement: Measurement): Verdict {
  const { version, multiset, order } = whole.digest;
  const inAll = (detector: Detector): boolean => verdicts.every(({ detectors }) => detectors.includes(detector));
  return {
    ...first,
    rows: whole.rows,
    digest: { version, multiset, order },
    readers: mergeReaders(verdicts.flatMap(({ readers }) => readers)),
    detectors: first.detectors.filter(inAll),
    verifyNs: verdicts.reduce((sum, { verifyNs }) => sum + verifyNs, 0),
    measurement,
  };
}

/**
 * The verdict of a case from the evidence of its workers, in the order of the parts; of one that failed, from that one's alone.
 * `whole` is what all parts together must hold.
 */
export function judgeParts(one: WriteCase, whole: Facts, parts: readonly Evidence[]): Verdict {
  const verdicts = parts.map(judge);
  const count = partCases(one).length;
  const [only] = verdicts;
  if (count === 1 && only !== undefined) return only;
  const wrong: Finding[] = [];
  for (const [index, part] of parts.entries()) {
    const verdict = verdicts[index];
    if (verdict === undefined || verdict.status === 'verified') continue;
    if (verdict.status !== 'corrupt') return ofPart(named(part), verdict);
    wrong.push(...namedFindings(named(part), verdict.findings));
  }
  if (parts.length < count) wrong.push(finding('E', 'parts with evidence', count, parts.length));
  // What is wrong with a part would only be said again of the whole.
  const findings = wrong.length > 0 ? wrong : wholeFindings(whole, parts);
  const measurement = measurementOf(parts, verdicts);
  const verified = verdicts.filter((verdict) => verdict.status === 'verified');
  const [first] = verified;
  if (findings.length > 0 || first === undefined || measurement === null) {
    return { status: 'corrupt', findings, refused: measurement };
  }
  return allVerified(whole, first, verified, measurement);
}
