/** What `check-writer` finds, line by line. */

import { problemLines } from '../summary.js';
import type { Verdict } from '../types.js';
import { adviceOn } from './advice.js';

/** `right` and `wrong` are of the contract; `note` is worth knowing and no fault; `skipped` could not be tried here. */
export const CHECK_STATUSES = ['right', 'wrong', 'note', 'skipped'] as const;

export interface Check {
  /** What was tried, in a few words. */
  readonly check: string;
  readonly status: (typeof CHECK_STATUSES)[number];
  /** What was found. */
  readonly found: string;
  /** What to do, where something is wrong. */
  readonly advice: string | null;
}

export const right = (check: string, found: string): Check => ({ check, status: 'right', found, advice: null });
export const note = (check: string, found: string): Check => ({ check, status: 'note', found, advice: null });
export const skipped = (check: string, found: string): Check => ({ check, status: 'skipped', found, advice: null });
export const wrong = (check: string, found: string, advice: string): Check => ({
  check,
  status: 'wrong',
  found,
  advice,
});

/** The first and last line of a text of many, such as a stack trace. */
export function brief(text: string): string {
  const lines = text.trimEnd().split('\n');
  const [first = '', last = ''] = [lines[0], lines.at(-1)?.trim()];
  return lines.length > 2 ? `${first} … ${last}` : lines.join('\n');
}

/** Most lines of a verdict that a check repeats. */
const SHOWN_LINES = 6;

/** What the verdict of a case says, whose data must be there. */
export function checkOfVerdict(check: string, verdict: Verdict): Check {
  if (verdict.status === 'verified') {
    const readers = verdict.readers.map(({ reader }) => reader).join(' + ');
    return right(check, `${verdict.rows} rows verified by ${readers}`);
  }
  const lines = problemLines(verdict).map(brief);
  if (verdict.status === 'skipped') return skipped(check, lines.join('; '));
  const more = lines.length > SHOWN_LINES ? [`and ${lines.length - SHOWN_LINES} more`] : [];
  const found = [`${verdict.status}: ${lines[0] ?? ''}`, ...lines.slice(1, SHOWN_LINES), ...more].join('\n');
  return wrong(check, found, adviceOn(verdict));
}
