/** How a gate is shown, whatever command ran it. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import progress from 'cli-progress';
import { gateAnnotations } from '../../reports/gate/annotations.js';
import { gateJunit } from '../../reports/gate/junit.js';
import { gateMarkdown } from '../../reports/gate/markdown.js';
import { GATE_HEADINGS, gateRow, gateTexts, passedTexts, shownLines } from '../../reports/gate/rows.js';
import type { GateEnd } from '../gate/start.js';
import type { GateWatch } from '../gate/run.js';
import type { GateResult } from '../gate/types.js';
import { paint, print, printTable, say } from './output.js';

export const GATE_FORMATS = ['text', 'json', 'md', 'junit', 'annotations'] as const;
export type GateFormat = (typeof GATE_FORMATS)[number];

function printText(result: GateResult): void {
  const { gate } = result;
  const shown = shownLines(result);
  const coloured = (cells: readonly string[], bad: boolean): readonly string[] =>
    cells.map((cell, place) => (place === 2 && bad ? paint.red(cell) : cell));
  if (shown.length > 0) {
    printTable(
      GATE_HEADINGS,
      shown.map((line) => coloured(gateRow(line), line.decides && line.verdict !== 'pass')),
    );
  }
  for (const text of [...passedTexts(result), ...gateTexts(result)]) print(paint.dim(text));
  print(paint.bold(gate.exitCode === 0 ? paint.green(gate.sentence) : paint.red(gate.sentence)));
}

export const gateDocument = ({ gate, lines }: GateResult): object => ({
  schema: 'writeproof.gate.v1',
  gate,
  results: lines,
});

export function printGate(result: GateResult, format: GateFormat): void {
  if (format === 'text') printText(result);
  else if (format === 'json') print(JSON.stringify(gateDocument(result)));
  else if (format === 'md') print(gateMarkdown(result));
  else if (format === 'junit') print(gateJunit(result));
  else print(gateAnnotations(result));
}

/** gate.md and junit.xml beside gate.json. */
export async function writeGateReports({ result, folder }: GateEnd): Promise<void> {
  await writeFile(path.join(folder, 'gate.md'), gateMarkdown(result));
  await writeFile(path.join(folder, 'junit.xml'), gateJunit(result));
}

const minutes = (seconds: number): string => {
  const whole = Math.ceil(seconds);
  return whole >= 90 ? `${Math.ceil(whole / 60)} min` : `${whole} s`;
};

type Round = Parameters<GateWatch['onRound']>[0];

const roundText = ({ purpose, round, open, decided, secondsLeft }: Round): string => {
  const what = purpose === 'confirm' ? `confirming, round ${round}` : `round ${round}`;
  const state = purpose === 'confirm' ? `${open} open` : `${decided} decided, ${open} open`;
  return `${what}: ${2 * round} pairs, ${state}, at most ${minutes(secondsLeft)} left`;
};

/** A line a round where it is piped; on a terminal one line that changes. */
export function gateWatch(quiet: boolean): { readonly watch: GateWatch; readonly end: () => void } {
  if (quiet) {
    return {
      watch: { say: () => undefined, onRepetition: () => undefined, onRound: () => undefined },
      end: () => undefined,
    };
  }
  if (!process.stderr.isTTY) {
    const onRound = (round: Round): void => {
      say(roundText(round));
    };
    return { watch: { say, onRepetition: () => undefined, onRound }, end: () => undefined };
  }
  const bar = new progress.SingleBar({
    format: '{state}  {what}',
    clearOnComplete: true,
    hideCursor: true,
    stream: process.stderr,
  });
  bar.start(1, 0, { state: 'verifying each case', what: '' });
  const watch: GateWatch = {
    say: (text) => {
      bar.stop();
      say(text);
      bar.start(1, 0, { state: '', what: '' });
    },
    onRepetition: (side, id) => {
      bar.update(0, { what: `${side} ${id}` });
    },
    onRound: (round) => {
      bar.update(0, { state: roundText(round) });
    },
  };
  return {
    watch,
    end: () => {
      bar.stop();
    },
  };
}
