/** A results folder → the rows of all tables, read by the readers of each kind. What cannot be read is named and left out. */

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { GATE_FILE, readGate } from '../gate/read.js';
import type { Block, Gate } from '../gate/types.js';
import { SIDES } from '../gate/types.js';
import { readHistory } from '../history/store.js';
import type { HistoryPoint } from '../history/types.js';
import { fingerprintOf } from '../machine-fingerprint.js';
import { messageOf } from '../misuse.js';
import { readRun, RUN_FILE } from '../run/records.js';
import type { Machine } from '../types.js';
import { readBlocks } from './stored-gates.js';
import { filled, type Table, type TableSpec } from './table.js';
import { GATE_BLOCKS, GATE_LINES, GATES, type FoundBlock, type FoundLine } from './tables/gates.js';
import { HISTORY, MACHINES } from './tables/history.js';
import { FINDINGS, RECORDS, RUNS, type FoundFinding, type FoundRecord, type FoundRun } from './tables/runs.js';

/** What there is to ask, in the order in which it is documented. */
export const TABLES: readonly Omit<TableSpec<never>, 'of'>[] = [
  RUNS,
  RECORDS,
  FINDINGS,
  HISTORY,
  MACHINES,
  GATES,
  GATE_LINES,
  GATE_BLOCKS,
];

export interface Loaded {
  readonly tables: readonly Table[];
  /** What was left out, a sentence each. */
  readonly sentences: readonly string[];
}

interface Found {
  readonly runs: FoundRun[];
  readonly gates: Gate[];
  readonly lines: FoundLine[];
  readonly blocks: FoundBlock[];
  readonly sentences: string[];
}

/** Folders below `folder` that hold the file. */
async function foldersWith(folder: string, file: string): Promise<readonly string[]> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  return names.filter((name) => existsSync(path.join(folder, name, file))).sort();
}

async function addRun(
  found: Found,
  results: string,
  within: string,
  of: Pick<FoundRun, 'gate' | 'side'>,
): Promise<void> {
  try {
    const { run, records, cutLine } = await readRun(path.join(results, within));
    found.runs.push({ run, records, ...of });
    if (cutLine !== null) found.sentences.push(`Line ${cutLine} of ${within}/records.jsonl is cut off and left out.`);
  } catch (error) {
    found.sentences.push(`${within} is left out: ${messageOf(error)}`);
  }
}

const blockRows = (gate: string, block: Block): readonly FoundBlock[] =>
  block.pairs.length === 0
    ? [{ gate, block, pair: null }]
    : block.pairs.map((_, index) => ({ gate, block, pair: index + 1 }));

/** A gate that was killed has blocks and records, and no verdict yet; its folder has its id then. */
async function addGate(found: Found, results: string, name: string): Promise<void> {
  const within = path.join('gates', name);
  const folder = path.join(results, within);
  let id = name;
  try {
    if (existsSync(path.join(folder, GATE_FILE))) {
      const { gate, lines } = await readGate(folder);
      id = gate.id;
      found.gates.push(gate);
      found.lines.push(...lines.map((line) => ({ gate: id, line })));
    }
    for (const block of await readBlocks(folder)) found.blocks.push(...blockRows(id, block));
  } catch (error) {
    found.sentences.push(`${within} is left out: ${messageOf(error)}`);
  }
  for (const side of SIDES) {
    const own = path.join(within, side);
    if (existsSync(path.join(results, own, RUN_FILE))) await addRun(found, results, own, { gate: id, side });
  }
}

function machinesOf({ runs, gates }: Found, history: ReadonlyMap<string, Machine>): ReadonlyMap<string, Machine> {
  const machines = new Map(history);
  const add = (machine: Machine): void => {
    machines.set(fingerprintOf(machine), machine);
  };
  for (const { run, records } of runs) {
    add(run.machine);
    for (const { machine } of records) add(machine);
  }
  for (const gate of gates) add(gate.machine);
  return machines;
}

function tablesOf(
  found: Found,
  points: readonly HistoryPoint[],
  history: ReadonlyMap<string, Machine>,
): readonly Table[] {
  const records: readonly FoundRecord[] = found.runs.flatMap((one) =>
    one.records.map((record) => ({ found: one, record })),
  );
  const findings: readonly FoundFinding[] = records.flatMap((one) => {
    const { verdict } = one.record;
    return verdict.status === 'corrupt'
      ? verdict.findings.map((finding, index) => ({ ...one, finding, number: index + 1 }))
      : [];
  });
  const machines = [...machinesOf(found, history)].map(([fingerprint, machine]) => ({ fingerprint, machine }));
  return [
    filled(RUNS, found.runs),
    filled(RECORDS, records),
    filled(FINDINGS, findings),
    filled(HISTORY, points),
    filled(MACHINES, machines),
    filled(GATES, found.gates),
    filled(GATE_LINES, found.lines),
    filled(GATE_BLOCKS, found.blocks),
  ];
}

export async function loadTables(results: string): Promise<Loaded> {
  const found: Found = { runs: [], gates: [], lines: [], blocks: [], sentences: [] };
  for (const id of await foldersWith(path.join(results, 'runs'), RUN_FILE)) {
    await addRun(found, results, path.join('runs', id), { gate: null, side: null });
  }
  const gates = path.join(results, 'gates');
  for (const id of existsSync(gates) ? (await readdir(gates)).sort() : []) await addGate(found, results, id);
  const history = await readHistory(path.join(results, 'history'));
  return {
    tables: tablesOf(found, history.points, history.machines),
    sentences: [...found.sentences, ...history.sentences],
  };
}
