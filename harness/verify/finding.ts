import type { Detector, Finding } from '../types.js';

export function finding(detector: Detector, what: string, expected: string | number, actual: string | number): Finding {
  return { detector, what, expected: String(expected), actual: String(actual) };
}

/** A detector that had nothing to look at fires for absence. */
export function noInput(detectors: readonly Detector[], reason: string): readonly Finding[] {
  return detectors.map((detector) => finding(detector, 'no input', 'a readable file', reason));
}

/** The first few of a list, and how many more there are. */
export function firstFew(items: readonly (string | number)[], count: number): string {
  const shown = items.slice(0, count).join(', ');
  return items.length > count ? `${shown} and ${items.length - count} more` : shown;
}
