/** Exit codes, the same for every command. */

import type { Status } from './types.js';

export const EXIT = {
  pass: 0,
  misuse: 1,
  regression: 2,
  inconclusive: 3,
  integrity: 4,
  nothingMeasured: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Where several apply, the first of these. */
const PRECEDENCE = [
  EXIT.interrupted,
  EXIT.misuse,
  EXIT.integrity,
  EXIT.nothingMeasured,
  EXIT.regression,
  EXIT.inconclusive,
];

export function firstOf(codes: readonly ExitCode[]): ExitCode {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? EXIT.pass;
}

const BAD: readonly Status[] = ['corrupt', 'failed', 'crashed', 'timeout'];

/** Code of a finished run. Under `strict` a skipped case leaves the question open. */
export function exitCodeOfRun(statuses: readonly Status[], strict: boolean): ExitCode {
  const codes: ExitCode[] = [];
  if (statuses.some((status) => BAD.includes(status))) codes.push(EXIT.integrity);
  if (!statuses.includes('verified')) codes.push(EXIT.nothingMeasured);
  if (strict && statuses.includes('skipped')) codes.push(EXIT.inconclusive);
  return firstOf(codes);
}
