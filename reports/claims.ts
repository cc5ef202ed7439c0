/** Claimed beside measured, the same on a terminal and in Markdown. Pure functions of the results. */

import type { FaultResult } from '../harness/claims/fault-results.js';
import type { ClaimResult } from '../harness/claims/results.js';
import type { Run } from '../harness/types.js';
import { HOLDS, type Holds } from '../harness/claims/judge.js';
import { LEAST_REPETITIONS } from '../harness/statistics/paired.js';
import type { ClaimUnit } from '../suites/claims/types.js';
import { countText, plural, secondsText } from './format.js';
import { machineText } from './markdown.js';
import { line } from './markdown-line.js';

export const CLAIM_HEADINGS = ['claim', 'claimed', 'measured here', 'ratio', 'holds', 'n'] as const;

/** Published sizes are decimal, so that what stands beside them is too. */
function decimalBytesText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e3).toFixed(1)} kB`;
}

export function amountText(amount: number, unit: ClaimUnit): string {
  switch (unit) {
    case 's':
      return secondsText(amount * 1e9);
    case 'ns':
      return secondsText(amount);
    case 'B':
      return decimalBytesText(amount);
    case 'rows':
      return `${countText(amount)} rows`;
    case 'rows/s':
      return `${(amount / 1e6).toFixed(2)} M rows/s`;
    case 'B/s':
      return `${(amount / 1e9).toFixed(2)} GB/s`;
    case '%':
      return `${amount.toFixed(1)} %`;
    case '×':
      return `${amount.toFixed(2)}×`;
  }
}

function holdsText({ holds, detectablePercent }: ClaimResult): string {
  if (holds !== 'not resolvable') return holds;
  return detectablePercent === null
    ? `${holds} (needs ${LEAST_REPETITIONS} repetitions)`
    : `${holds} (detectable: ${detectablePercent.toFixed(1)} %)`;
}

type Strike = (text: string) => string;

const refused = (text: string, strike: Strike): string => `${strike(text)} (refused)`;

/** What an unverified verdict would have reported: the claim's figure and the time. */
function refusedCell(fault: FaultResult, unit: ClaimUnit, strike: Strike): string {
  if (fault.refused === null) return '–';
  const { measured, durableSeconds } = fault.refused;
  const time = secondsText(durableSeconds * 1e9);
  const own = measured !== null && unit !== 's' && unit !== 'rows';
  return refused(own ? `${amountText(measured, unit)} in ${time}` : time, strike);
}

function faultCells(fault: FaultResult, unit: ClaimUnit, strike: Strike): readonly string[] {
  const ending = fault.status === 'verified' ? 'VERIFIED: the lie was not seen' : (fault.status ?? 'not run');
  const by = fault.detectors.length === 0 ? '' : ` by ${fault.detectors.join(' ')}`;
  const repetitions = fault.refused === null ? '' : String(fault.refused.repetitions);
  return [`  fault ${fault.fault}`, '', refusedCell(fault, unit, strike), '', `${ending}${by}`, repetitions];
}

/** A row a claim, and below it one for each fault; what a fault would have reported goes through `strike`. */
export function claimRows(results: readonly ClaimResult[], strike: Strike): readonly (readonly string[])[] {
  return results.flatMap((result) => [
    [
      `${result.id} ${result.what}`,
      result.claimed,
      result.measured === null ? '–' : amountText(result.measured, result.unit),
      result.ratio === null ? '–' : result.ratio.toFixed(2),
      holdsText(result),
      result.repetitions === 0 ? '–' : String(result.repetitions),
    ],
    ...result.faults.map((fault) => faultCells(fault, result.unit, strike)),
  ]);
}

/** What a fault does, what it said, what the honest writer took, and what was found. */
function faultNote(fault: FaultResult, strike: Strike): string {
  const said =
    fault.refused === null
      ? 'said nothing'
      : `said ${refused(`${countText(fault.refused.rows)} rows in ${secondsText(fault.refused.durableSeconds * 1e9)}`, strike)}`;
  const honest =
    fault.honestSeconds === null ? '' : `, the honest writer took ${secondsText(fault.honestSeconds * 1e9)}`;
  return `  Fault ${fault.fault} (${fault.about}) ${said}${honest}: ${fault.what}. ${fault.case}.`;
}

/** Where each figure comes from: the words that were published, the cases, and what to know of them; then its faults. */
export function claimNotes(results: readonly ClaimResult[], strike: Strike): readonly string[] {
  return results.flatMap(({ id, source, cases, faults, note }) => {
    const honest = cases.length === 0 ? '' : ` ${cases.join(' and ')}.`;
    return [`${id}: “${source}”.${honest} ${note}`, ...faults.map((fault) => faultNote(fault, strike))];
  });
}

const WORDS: Readonly<{ [holds in Holds]: readonly [one: string, more: string] }> = {
  yes: ['holds', 'hold'],
  no: ['does not hold', 'do not hold'],
  'not resolvable': ['not resolvable', 'not resolvable'],
  'not measured': ['not measured', 'not measured'],
};

/** `12 claims: 3 hold, 8 do not hold, 1 not measured`, then what became of the faults. */
export function claimSentence(results: readonly ClaimResult[]): string {
  const found = HOLDS.flatMap((holds) => {
    const count = results.filter((result) => result.holds === holds).length;
    return count === 0 ? [] : [`${count} ${WORDS[holds][count === 1 ? 0 : 1]}`];
  });
  const faults = results.flatMap((result) => result.faults);
  const caught = faults.filter(({ status }) => status === 'corrupt').length;
  const lies = faults.length === 0 ? '' : `; ${caught} of ${plural(faults.length, 'fault')} refused`;
  return `${plural(results.length, 'claim')}: ${found.join(', ')}${lies}`;
}

/** `run`: what the results were read from; null where nothing had to run. */
export function claimsMarkdown(results: readonly ClaimResult[], run: Run | null): string {
  const strike: Strike = (text) => `~~${text}~~`;
  return [
    '# Claimed beside measured',
    '',
    `${claimSentence(results)}.`,
    '',
    line(CLAIM_HEADINGS),
    line(CLAIM_HEADINGS.map(() => '---')),
    ...claimRows(results, strike).map((cells) => line(cells.map((text) => text.trim()))),
    '',
    ...claimNotes(results, strike).map((text) => (text.startsWith(' ') ? `  - ${text.trim()}` : `- ${text}`)),
    '',
    ...(run === null ? [] : [`Run ${run.id}: ${machineText(run)}`, '']),
  ].join('\n');
}
