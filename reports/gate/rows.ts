/** Lines of a gate as cells, for the terminal and for Markdown. */

import type { GateLine, GateResult } from '../../harness/gate/types.js';
import { plural } from '../format.js';

export const GATE_HEADINGS = [
  'case',
  'metric',
  'verdict',
  'head ÷ base',
  'interval',
  'pairs',
  'detectable',
  'tolerance',
  'note',
];

const change = (ratio: number): string => {
  const percent = (ratio - 1) * 100;
  return `${percent >= 0 ? '+' : '−'}${Math.abs(percent).toFixed(1)} %`;
};

const bound = (ratio: number | null): string => (ratio === null ? '?' : change(ratio));
const share = (value: number | null): string => (value === null ? '' : `${Number((value * 100).toFixed(1))} %`);

export function gateRow(line: GateLine): readonly string[] {
  const { estimate, interval, pairs, mde, tolerance } = line;
  return [
    line.case,
    line.metric,
    line.decides ? line.verdict : `(${line.verdict})`,
    estimate === null ? '' : change(estimate),
    interval === null ? '' : `${bound(interval[0])} … ${bound(interval[1])}`,
    String(pairs),
    share(mde),
    share(tolerance),
    line.note,
  ];
}

const WORST_FIRST: readonly GateLine['verdict'][] = [
  'unverified',
  'regression',
  'inconclusive',
  'pass',
  'not detectable',
];

/** What blocks first; what is verified and what passed beside time only where it is asked for. */
export function shownLines({ lines }: GateResult): readonly GateLine[] {
  const shown = lines.filter(
    (line) => line.metric === 'time' || (line.verdict !== 'pass' && line.verdict !== 'not detectable'),
  );
  const rank = (line: GateLine): number => (line.decides ? 0 : 10) + WORST_FIRST.indexOf(line.verdict);
  return [...shown].sort((one, other) => rank(one) - rank(other));
}

/** The others in a sentence each: how many passed, by metric. */
export function passedTexts({ lines }: GateResult): readonly string[] {
  const metrics = [...new Set(lines.map(({ metric }) => metric))].filter((metric) => metric !== 'time');
  return metrics.flatMap((metric) => {
    const mine = lines.filter((line) => line.metric === metric);
    const passed = mine.filter(({ verdict }) => verdict === 'pass').length;
    const blind = mine.filter(({ verdict }) => verdict === 'not detectable').length;
    const unseen = blind === 0 ? '' : `, ${blind} not detectable`;
    return mine.length === 0 ? [] : [`${metric}: ${passed} of ${plural(mine.length, 'case')} passed${unseen}`];
  });
}

const sideText = ({ name, commit, dirty }: GateResult['gate']['base']): string =>
  `${name}${commit === null ? '' : ` (${commit.slice(0, 12)}${dirty === true ? ', with changes that no commit holds' : ''})`}`;

/** What was compared and how, without the verdict. */
export function gateTexts({ gate }: GateResult): readonly string[] {
  const noise = gate.plans.map(({ sigma }) => sigma);
  const range = noise.length === 0 ? '' : `; σ of a pair ${share(Math.min(...noise))} to ${share(Math.max(...noise))}`;
  const dropped = gate.dropped.length === 0 ? '' : `, ${gate.dropped.length} dropped and run again`;
  return [
    `base ${sideText(gate.base)}, head ${sideText(gate.head)}${gate.whole ? ', each with its own engine and harness' : ''}`,
    `${plural(gate.blocks, 'block')} of two pairs${dropped}${range}; tolerance ${share(gate.tolerance)}: what lies between half of it and it may be called either`,
    ...gate.notes,
  ];
}
