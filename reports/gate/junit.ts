/** A gate as JUnit XML: a test a decision, which fails where it blocks. */

import type { GateLine, GateResult } from '../../harness/gate/types.js';
import { junitXml, type JunitCase } from '../junit.js';
import { GATE_HEADINGS, gateRow } from './rows.js';

const textOf = (line: GateLine): string =>
  gateRow(line)
    .flatMap((cell, place) => (cell === '' ? [] : [`${GATE_HEADINGS[place] ?? ''}: ${cell}`]))
    .join('\n');

function outcomeOf(line: GateLine): JunitCase['outcome'] {
  const { verdict, decides, note } = line;
  const text = textOf(line);
  if (verdict === 'pass') return { kind: 'passed', text };
  if (!decides || verdict === 'not detectable') return { kind: 'skipped', text };
  return { kind: 'failure', type: verdict, message: note === '' ? verdict : note, text };
}

export function gateJunit({ gate, lines }: GateResult): string {
  // The verdict is a test of its own: a gate without lines must not look green.
  const { verdict, exitCode, sentence } = gate;
  const whole: JunitCase = {
    name: 'verdict',
    group: gate.command,
    seconds: 0,
    outcome:
      exitCode === 0
        ? { kind: 'passed', text: sentence }
        : { kind: 'failure', type: verdict, message: sentence, text: gate.notes.join('\n') },
  };
  const cases = lines.map((line) => ({ name: line.case, group: line.metric, seconds: 0, outcome: outcomeOf(line) }));
  const properties = [
    ['base', gate.base.name],
    ['head', gate.head.name],
    ['tolerance', String(gate.tolerance)],
    ['seed', String(gate.seed)],
  ] as const;
  return junitXml([
    { name: `writeproof ${gate.command} ${gate.id}`, startedAt: gate.startedAt, properties, cases: [whole, ...cases] },
  ]);
}
