/** A night as text, and as Markdown. */

import type { ChangePoint } from '../harness/history/types.js';
import type { Night } from '../harness/nightly/types.js';
import { changeText, TREND_METRICS, trendText } from './charts/trends.js';
import { line } from './markdown-line.js';

/** `since 2026-11-22, lineitem@1/parquet/stream: time, in canaries 1.20 → 1.31 (+9.2 %, p 0.002)`. */
export function changePointText(change: ChangePoint): string {
  const { case: id, metric, at, before, after, pValue } = change;
  const values = `${trendText(metric, before)} → ${trendText(metric, after)}`;
  return `since ${at.slice(0, 10)}, ${id}: ${TREND_METRICS[metric].title} ${values} (${changeText(change)}, p ${pValue})`;
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
      const values = [trendText(metric, before), trendText(metric, after), changeText(change), String(pValue)];
      return line([id, TREND_METRICS[metric].title, at.slice(0, 10), ...values]);
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
