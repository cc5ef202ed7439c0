/** A claim that does not hold is no failure; data that are not there are one, and a lie that passes is another. */

import { EXIT, exitCodeOfRun, firstOf, type ExitCode } from '../exit-code.js';
import type { Record as RunRecord } from '../types.js';
import { honestCases, type ChosenClaim } from './cases.js';
import type { ClaimPlan } from './plan.js';
import type { FaultResult } from './fault-results.js';

/** Records of the claims' honest cases, without endings that the claims expect. */
export function honestRecords(
  chosen: readonly ChosenClaim[],
  plan: Pick<ClaimPlan, 'named'>,
  records: readonly RunRecord[],
): readonly RunRecord[] {
  const idOf = (named: string): string => plan.named.get(named)?.id ?? named;
  const honest = new Set(chosen.flatMap(({ claim }) => honestCases(claim)).map(idOf));
  const expected = new Set(
    chosen.flatMap(({ claim }) =>
      (claim.mayEnd ?? []).flatMap(({ of, statuses }) => statuses.map((status) => `${status} ${idOf(of)}`)),
    ),
  );
  return records.filter(({ case: { id }, verdict }) => honest.has(id) && !expected.has(`${verdict.status} ${id}`));
}

/** Of faults that were run: corrupt is as it should be, verified is a verifier that saw nothing, all else shows nothing. */
function faultCode({ status }: FaultResult): ExitCode {
  if (status === 'verified') return EXIT.integrity;
  return status === null || status === 'corrupt' || status === 'skipped' ? EXIT.pass : EXIT.inconclusive;
}

export function exitCodeOfClaims(honest: readonly RunRecord[], faults: readonly FaultResult[]): ExitCode {
  const statuses = honest.map(({ verdict }) => verdict.status);
  return firstOf([exitCodeOfRun(statuses, false), ...faults.map(faultCode)]);
}
