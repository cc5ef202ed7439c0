/** What `crash` found, and what it means for the exit code. */

import { EXIT, firstOf, type ExitCode } from '../exit-code.js';

export const PARTS = ['kills', 'calls', 'power', 'limits'] as const;
export type CrashPart = (typeof PARTS)[number];

/** Trials of one kind on one case. */
export interface CrashResult {
  readonly part: CrashPart;
  readonly writer: string;
  readonly case: string;
  /** The phase of kills; what was injected; when the power was cut; which limit. */
  readonly what: string;
  readonly trials: number;
  /** Calls that there are to do it to; null where that is no question. */
  readonly of: number | null;
  /** How many trials ended how. */
  readonly outcomes: Readonly<{ [outcome: string]: number }>;
  /** What must not be, a sentence each. */
  readonly wrong: readonly string[];
  /** Too few trials to say anything: why. */
  readonly inconclusive: string | null;
  /** Why nothing was tried. */
  readonly skipped: string | null;
}

export const skippedResult = (
  part: CrashPart,
  writer: string,
  one: string,
  what: string,
  skipped: string,
): CrashResult => ({
  part,
  writer,
  case: one,
  what,
  trials: 0,
  of: null,
  outcomes: {},
  wrong: [],
  inconclusive: null,
  skipped,
});

/** One trial. */
export interface Trial {
  readonly outcome: string;
  /** What must not be; null where all is well. */
  readonly wrong: string | null;
}

export function tally(trials: readonly Trial[]): Pick<CrashResult, 'trials' | 'outcomes' | 'wrong'> {
  const outcomes: { [outcome: string]: number } = {};
  for (const { outcome } of trials) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const wrong = trials.flatMap((trial) => trial.wrong ?? []);
  return { trials: trials.length, outcomes, wrong };
}

/** A question left open is no pass; nothing tried at all is nothing measured. */
export function exitCodeOfCrash(results: readonly CrashResult[]): ExitCode {
  const codes: ExitCode[] = [];
  if (results.some(({ wrong }) => wrong.length > 0)) codes.push(EXIT.integrity);
  if (results.every(({ trials }) => trials === 0)) codes.push(EXIT.nothingMeasured);
  if (results.some(({ inconclusive }) => inconclusive !== null)) codes.push(EXIT.inconclusive);
  return firstOf(codes);
}
