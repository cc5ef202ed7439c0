/** `gate --prove`: the gate on thousands of synthetic gates and on real ones whose right verdict is known. */

import path from 'node:path';
import { PROVE_HEADINGS, proveCells, proveDocument, proveMarkdown, proveSentence } from '../../reports/prove.js';
import { REGISTRY } from '../../suites/index.js';
import { EXIT } from '../exit-code.js';
import { gatesFolder } from '../gate/read.js';
import { proveReal } from '../gate/prove/real.js';
import { proveSynthetic, type ProveRow } from '../gate/prove/rows.js';
import { readTrace } from '../gate/prove/trace.js';
import { buildSide } from '../gate/sides.js';
import { runGate } from '../gate/start.js';
import { exitWith } from './command.js';
import { toldBuilds } from './config.js';
import { gateWatch } from './gate-output.js';
import { interruptible } from './interrupt.js';
import { paint, print, printTable, say } from './output.js';
import { newRunId } from './run-settings.js';

/** Synthetic gates of each row. */
const SYNTHETIC = 10_000;

export interface ProveFlags {
  readonly tolerance: number;
  readonly budget: number;
  readonly seed?: number;
  /** Real gates of the unchanged build. */
  readonly gates: number;
  readonly target?: string;
  readonly timeout?: number;
  readonly to?: string;
  readonly json?: true;
  readonly quiet?: true;
}

export async function prove(flags: ProveFlags): Promise<void> {
  const { tolerance, quiet } = flags;
  const seed = flags.seed ?? 7;
  const told = (row: ProveRow): void => {
    if (quiet !== true)
      say(
        proveCells(row)
          .filter((cell) => cell !== '')
          .join('  '),
      );
  };
  const trace = await readTrace();
  const rows = [...proveSynthetic({ trace, tolerance, gates: SYNTHETIC, seed, onRow: told })];
  const { signal, release } = interruptible();
  try {
    const tell = quiet === true ? (): void => undefined : toldBuilds;
    const side = await buildSide('head', undefined, { registry: REGISTRY.writers, own: null, tell, signal });
    const id = newRunId('prove', new Date(), () => false);
    const { watch } = gateWatch(true);
    const real = await proveReal({
      side,
      registry: REGISTRY,
      gates: flags.gates,
      seed,
      onRow: told,
      run: async ({ mostSeconds, ...gate }, name) => {
        const end = await runGate({
          ...gate,
          command: 'prove',
          suite: 'selection',
          registry: REGISTRY,
          whole: false,
          counts: false,
          tolerance,
          budgetSeconds: Math.min(flags.budget, mostSeconds),
          target: flags.target,
          out: path.join(gatesFolder(), `${id}-${name}`),
          timeout: flags.timeout,
          signal,
          watch,
          onWork: (what) => {
            if (quiet !== true) say(`preparing ${what}`);
          },
          notes: [],
          asked: { command: 'prove', flags: {} },
        });
        if (signal.aborted) return null;
        if (quiet !== true) say(`${name}: ${end.result.gate.sentence}`);
        return end;
      },
    });
    rows.push(...real);
  } finally {
    release();
  }
  if (flags.json === true) print(JSON.stringify(proveDocument({ rows, seed, tolerance, machine: trace.machine })));
  else if (flags.to === 'md') print(proveMarkdown(rows));
  else {
    printTable(PROVE_HEADINGS, rows.map(proveCells));
    print(paint.bold(proveSentence(rows)));
  }
  if (signal.aborted) exitWith(EXIT.interrupted);
  else exitWith(rows.every(({ mark }) => mark?.met !== false) ? EXIT.pass : EXIT.inconclusive);
}
