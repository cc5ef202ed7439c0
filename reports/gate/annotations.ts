/** What blocks as workflow commands (`::error title=…::…`), which hosted CI shows beside a change. */

import type { GateResult } from '../../harness/gate/types.js';
import { gateRow, shownLines } from './rows.js';

const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

const command = (kind: 'error' | 'warning' | 'notice', title: string, text: string): string =>
  `::${kind} title=${property(title)}::${escaped(text)}`;

export function gateAnnotations(result: GateResult): string {
  const { gate } = result;
  const blocking = shownLines(result).filter((line) => line.decides && line.verdict !== 'pass');
  const kind = gate.exitCode === 0 ? 'notice' : gate.verdict === 'inconclusive' ? 'warning' : 'error';
  return [
    command(kind, `writeproof ${gate.command}: ${gate.verdict}`, gate.sentence),
    ...blocking.map((line) =>
      command(
        line.verdict === 'inconclusive' ? 'warning' : 'error',
        `${line.case}: ${line.metric}`,
        gateRow(line)
          .slice(2)
          .filter((cell) => cell !== '')
          .join(', '),
      ),
    ),
  ].join('\n');
}
