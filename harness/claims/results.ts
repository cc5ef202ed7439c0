/** Records → one result a claim, with what its faults would have reported. Pure. */

import type { ClaimSpec, ClaimUnit } from '../../suites/claims/types.js';
import type { FaultSpec } from '../../suites/faults.js';
import { median } from '../statistics/quantile.js';
import { problemLines } from '../summary.js';
import { findingLines } from '../verify/finding.js';
import { isWrite, type Detector, type Record as RunRecord, type Status } from '../types.js';
import { faultCaseOf, honestCases, type ChosenClaim } from './cases.js';
import { comparedValue, judgeCompared, judgeFigure, type Holds, type Judgement } from './judge.js';
import type { ClaimPlan } from './plan.js';
import { refusedReading, verifiedReading, type Reading, type Wanted } from './readings.js';

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

export interface ClaimResult {
  readonly id: string;
  readonly system: string;
  readonly what: string;
  readonly source: string;
  readonly claimed: string;
  readonly range: readonly [low: number, high: number];
  readonly wanted: ClaimSpec['claimed']['wanted'];
  readonly tolerance: number;
  readonly measured: number | null;
  readonly unit: ClaimUnit;
  /** Measured ÷ the nearest end of what was claimed. */
  readonly ratio: number | null;
  readonly holds: Holds;
  readonly detectablePercent: number | null;
  readonly repetitions: number;
  readonly cases: readonly string[];
  readonly faults: readonly FaultResult[];
  readonly note: string;
}

type Read = (id: string, wanted: Wanted) => Reading;

function wantedOf({ measure }: ClaimSpec): Wanted | null {
  if (measure.kind === 'none') return null;
  return measure.kind === 'share' ? { categories: measure.categories } : { metric: measure.metric };
}

/** Where only one side of a comparison was measured, its median is told. */
function otherSide(sides: readonly (readonly [id: string, reading: Reading])[]): string | null {
  const found = sides.find(([, reading]) => reading.missing === null);
  if (found === undefined || sides.every(([, reading]) => reading.missing === null)) return null;
  const [id, { values }] = found;
  return `${id} was verified: ${median([...values.values()]).toPrecision(3)} s`;
}

function judgementOf({ measure, claimed }: ClaimSpec, read: Read): Judgement {
  switch (measure.kind) {
    case 'none':
      return { measured: null, holds: 'not measured', detectablePercent: null, repetitions: 0, why: measure.reason };
    case 'figure':
      return judgeFigure(read(measure.of, { metric: measure.metric }), claimed);
    case 'share':
      return judgeFigure(read(measure.of, { categories: measure.categories }), claimed);
    case 'ratio':
    case 'saved': {
      const { metric } = measure;
      const [subject, reference] = [read(measure.subject, { metric }), read(measure.reference, { metric })];
      const judgement = judgeCompared(measure.kind, subject, reference, claimed);
      const other =
        metric === 'durable' || metric === 'spawnToDurable'
          ? otherSide([
              [measure.subject, subject],
              [measure.reference, reference],
            ])
          : null;
      return other === null ? judgement : { ...judgement, why: `${judgement.why ?? ''}; ${other}` };
    }
  }
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

function faultResults(
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

/** Measured ÷ claimed, where at least two repetitions stand behind it. */
function ratioOf({ measured, repetitions }: Judgement, [low, high]: readonly [number, number]): number | null {
  if (measured === null || repetitions < 2) return null;
  return measured / Math.min(Math.max(measured, low), high);
}

export function claimResults(
  chosen: readonly ChosenClaim[],
  plan: Pick<ClaimPlan, 'named' | 'unplanned'>,
  records: readonly RunRecord[],
  faults: readonly FaultSpec[],
): readonly ClaimResult[] {
  const read: Read = (id, wanted) => {
    const unplanned = plan.unplanned.get(id);
    if (unplanned !== undefined) return { values: new Map(), missing: unplanned };
    return verifiedReading(plan.named.get(id)?.id ?? id, records, wanted);
  };
  return chosen.map(({ system, claim }): ClaimResult => {
    const { id, what, source, claimed, note } = claim;
    const judgement = judgementOf(claim, read);
    const { measured, holds, detectablePercent, repetitions, why } = judgement;
    return {
      id,
      system,
      what,
      source,
      claimed: claimed.text,
      range: claimed.range,
      wanted: claimed.wanted,
      tolerance: claimed.tolerance,
      measured,
      unit: claimed.unit,
      ratio: ratioOf(judgement, claimed.range),
      holds,
      detectablePercent,
      repetitions,
      cases: honestCases(claim).map((named) => plan.named.get(named)?.id ?? named),
      faults: faultResults(claim, plan, records, faults, read),
      note: why === null ? note : `${why}. ${note}`,
    };
  });
}
