/** A stored run with all that a report says of it: the suite's expectations, and what its claims or faults come to. */

import type { FaultPage } from '../../reports/faults.js';
import type { RunReport } from '../../reports/page/run-report.js';
import type { SystemSpec } from '../../suites/claims/types.js';
import type { FaultSpec, Justified } from '../../suites/faults/index.js';
import type { Registry } from '../../suites/index.js';
import { chooseClaims, honestCases, type ChosenClaim } from '../claims/cases.js';
import { honestRecords } from '../claims/exit-code.js';
import { CLAIMS_SUITE, planClaims } from '../claims/plan.js';
import { claimResults } from '../claims/results.js';
import { switchedOff } from '../faults/detectors.js';
import { FAULTS_SUITE, planFaults, type Attempt } from '../faults/plan.js';
import { faultResults } from '../faults/results.js';
import { scoreOf } from '../faults/verdict.js';
import { expectations, summarise } from '../summary.js';
import type { Record as RunRecord, Run } from '../types.js';

/** With faulty writers among the writers, so that cases of faults and claims are known. */
export interface ReportRegistry extends Registry {
  readonly systems: readonly SystemSpec[];
  readonly faults: readonly FaultSpec[];
  readonly justified: Justified;
}

/** What the run planned of all that there is; null where it is no run of faults. */
function faultsOf(
  run: Run,
  records: readonly RunRecord[],
  registry: ReportRegistry,
): (FaultPage & { readonly controls: ReadonlySet<string> }) | null {
  if (run.suite !== FAULTS_SUITE) return null;
  const ids = new Set(run.cases.map(({ id }) => id));
  const { attempts } = planFaults(registry.faults, registry, { faults: [], writers: [], variants: [] }, 0);
  const planned = attempts.filter(({ id }) => id !== null && ids.has(id));
  const of = (key: (attempt: Attempt) => string): ReadonlySet<string> => new Set(planned.map(key));
  const [faults, writers, variants] = [
    of(({ fault }) => fault.name),
    of(({ writer }) => writer),
    of(({ variant }) => variant),
  ];
  const asked = attempts.filter(
    ({ fault, writer, variant }) => faults.has(fault.name) && writers.has(writer) && variants.has(variant),
  );
  const results = faultResults(asked, records);
  return {
    results,
    faults: registry.faults,
    detectors: switchedOff(results, registry.justified),
    // Nothing that is in a run.
    generators: [],
    score: scoreOf(results),
    run,
    controls: new Set(planned.flatMap(({ control }) => control ?? [])),
  };
}

/** Claims of which the run has a case, and those of the same systems that nothing can measure. */
function claimsOf(run: Run, registry: ReportRegistry): readonly ChosenClaim[] {
  const ids = new Set(run.cases.map(({ id }) => id));
  const all = chooseClaims(registry.systems, [], []);
  const { named, unplanned } = planClaims(all, registry, 1, 0);
  const planned = (id: string): boolean => ids.has(named.get(id)?.id ?? id);
  const asked = all.filter(({ claim }) => {
    const cases = honestCases(claim);
    return cases.some(planned) && cases.every((id) => planned(id) || unplanned.has(id));
  });
  const systems = new Set(asked.map(({ system }) => system));
  return all.filter((one) => asked.includes(one) || (one.claim.measure.kind === 'none' && systems.has(one.system)));
}

export function runReport(run: Run, records: readonly RunRecord[], registry: ReportRegistry): RunReport {
  const suite = registry.suites.find(({ name }) => name === run.suite);
  const summaries = summarise(run.cases, records);
  const expected = expectations(suite?.comparisons ?? [], suite?.limits ?? [], summaries, records);
  const common = { run, records, summaries, expected };
  const faults = faultsOf(run, records, registry);
  if (faults !== null) {
    const judged = summarise(
      run.cases,
      records.filter(({ case: one }) => faults.controls.has(one.id)),
    );
    return { ...common, judged, faults, claims: null };
  }
  if (run.suite !== CLAIMS_SUITE) return { ...common, judged: summaries, faults: null, claims: null };
  const chosen = claimsOf(run, registry);
  const plan = planClaims(chosen, registry, 1, 0);
  const judged = summarise(run.cases, honestRecords(chosen, plan, records));
  return { ...common, judged, faults: null, claims: claimResults(chosen, plan, records, registry.faults) };
}
