/** How a process ended that measures and reports. */

import type { Verdict } from '../types.js';
import type { ChildEnd } from './child.js';

type Ending = Extract<Verdict<never>, { readonly status: 'crashed' | 'timeout' | 'failed' }>;

/** Where the ending alone is the verdict; null where the report has the word. `who`: as a sentence has it, `the loop`; `step`: what it is for. */
export function endingOf(child: ChildEnd, timeoutSeconds: number, who: string, step: string): Ending | null {
  const said = child.stderr.trim().split('\n').at(-1) ?? '';
  const after = said === '' ? '' : `: ${said}`;
  if (child.spawnError !== null) {
    return { status: 'crashed', signal: null, exitCode: null, reason: `${who} did not start: ${child.spawnError}` };
  }
  if (child.timedOut) {
    return { status: 'timeout', afterSeconds: timeoutSeconds, reason: `not done after ${timeoutSeconds} s${after}` };
  }
  if (child.signal !== null) {
    const reason = `${who} was ended by ${child.signal}${after}`;
    return { status: 'crashed', signal: child.signal, exitCode: null, reason };
  }
  if (child.exitCode === 0) return null;
  return { status: 'failed', step, errno: null, errnoName: null, reason: said };
}

/** The report that a process printed; null where that is none, by what one must have. */
export function reportIn<Report>(stdout: string, has: (report: Partial<Report>) => boolean): Report | null {
  try {
    const report = JSON.parse(stdout) as Partial<Report> | null;
    return report !== null && has(report) ? (report as Report) : null;
  } catch {
    return null;
  }
}
