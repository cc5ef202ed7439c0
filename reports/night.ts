/** A night as text, and as Markdown. */

import type { ChangePoint } from '../harness/history/types.js';
import type { Night } from '../harness/nightly/types.js';
import { bytesText } from './format.js';
import { line } from './markdown-line.js';

const METRIC: Readonly<{ [metric in ChangePoint['metric']]: string }> = {
  normalised: 'time, in canaries',
  peakRssBytes: 'peak RSS',
  diskBytes: 'size',
};

const valueText = (metric: ChangePoint['metric'], value: number): string =>
  metric === 'normalised' ? value.toPrecision(3) : bytesText(value);

const changeText = ({ before, after }: ChangePoint): string => {
  const percent = (after / before - 1) * 100;
  return `${percent >= 0 ? '+' : '−'}${Math.abs(percent).toFixed(1)} %`;
};

/** `since 2026-11-22, lineitem@1/parquet/stream: time, in canaries 1.20 → 1.31 (+9.2 %, p 0.002)`. */
export function changePointText(change: ChangePoint): string {
  const { case: id, metric, at, before, after, pValue } = change;
  const values = `${valueText(metric, before)} → ${valueText(metric, after)}`;
  return `since ${at.slice(0, 10)}, ${id}: ${METRIC[metric]} ${values} (${changeText(change)}, p ${pValue})`;
}

/** Without the verdict, which stands last. */
export function nightTexts({ results, changePoints, notes, trend }: Night): readonly string[] {
  return [
    ...results.map(({ step, sentence, exitCode }) => `${step}: ${sentence}${exitCode === 0 ? '' : ` [${exitCode}]`}`),
    ...changePoints.map((change) => `advice, ${changePointText(change)}`),
    ...notes,
    ...(trend === null ? [] : [`trend: results/${trend}`]),
  ];
}

export function nightMarkdown(night: Night): string {
  const { results, changePoints, notes } = night;
  const steps = [
    line(['step', 'exit code', 'what it found']),
    line(['---', '---', '---']),
    ...results.map(({ step, exitCode, sentence }) => line([step, String(exitCode), sentence])),
  ];
  const advice = [
    line(['case', 'what', 'since', 'before', 'after', 'change', 'p']),
    line(['---', '---', '---', '---:', '---:', '---:', '---:']),
    ...changePoints.map((change) => {
      const { case: id, metric, at, before, after, pValue } = change;
      const values = [valueText(metric, before), valueText(metric, after), changeText(change), String(pValue)];
      return line([id, METRIC[metric], at.slice(0, 10), ...values]);
    }),
  ];
  return [
    `# ${night.night}`,
    '',
    `**${night.sentence}**`,
    '',
    ...steps,
    ...(changePoints.length === 0 ? [] : ['', 'Change points: advice, which blocks nothing.', '', ...advice]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${note}`)]),
    '',
  ].join('\n');
}
