/** A gate as JUnit XML: a test a decision, which fails where it blocks. */

import junit from 'junit-report-builder';
import type { GateLine, GateResult } from '../../harness/gate/types.js';
import { GATE_HEADINGS, gateRow } from './rows.js';

/** Its types say `default`, its module is the builder itself. */
const builder = junit as unknown as (typeof junit)['default'];

const textOf = (line: GateLine): string =>
  gateRow(line)
    .flatMap((cell, place) => (cell === '' ? [] : [`${GATE_HEADINGS[place] ?? ''}: ${cell}`]))
    .join('\n');

export function gateJunit({ gate, lines }: GateResult): string {
  const report = builder.newBuilder();
  const suite = report.testSuite().name(`writeproof ${gate.command} ${gate.id}`).timestamp(gate.startedAt);
  // The verdict is a test of its own: a gate without lines must not look green.
  const whole = suite.testCase().className('gate').name('verdict');
  if (gate.exitCode !== 0) whole.failure(gate.sentence, gate.verdict);
  for (const line of lines) {
    const test = suite.testCase().className(line.metric).name(line.case);
    if (!line.decides || line.verdict === 'not detectable') {
      if (line.verdict !== 'pass') test.skipped();
      test.standardOutput(textOf(line));
    } else if (line.verdict === 'pass') {
      test.standardOutput(textOf(line));
    } else {
      test.failure(line.note === '' ? line.verdict : line.note, line.verdict).standardOutput(textOf(line));
    }
  }
  return report.build();
}
