/** Which claims were asked for, and the cases that they come from. */

import { faultyCase } from '../../suites/faults/index.js';
import type { ClaimFault, ClaimSpec, SystemSpec } from '../../suites/claims/types.js';
import { find } from '../plan/names.js';

export interface ChosenClaim {
  readonly system: string;
  readonly claim: ClaimSpec;
}

/** All claims of the systems and of the ids that are named; all there are when nothing is. */
export function chooseClaims(
  systems: readonly SystemSpec[],
  names: readonly string[],
  ids: readonly string[],
): readonly ChosenClaim[] {
  const all = systems.flatMap(({ name, claims }) => claims.map((claim) => ({ name: claim.id, system: name, claim })));
  for (const name of names) find('system', name, systems);
  for (const id of ids) find('claim', id, all);
  return all
    .filter(({ system }) => names.length === 0 || names.includes(system))
    .filter(({ name }) => ids.length === 0 || ids.includes(name))
    .map(({ system, claim }) => ({ system, claim }));
}

/** Cases by honest writers, as the claim names them. */
export function honestCases({ measure }: ClaimSpec): readonly string[] {
  switch (measure.kind) {
    case 'figure':
    case 'share':
      return [measure.of];
    case 'ratio':
    case 'saved':
      return [measure.subject, measure.reference];
    case 'none':
      return [];
  }
}

export const faultCaseOf = ({ fault, insteadOf }: ClaimFault): string => faultyCase(insteadOf, fault);
