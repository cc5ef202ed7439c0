/** What `crash` found: a histogram of kills by phase and outcome, a table for each other part, and a sentence. */

import type { CrashPart, CrashResult } from '../harness/crash/results.js';
import { countText, plural } from './format.js';

export const CRASH_TITLES: Readonly<{ [part in CrashPart]: string }> = {
  kills: 'SIGKILL, by the phase that the worker was in',
  calls: 'Failing calls',
  power: 'Power cuts',
  limits: 'Limits',
};

/** What the phases of kills are. */
export const PHASE_NOTE =
  'commit is the engine’s fsync of every file and folder, and of Lance each flush that commits a version too; the last ' +
  'version of Lance is committed in close.';

const KILL_OUTCOMES = ['no dataset', 'previous version whole', 'new whole', 'half, refused'] as const;

export const CRASH_HEADINGS: Readonly<{ [part in CrashPart]: readonly string[] }> = {
  kills: ['case', 'phase', 'kills', ...KILL_OUTCOMES],
  calls: ['case', 'injected', 'calls', 'of', 'outcomes'],
  power: ['case', 'cut', 'cuts', 'of', 'outcomes'],
  limits: ['case', 'limit', 'trials', 'of', 'outcomes'],
};

function outcomesText({ outcomes }: CrashResult): string {
  return Object.entries(outcomes)
    .map(([outcome, count]) => `${countText(count)} ${outcome}`)
    .join(', ');
}

/** Rows of a part that was tried. */
export function crashRows(part: CrashPart, results: readonly CrashResult[]): readonly (readonly string[])[] {
  const own = results.filter((result) => result.part === part && result.trials > 0);
  return own.map((result) => {
    const head = [result.case, result.what, countText(result.trials)];
    if (part === 'kills') return [...head, ...KILL_OUTCOMES.map((outcome) => countText(result.outcomes[outcome] ?? 0))];
    return [...head, result.of === null ? '' : countText(result.of), outcomesText(result)];
  });
}

export const wrongTexts = (results: readonly CrashResult[]): readonly string[] =>
  results.flatMap((result) => result.wrong.map((wrong) => `${result.case}: ${wrong}`));

export const skippedTexts = (results: readonly CrashResult[]): readonly string[] =>
  results.flatMap(({ case: id, what, skipped }) => (skipped === null ? [] : [`${id}: ${what} skipped: ${skipped}`]));

export const inconclusiveTexts = (results: readonly CrashResult[]): readonly string[] =>
  results.flatMap(({ case: id, inconclusive }) => (inconclusive === null ? [] : [`${id}: ${inconclusive}`]));

export function crashSentence(results: readonly CrashResult[]): string {
  const total = (part: CrashPart): number =>
    results.filter((result) => result.part === part).reduce((sum, { trials }) => sum + trials, 0);
  const counts = [
    plural(total('kills'), 'kill'),
    plural(total('calls'), 'failing call'),
    plural(total('power'), 'power cut'),
    plural(total('limits'), 'limit'),
  ].join(', ');
  const wrong = wrongTexts(results).length;
  const skipped = results.filter((result) => result.skipped !== null).length;
  const end = wrong === 0 ? 'nothing half-written was verified or left' : `${countText(wrong)} ended as they must not`;
  return `${counts}: ${end}${skipped === 0 ? '' : `; ${countText(skipped)} skipped`}`;
}
