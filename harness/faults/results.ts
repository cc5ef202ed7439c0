/** What became of each fault. Pure. */

import { problemLines } from '../summary.js';
import type { Detector, Finding, Record as RunRecord, Status, Verdict } from '../types.js';
import { findingLines } from '../verify/finding.js';
import type { Attempt } from './plan.js';

/** How every fault begins its error when it had nothing to damage. */
const CHANGED_NOTHING = 'fault changed nothing';

export interface FaultResult {
  readonly fault: string;
  readonly writer: string;
  /** Of a scan, its strategy. */
  readonly variant: string;
  /** Null where the fault does not apply. */
  readonly case: string | null;
  readonly applies: boolean;
  /** Why it does not apply, or why it was not run. */
  readonly reason: string | null;
  /** Null where it was not run. */
  readonly status: Status | null;
  /** The fault did what it is for; null where it was not run. */
  readonly damaged: boolean | null;
  /** Not verified, by a detector; null where it was not run. */
  readonly caught: boolean | null;
  readonly detectors: readonly Detector[];
  readonly expected: readonly Detector[];
  /** Expected detectors that stayed silent, and detectors that fired though they cannot see it. */
  readonly silent: readonly Detector[];
  readonly unexpected: readonly Detector[];
  /** The same case without the fault: anything but `verified` makes the rest worthless. */
  readonly control: { readonly case: string; readonly status: Status } | null;
  /** What was wrong, in a sentence. */
  readonly what: string;
}

/** Detectors in the order of the alphabet that found something. */
export function firedIn(verdict: Verdict<unknown>): readonly Detector[] {
  switch (verdict.status) {
    case 'verified':
    case 'skipped':
      return [];
    case 'corrupt':
      return [...new Set(verdict.findings.map(({ detector }) => detector))].sort();
    case 'failed':
    case 'crashed':
    case 'timeout':
      return ['E'];
  }
}

/** Steps before the first batch: what fails there never lied. */
const BEFORE_WRITING: readonly string[] = ['job', 'load', 'capabilities', 'source', 'create'];

/** Whether the lie was told: a writer that ends in another way than its fault says was not lying, it failed. */
function wasTold(verdict: Verdict<unknown>, expected: readonly Detector[]): boolean {
  if (verdict.status === 'failed') {
    const { reason, step } = verdict;
    return expected.includes('E') && !reason.includes(CHANGED_NOTHING) && !BEFORE_WRITING.includes(step);
  }
  return verdict.status === 'crashed' || verdict.status === 'timeout' ? expected.includes('E') : true;
}

/** The finding that says most: of an expected detector, the first of them that fired. */
function tellingLine(verdict: Verdict<unknown>, expected: readonly Detector[]): string {
  if (verdict.status === 'verified') return 'the verifier did not see it';
  if (verdict.status !== 'corrupt') return problemLines(verdict)[0] ?? '';
  const lineOf = (finding: Finding): string => findingLines([finding])[0] ?? '';
  const looked = verdict.findings.filter((finding) => lineOf(finding).startsWith(finding.detector));
  const telling = looked.find(({ detector }) => expected.includes(detector)) ?? looked[0] ?? verdict.findings[0];
  return telling === undefined ? '' : lineOf(telling);
}

/** What the machine does not say, where the fault can be seen by it alone. */
function unmet({ fault: { needs } }: Attempt, honest: RunRecord['verdict'] | undefined): string | null {
  if (needs === undefined || honest?.status !== 'verified' || !('unwrittenPages' in honest.measurement)) return null;
  return honest.measurement[needs.figure] === null ? `this machine has no ${needs.from}` : null;
}

export function faultResults(attempts: readonly Attempt[], records: readonly RunRecord[]): readonly FaultResult[] {
  const verdicts = new Map(records.map((record) => [record.case.id, record.verdict]));
  return attempts.map((attempt): FaultResult => {
    const { fault, writer, variant, id, control, reason, expected, blind } = attempt;
    const verdict = id === null ? undefined : verdicts.get(id);
    const honest = control === null ? undefined : verdicts.get(control);
    const without = control === null || honest === undefined ? null : { case: control, status: honest.status };
    const lacking = unmet(attempt, honest);
    const named = { fault: fault.name, writer, variant, case: id, applies: id !== null, expected };
    if (verdict === undefined || verdict.status === 'skipped' || lacking !== null) {
      return {
        ...named,
        reason: reason ?? lacking ?? (verdict?.status === 'skipped' ? verdict.reason : 'it was not run'),
        status: lacking === null ? (verdict?.status ?? null) : null,
        damaged: null,
        caught: null,
        detectors: [],
        silent: [],
        unexpected: [],
        control: without,
        what: '',
      };
    }
    const damaged = wasTold(verdict, expected);
    const detectors = damaged ? firedIn(verdict) : [];
    return {
      ...named,
      reason: null,
      status: verdict.status,
      damaged,
      caught: damaged && detectors.length > 0,
      detectors,
      silent: expected.filter((detector) => !detectors.includes(detector)),
      unexpected: blind.filter((detector) => detectors.includes(detector)),
      control: without,
      what: tellingLine(verdict, expected),
    };
  });
}

/** Faults that were run. */
export const wereRun = (results: readonly FaultResult[]): readonly FaultResult[] =>
  results.filter(({ caught }) => caught !== null);
