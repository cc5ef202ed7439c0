/** A results folder with a run of every status, a gate, a history, and what is wrong with each. */

import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DEFAULT_OPTIONS } from '../../harness/defaults.js';
import type { Block, Gate, GateResult } from '../../harness/gate/types.js';
import { appendPoints } from '../../harness/history/store.js';
import { appendRecord, writeRun } from '../../harness/run/records.js';
import type { Run, Verdict, WriteCase } from '../../harness/types.js';
import { point } from '../history/points.js';
import { RUN } from '../records/run-fixture.js';
import { CASE, MACHINE, MEASUREMENT, record, VERIFIED } from '../run/fixtures.js';

/** What a lie would have been published as; it must not be found anywhere. */
export const REFUSED_NS = 123_454_321;

export const VERDICTS: readonly Verdict[] = [
  VERIFIED,
  {
    status: 'corrupt',
    findings: [
      { detector: 'N', what: 'rows read', expected: '1000', actual: '0' },
      { detector: 'M', what: 'digest of whole rows', expected: 'a', actual: 'b' },
    ],
    refused: { ...MEASUREMENT, durableNs: REFUSED_NS, returnNs: REFUSED_NS, diskBytes: REFUSED_NS },
  },
  { status: 'failed', step: 'write', errno: 28, errnoName: 'ENOSPC', reason: 'full' },
  { status: 'crashed', signal: 'SIGSEGV', exitCode: null, reason: 'ended by SIGSEGV' },
  { status: 'timeout', afterSeconds: 1, reason: 'ended after 1 s' },
  { status: 'skipped', reason: 'no O_DIRECT' },
];

const caseOf = (index: number): WriteCase => ({
  ...CASE,
  id: `region@1/parquet/stream;batchRows=${index + 1}`,
  options: { ...DEFAULT_OPTIONS, batchRows: index + 1 },
});

async function writeRunOf(folder: string, run: Run, verdicts: readonly Verdict[]): Promise<void> {
  const cases = verdicts.map((_, index) => caseOf(index));
  await writeRun(folder, { ...run, cases, order: cases.map(({ id }) => `1:${id}`) });
  for (const [index, verdict] of verdicts.entries()) {
    await appendRecord(folder, { ...record(index + 1, verdict, caseOf(index)), run: run.id });
  }
}

const SIDE = { name: 'main', kind: 'ref', commit: 'a'.repeat(40), tree: null, dirty: false, libraries: [] } as const;

export const GATE: Gate = {
  id: '2026-01-31T13-00-00Z-gate',
  command: 'gate',
  suite: 'gate',
  startedAt: '2026-01-31T13:00:00.000Z',
  finishedAt: null,
  base: SIDE,
  head: SIDE,
  whole: false,
  tolerance: 0.05,
  seed: 1,
  machine: MACHINE,
  blocks: 1,
  dropped: [],
  plans: [],
  notes: [],
  verdict: 'regression',
  exitCode: 2,
  sentence: 'Slower.',
};

export const RESULT: GateResult = {
  gate: GATE,
  lines: [
    {
      case: CASE.id,
      metric: 'time',
      verdict: 'regression',
      estimate: 1.1,
      interval: [1.05, 1.2],
      pairs: 12,
      mde: 0.03,
      tolerance: 0.05,
      decides: true,
      note: '',
    },
  ],
};

const BLOCK: Block = {
  round: 1,
  purpose: 'decide',
  case: CASE.id,
  order: 'ABBA',
  canary: { version: 1, writeNs: 5e6, encodeNs: 7e6 },
  conditions: { steal: 0.01, cpuPressure: null, ioPressure: null, memoryPressure: null },
  dropped: null,
  pairs: [
    { baseNs: 2e9, headNs: 3e9 },
    { baseNs: 4e9, headNs: 5e9 },
  ],
};

export async function makeResults(results: string): Promise<void> {
  await writeRunOf(path.join(results, 'runs', RUN.id), RUN, VERDICTS);
  const cut = { ...RUN, id: '2026-02-01T00-00-00Z-quick' };
  await writeRunOf(path.join(results, 'runs', cut.id), cut, [VERIFIED]);
  appendFileSync(path.join(results, 'runs', cut.id, 'records.jsonl'), '{"schema":"writeproof.rec');
  const broken = path.join(results, 'runs', '2026-02-02T00-00-00Z-quick');
  mkdirSync(broken);
  writeFileSync(path.join(broken, 'run.json'), '{');

  const gate = path.join(results, 'gates', 'of-some-name');
  for (const side of ['base', 'head'] as const) {
    await writeRunOf(path.join(gate, side), { ...RUN, id: `${GATE.id}-${side}` }, [VERIFIED]);
  }
  const document = { schema: 'writeproof.gate.v1', gate: GATE, results: RESULT.lines };
  writeFileSync(path.join(gate, 'gate.json'), JSON.stringify(document));
  const dropped = { ...BLOCK, round: 2, dropped: 'the canary was slow', pairs: [] };
  writeFileSync(path.join(gate, 'blocks.jsonl'), `${JSON.stringify(BLOCK)}\n${JSON.stringify(dropped)}\n{"round"`);

  await appendPoints(path.join(results, 'history'), [point(1), point(2)], MACHINE);
  appendFileSync(path.join(results, 'history', '2026-01.jsonl'), '{"schema":"writeproof.history.v7"}\n');
}
