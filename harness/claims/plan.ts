/** The union of the cases of claims, in an order that interleaves their repetitions. */

import type { Registry } from '../../suites/index.js';
import { Misuse } from '../misuse.js';
import { interleave } from '../plan/order.js';
import { makePlan, type Plan } from '../plan/plan.js';
import type { Case } from '../types.js';
import { faultCaseOf, honestCases, type ChosenClaim } from './cases.js';

/** Name of the runs that hold claims. */
export const CLAIMS_SUITE = 'claims';

export interface ClaimPlan extends Plan {
  /** Cases by the id that a claim names them by; a case's own id is in its usual order and without defaults. */
  readonly named: ReadonlyMap<string, Case>;
  /** Why a case cannot be planned here, by the same id: a writer or an option that is not there. */
  readonly unplanned: ReadonlyMap<string, string>;
}

const NOTHING = { tables: [], scales: [], writers: [], formats: [], variants: [], options: {} };

export function planClaims(
  claims: readonly ChosenClaim[],
  registry: Registry,
  repeat: number,
  seed: number,
): ClaimPlan {
  const ids = claims.flatMap(({ claim }) => [...honestCases(claim), ...(claim.faults ?? []).map(faultCaseOf)]);
  const named = new Map<string, Case>();
  const unplanned = new Map<string, string>();
  for (const id of new Set(ids)) {
    try {
      const [only] = makePlan({ ...NOTHING, cases: [id], seed }, registry).cases;
      if (only !== undefined) named.set(id, only);
    } catch (error) {
      if (!(error instanceof Misuse)) throw error;
      unplanned.set(id, error.message.replace(/\.$/, ''));
    }
  }
  const cases = [...new Map([...named.values()].map((one) => [one.id, one])).values()];
  return {
    suite: CLAIMS_SUITE,
    cases,
    steps: interleave(cases, repeat, seed),
    repeat,
    seed,
    untimed: [],
    leftOut: [...unplanned].map(([id, why]) => `${id}: ${why}`),
    comparisons: [],
    limits: [],
    named,
    unplanned,
  };
}
