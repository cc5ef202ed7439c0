/**
 * Every detector switched off in turn. All of them run on every case, with no short cut, and none looks at what another found; so a run
 * without one is a run with its findings left out. Pure.
 */

import type { Justified } from '../../suites/faults/index.js';
import { DETECTORS, type Detector } from '../types.js';
import { wereRun, type FaultResult } from './results.js';

export interface SwitchedOff {
  readonly detector: Detector;
  readonly about: string;
  /** Cases in which it fired. */
  readonly fired: number;
  /** Faults that pass without it, and how many of their cases. */
  readonly passing: readonly { readonly fault: string; readonly cases: readonly string[] }[];
  /** Why it is there although nothing passes without it; null where something does, or nobody says why. */
  readonly justified: string | null;
}

/** Detectors that no fault needs and nothing justifies, and reasons that are none any more. Of all faults only: of some it says nothing. */
export function unjustified(detectors: readonly SwitchedOff[], justified: Justified): readonly string[] {
  return detectors.flatMap(({ detector, passing }) => {
    const reason = justified[detector];
    if (passing.length === 0 && reason === undefined) {
      return [`Detector ${detector}: no fault passes without it, and nothing says why it is there.`];
    }
    return passing.length > 0 && reason !== undefined
      ? [`Detector ${detector}: ${passing.length} faults pass without it, and yet it is said that none does.`]
      : [];
  });
}

export function switchedOff(results: readonly FaultResult[], justified: Justified): readonly SwitchedOff[] {
  const ran = wereRun(results);
  return (Object.keys(DETECTORS) as Detector[]).map((detector): SwitchedOff => {
    const alone = ran.filter(({ detectors }) => detectors.length === 1 && detectors[0] === detector);
    const faults = [...new Set(alone.map(({ fault }) => fault))];
    return {
      detector,
      about: DETECTORS[detector],
      fired: ran.filter(({ detectors }) => detectors.includes(detector)).length,
      passing: faults.map((fault) => ({
        fault,
        cases: alone.flatMap((result) => (result.fault === fault ? [`${result.writer}/${result.variant}`] : [])),
      })),
      justified: faults.length > 0 ? null : (justified[detector] ?? null),
    };
  });
}
