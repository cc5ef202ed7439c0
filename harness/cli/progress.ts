/** Progress on stderr: a bar with the time left on a terminal, else one line a case. */

import progress from 'cli-progress';
import { secondsText } from '../../reports/format.js';
import type { Progress } from '../run/run.js';
import { problemLines } from '../summary.js';
import { isCrossing, isWrite, type Record as RunRecord, type Verdict } from '../types.js';
import { say } from './output.js';

function resultText<Measured>(verdict: Verdict<Measured>, figure: (measurement: Measured) => string): string {
  if (verdict.status === 'verified') return `verified ${figure(verdict.measurement)}`;
  return `${verdict.status}: ${problemLines(verdict)[0] ?? ''}`;
}

function resultOf(record: RunRecord): string {
  if (isWrite(record)) return resultText(record.verdict, ({ durableNs }) => secondsText(durableNs));
  if (isCrossing(record)) return resultText(record.verdict, (m) => `${secondsText(m.nsPerBatch.p50)} a batch`);
  return resultText(record.verdict, ({ nsPerScan }) => `${secondsText(nsPerScan.p50)} a scan`);
}

function lineOf(record: RunRecord, total: number): string {
  return `[${record.position}/${total}] ${record.case.id} ${resultOf(record)}`;
}

export interface Watcher extends Progress {
  readonly onWork: (what: string) => void;
  readonly end: () => void;
}

const QUIET: Watcher = {
  onStep: () => undefined,
  onRecord: () => undefined,
  onWork: () => undefined,
  end: () => undefined,
};

const LINES: Watcher = {
  ...QUIET,
  onRecord: (record, total) => {
    say(lineOf(record, total));
  },
  onWork: (what) => {
    say(`preparing ${what}`);
  },
};

function bar(): Watcher {
  const shown = new progress.SingleBar({
    format: '{bar} {value}/{total} {eta_formatted} left  {what}',
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  let started = false;
  return {
    onStep: (step, total) => {
      if (!started) shown.start(total, step.position - 1, { what: '' });
      started = true;
      shown.update(step.position - 1, { what: step.case.id });
    },
    onRecord: (record) => {
      shown.update(record.position, { what: record.case.id });
    },
    onWork: (what) => {
      if (started) shown.update({ what: `preparing ${what}` });
    },
    end: () => {
      shown.stop();
    },
  };
}

export function watcher(quiet: boolean): Watcher {
  if (quiet) return QUIET;
  return process.stderr.isTTY ? bar() : LINES;
}
