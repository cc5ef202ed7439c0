/** Lines → the verdict of the whole gate, its exit code and its sentence. It fails closed. */

import { EXIT, firstOf, type ExitCode } from '../exit-code.js';
import type { Gate, GateLine } from './types.js';

export interface GateVerdict {
  readonly verdict: Gate['verdict'];
  readonly exitCode: ExitCode;
  readonly sentence: string;
}

const NAMES: Readonly<{ [code in ExitCode]?: Gate['verdict'] }> = {
  [EXIT.pass]: 'pass',
  [EXIT.regression]: 'regression',
  [EXIT.inconclusive]: 'inconclusive',
  [EXIT.integrity]: 'integrity failure',
  [EXIT.nothingMeasured]: 'nothing measured',
  [EXIT.interrupted]: 'interrupted',
};

const named = (lines: readonly GateLine[]): string => {
  const shown = lines.slice(0, 3).map((line) => {
    const by = line.estimate === null ? '' : ` ${((line.estimate - 1) * 100).toFixed(1)} %`;
    return `${line.case} (${line.metric}${by})`;
  });
  return lines.length > shown.length ? `${shown.join(', ')} and ${lines.length - shown.length} more` : shown.join(', ');
};

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

export function verdictOf(lines: readonly GateLine[], tolerance: number, interrupted: boolean): GateVerdict {
  const of = (verdict: GateLine['verdict']): readonly GateLine[] =>
    lines.filter((line) => line.decides && line.verdict === verdict);
  const [bad, worse, open] = [of('unverified'), of('regression'), of('inconclusive')];
  const times = lines.filter((line) => line.metric === 'time' && line.decides && line.verdict !== 'inconclusive');
  const codes: ExitCode[] = [];
  if (interrupted) codes.push(EXIT.interrupted);
  if (bad.length > 0) codes.push(EXIT.integrity);
  if (worse.length > 0) codes.push(EXIT.regression);
  if (open.length > 0) codes.push(EXIT.inconclusive);
  // Without a decided time there is nothing to be green about.
  if (codes.length === 0 && times.length === 0) codes.push(EXIT.nothingMeasured);
  const exitCode = firstOf(codes);
  const sentences: Readonly<{ [code in ExitCode]?: string }> = {
    [EXIT.interrupted]: 'Interrupted: nothing is decided.',
    [EXIT.integrity]: `Integrity failure: ${named(bad)}. No speed counts where data are not there.`,
    [EXIT.regression]: `Regression: ${named(worse)}.`,
    [EXIT.inconclusive]: `Inconclusive: ${named(open)}.`,
    [EXIT.nothingMeasured]: 'Nothing was measured.',
    [EXIT.pass]: `Pass: no case is ${percent(tolerance)} slower, none needs more memory or disk, and every row is there.`,
  };
  return { verdict: NAMES[exitCode] ?? 'inconclusive', exitCode, sentence: sentences[exitCode] ?? '' };
}
