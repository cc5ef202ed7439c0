/** What `gate --prove` found on synthetic gates: a row a kind of noise and change, and a sentence about the marks. */

import type { ProveRow } from '../harness/gate/prove/rows.js';
import type { Rate } from '../harness/statistics/binomial.js';
import { countText, plural } from './format.js';
import { line } from './markdown-line.js';

export const PROVE_HEADINGS = [
  'change',
  'metric',
  'noise',
  'σ',
  'decided by',
  'gates',
  'red',
  'green',
  'inconclusive',
  'pairs (p95)',
  'mark',
] as const;

const percent = (share: number, digits: number): string => (share * 100).toFixed(digits);

/** `0.2 % (0.1–0.3)`: the interval is that of the simulation, 95 %. */
const rateText = ({ rate, interval: [low, high] }: Rate): string =>
  `${percent(rate, 1)} % (${percent(low, 1)}–${percent(high, 1)})`;

export function proveCells(row: ProveRow): readonly string[] {
  const { change, metric, noise, sigma, method, gates, red, green, inconclusive, pairs, mark } = row;
  return [
    change,
    metric,
    noise,
    sigma === null ? '' : `${percent(sigma, 1)} %`,
    method,
    countText(gates),
    rateText(red),
    rateText(green),
    `${percent(inconclusive.rate, 1)} %`,
    pairs === null ? '' : `${pairs.mean.toFixed(0)} (${pairs.p95.toFixed(0)})`,
    mark === null ? '' : `${mark.met ? 'met' : 'MISSED'}: ${mark.what}`,
  ];
}

export function proveSentence(rows: readonly ProveRow[]): string {
  const marks = rows.flatMap(({ mark }) => mark ?? []);
  const met = marks.filter((mark) => mark.met).length;
  const gates = rows.filter(({ method }) => method === 'gate').reduce((sum, row) => sum + row.gates, 0);
  return `${plural(gates, 'synthetic gate')}: ${countText(met)} of ${plural(marks.length, 'mark')} met`;
}

export function proveMarkdown(rows: readonly ProveRow[]): string {
  const rule = PROVE_HEADINGS.map(() => '---');
  return [
    `**${proveSentence(rows)}**`,
    '',
    ...[PROVE_HEADINGS, rule, ...rows.map(proveCells)].map((cells) => line(cells)),
    '',
  ].join('\n');
}

export interface ProveDocument {
  readonly schema: 'writeproof.prove.v1';
  readonly seed: number;
  readonly tolerance: number;
  /** Where the noise was recorded. */
  readonly machine: string;
  readonly results: readonly ProveRow[];
}

export const proveDocument = ({
  rows,
  ...settings
}: Omit<ProveDocument, 'schema' | 'results'> & { readonly rows: readonly ProveRow[] }): ProveDocument => ({
  schema: 'writeproof.prove.v1',
  ...settings,
  results: rows,
});
