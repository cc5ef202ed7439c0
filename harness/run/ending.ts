/** How a process ended that measures and reports, where that alone is the verdict; null where its report has the word. */

import type { Verdict } from '../types.js';
import type { ChildEnd } from './child.js';

type Ending = Extract<Verdict<never>, { readonly status: 'crashed' | 'timeout' | 'failed' }>;

/** `who`: as a sentence has it, `the loop`; `step`: what it is for. */
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
