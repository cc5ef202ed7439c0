/** What became of the writers that lie in place of a claim's honest cases. Pure. */

import type { ClaimSpec } from '../../suites/claims/types.js';
import type { FaultSpec } from '../../suites/faults/index.js';
import { median } from '../statistics/quantile.js';
import { problemLines } from '../summary.js';
import { isWrite, type Detector, type Record as RunRecord, type Status } from '../types.js';
import { findingLines } from '../verify/finding.js';
import { faultCaseOf } from './cases.js';
import { comparedValue } from './judge.js';
import type { ClaimPlan } from './plan.js';
import { refusedReading, type Reading, type Wanted } from './readings.js';

/** A fault in place of an honest case. */
export interface FaultResult {
  readonly fault: string;
  readonly about: string;
  readonly case: string;
  /** The worst of its repetitions for the suite: `verified` before all others. Null where none was run. */
  readonly status: Status | null;
  /** What an unverified verdict holds: never a measurement. Null where there is none. */
  readonly refused: {
    readonly durableSeconds: number;
    readonly rows: number;
    /** The claim's own figure with this fault for its subject, in the claim's unit; null where that is no number. */
    readonly measured: number | null;
    readonly repetitions: number;
  } | null;
  /** Median time to durable of the honest case; null where it was not measured. */
  readonly honestSeconds: number | null;
  readonly detectors: readonly Detector[];
  /** What was wrong, or why it was not run. */
  readonly what: string;
}

/** Figures of verified cases, by the id that a claim names them by. */
export type Read = (id: string, wanted: Wanted) => Reading;

function wantedOf({ measure }: ClaimSpec): Wanted | null {
  if (measure.kind === 'none') return null;
  return measure.kind === 'share' ? { categories: measure.categories } : { metric: measure.metric };
}

/** The claim's figure with the refused one for that of the honest case. */
function refusedValue({ measure }: ClaimSpec, insteadOf: string, lie: Reading, read: Read): number | null {
  if (lie.missing !== null) return null;
  switch (measure.kind) {
    case 'figure':
    case 'share':
      return measure.of === insteadOf ? median([...lie.values.values()]) : null;
    case 'ratio':
    case 'saved': {
      const side = (id: string): Reading => (id === insteadOf ? lie : read(id, { metric: measure.metric }));
      return comparedValue(measure.kind, side(measure.subject), side(measure.reference));
    }
    case 'none':
      return null;
  }
}

/** What says most of a lie: another format, then rows that are not there. */
const TELLING: readonly Detector[] = ['F', 'N'];

function endOf(records: readonly RunRecord[]): Pick<FaultResult, 'status' | 'detectors' | 'what'> | null {
  const verified = records.find(({ verdict }) => verdict.status === 'verified');
  const other = records.find(({ verdict }) => verdict.status !== 'corrupt' && verdict.status !== 'verified');
  const first = verified ?? other ?? records[0];
  if (first === undefined) return null;
  const { verdict } = first;
  if (verdict.status === 'verified') {
    return { status: 'verified', detectors: [], what: 'the verifier did not see it' };
  }
  if (verdict.status !== 'corrupt') {
    return { status: verdict.status, detectors: [], what: problemLines(verdict)[0] ?? '' };
  }
  const detectors = [...new Set(verdict.findings.map(({ detector }) => detector))].sort();
  const [telling] = TELLING.flatMap((letter) => verdict.findings.filter(({ detector }) => detector === letter));
  const [what = ''] = findingLines(telling === undefined ? verdict.findings : [telling]);
  return { status: 'corrupt', detectors, what };
}

function medianOf(reading: Reading): number | null {
  return reading.values.size === 0 ? null : median([...reading.values.values()]);
}

export function faultResults(
  claim: ClaimSpec,
  plan: Pick<ClaimPlan, 'named' | 'unplanned'>,
  records: readonly RunRecord[],
  faults: readonly FaultSpec[],
  read: Read,
): readonly FaultResult[] {
  return (claim.faults ?? []).map((asked): FaultResult => {
    const named = faultCaseOf(asked);
    const id = plan.named.get(named)?.id ?? named;
    const own = records.filter((record) => record.case.id === id && isWrite(record));
    const wanted = wantedOf(claim) ?? { metric: 'durable' };
    const durableSeconds = medianOf(refusedReading(id, own, { metric: 'durable' }));
    const rows = medianOf(refusedReading(id, own, { metric: 'rows' }));
    const end = endOf(own) ?? { status: null, detectors: [], what: plan.unplanned.get(named) ?? `${id} was not run` };
    const measured = refusedValue(claim, asked.insteadOf, refusedReading(id, own, wanted), read);
    return {
      fault: asked.fault,
      about: faults.find(({ name }) => name === asked.fault)?.about ?? '',
      case: id,
      ...end,
      refused:
        durableSeconds === null || rows === null ? null : { durableSeconds, rows, measured, repetitions: own.length },
      honestSeconds: medianOf(read(asked.insteadOf, { metric: 'durable' })),
    };
  });
}
