/** Records → one result a claim, with what its faults would have reported. Pure. */

import type { ClaimSpec, ClaimUnit } from '../../suites/claims/types.js';
import type { FaultSpec } from '../../suites/faults/index.js';
import { median } from '../statistics/quantile.js';
import type { Record as RunRecord } from '../types.js';
import { honestCases, type ChosenClaim } from './cases.js';
import { faultResults, type FaultResult, type Read } from './fault-results.js';
import { judgeCompared, judgeFigure, type Holds, type Judgement } from './judge.js';
import type { ClaimPlan } from './plan.js';
import { verifiedReading, type Reading } from './readings.js';

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
