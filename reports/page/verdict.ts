/** The verdict on a run in a sentence. */

import { statusOf, type CaseSummary } from '../../harness/summary.js';
import type { Status } from '../../harness/types.js';
import { claimSentence } from '../claims.js';
import { scoreSentence } from '../faults.js';
import { countText, plural } from '../format.js';
import { html, type Html } from './html.js';
import type { RunReport } from './run-report.js';

export interface PageVerdict {
  readonly kind: 'good' | 'bad' | 'care';
  readonly sentence: string;
}

const BAD: readonly Status[] = ['corrupt', 'failed', 'crashed', 'timeout'];

function ofCases(judged: readonly CaseSummary[]): PageVerdict {
  const statuses = judged.map(statusOf);
  const count = (status: Status): number => statuses.filter((one) => one === status).length;
  const [verified, skipped] = [count('verified'), count('skipped')];
  const bad = BAD.filter((status) => count(status) > 0).map((status) => `${countText(count(status))} ${status}`);
  const all = plural(judged.length, 'case');
  const left = skipped === 0 ? '' : `, ${countText(skipped)} skipped`;
  if (bad.length > 0) {
    const wrong = judged.length - verified - skipped;
    const are = wrong === 1 ? 'is' : 'are';
    return { kind: 'bad', sentence: `${countText(wrong)} of ${all} ${are} not verified: ${bad.join(', ')}${left}.` };
  }
  if (verified === 0) {
    const why = judged.length === 0 ? '' : `: ${all} skipped`;
    return { kind: 'care', sentence: `Nothing was measured${why}.` };
  }
  if (skipped > 0) return { kind: 'care', sentence: `${countText(verified)} of ${all} verified${left}.` };
  return { kind: 'good', sentence: judged.length === 1 ? 'The one case is verified.' : `All ${all} are verified.` };
}

export function verdictOf({ run, records, judged, expected, faults, claims }: RunReport): PageVerdict {
  let { kind, sentence } = ofCases(judged);
  if (faults !== null) {
    const { score } = faults;
    sentence = `${scoreSentence(score)}.`;
    if (score.holes.length + score.ours.length > 0) kind = 'bad';
    else kind = score.run === 0 ? 'care' : 'good';
  }
  if (claims !== null) sentence = `${sentence} ${claimSentence(claims)}.`;
  const missed = expected.filter(({ holds }) => !holds).length;
  if (missed > 0) {
    if (kind === 'good') kind = 'care';
    sentence += ` ${countText(missed)} of ${plural(expected.length, 'expectation')} of the suite ${missed === 1 ? 'does' : 'do'} not hold.`;
  }
  if (records.length < run.order.length) {
    if (kind === 'good') kind = 'care';
    sentence += ` The run is not finished: ${countText(records.length)} of ${plural(run.order.length, 'repetition')} are recorded.`;
  }
  return { kind, sentence };
}

const MARKS: Readonly<{ [kind in PageVerdict['kind']]: string }> = { good: '✓', bad: '✗', care: '!' };

export const verdictHtml = ({ kind, sentence }: PageVerdict): Html =>
  html`<p class="verdict ${kind}"><span class="mark" aria-hidden="true">${MARKS[kind]}</span>${sentence}</p> `;

const SYMBOLS: Readonly<{ [status in Status]: string }> = {
  verified: '✓',
  corrupt: '✗',
  failed: '✗',
  crashed: '✗',
  timeout: '✗',
  skipped: '–',
};

/** A status with its sign, so that its colour is not alone. */
export const statusHtml = (status: Status): Html =>
  html`<span class="status ${status}"><span aria-hidden="true">${SYMBOLS[status]} </span>${status}</span>`;
