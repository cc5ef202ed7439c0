/** A gate of which every repetition is made up: the harness is under test, and no writer. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Contest } from '../../harness/gate/contest.js';
import { measureGate, type GateSetup, type Measured } from '../../harness/gate/run.js';
import { openLedger, readBlocks } from '../../harness/gate/store.js';
import type { Canary, Conditions, PoolPlan, SideName } from '../../harness/gate/types.js';
import { caseId } from '../../harness/plan/case-id.js';
import { randomFrom } from '../../harness/plan/order.js';
import type { Run, Verdict, WriteCase, WriteRecord } from '../../harness/types.js';
import { RUN } from '../records/run-fixture.js';
import { CASE, MACHINE, VERIFIED } from '../run/fixtures.js';

export function caseOf(table: string, variant: WriteCase['variant'] = 'stream'): WriteCase {
  const named = { ...CASE, table, scale: 0.1, variant };
  return { ...named, id: caseId(named, 'prepared') };
}

export function contestOf(table: string, variant: WriteCase['variant'] = 'stream', timed = true): Contest {
  const one = caseOf(table, variant);
  return { id: one.id, pool: one.id.slice(one.id.indexOf('/') + 1), timed, base: one, head: one };
}

export const QUIET: Conditions = { steal: 0, cpuPressure: 0, ioPressure: 0, memoryPressure: 0 };
export const CANARY: Canary = { version: 1, writeNs: 10e6, encodeNs: 50e6 };

/** Normally distributed, by Box and Muller. */
export function noise(seed: number, sigma: number): () => number {
  const random = randomFrom(seed);
  return () => sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** How long a repetition takes, ns, or what else becomes of it. */
export type Outcome = (side: SideName, contest: Contest, nth: number) => number | Verdict | 'interrupt';

const verified = VERIFIED as Extract<Verdict, { readonly status: 'verified' }>;
const rss = { beforeBytes: 0, peakBytes: 40 * 2 ** 20, growthBytes: 1 };

export function recordOf(
  one: WriteCase,
  outcome: number | Verdict,
  position: number,
  repetition: number,
  run: string,
): WriteRecord {
  const verdict: Verdict =
    typeof outcome === 'number'
      ? { ...verified, measurement: { ...verified.measurement, durableNs: outcome, rss } }
      : outcome;
  return {
    schema: 'writeproof.record.v1',
    run,
    case: one,
    repetition,
    position,
    startedAt: '2026-01-31T12:30:45.000Z',
    verdict,
    crossed: null,
    writerSays: null,
    libraries: [],
    machine: MACHINE,
    files: [],
    kept: null,
    notes: [],
    harnessNs: 1,
  };
}

export interface Played {
  readonly measured: Measured;
  readonly records: Readonly<{ [side in SideName]: readonly WriteRecord[] }>;
  readonly said: readonly string[];
  readonly plans: readonly PoolPlan[] | null;
}

const runOf = (id: string, contests: readonly Contest[]): Run => ({
  ...RUN,
  id,
  order: [],
  cases: contests.map(({ head }) => head),
});

/** Plays a gate in a folder, from where it stopped if it did. */
export async function play(
  folder: string,
  contests: readonly Contest[],
  outcome: Outcome,
  changes: Partial<GateSetup> & { readonly disturb?: (nth: number) => string | null } = {},
): Promise<Played> {
  const ledgers = {
    base: await openLedger(path.join(folder, 'base'), runOf('g-base', contests)),
    head: await openLedger(path.join(folder, 'head'), runOf('g-head', contests)),
  };
  const abort = new AbortController();
  const said: string[] = [];
  let plans: readonly PoolPlan[] | null = changes.plans ?? null;
  let blocks = 0;
  const measured = await measureGate({
    contests,
    ledgers,
    bench: {
      canary: async () => Promise.resolve(CANARY),
      watch: () => () => QUIET,
      disturbance: () => {
        blocks += 1;
        return changes.disturb?.(blocks) ?? null;
      },
      repeat: async (side, contest) => {
        const { position, repetition } = await ledgers[side].next(contest[side]);
        const what = outcome(side, contest, repetition);
        if (what === 'interrupt') {
          abort.abort();
          return null;
        }
        const record = recordOf(contest[side], what, position, repetition, `g-${side}`);
        await ledgers[side].add(record);
        return record;
      },
    },
    count: null,
    folder,
    seed: 7,
    tolerance: 0.05,
    budgetSeconds: 3600,
    signal: abort.signal,
    watch: {
      say: (text) => {
        said.push(text);
      },
      onRepetition: () => undefined,
      onRound: () => undefined,
    },
    blocks: await readBlocks(folder),
    counters: [],
    plans,
    planNotes: [],
    keepPlans: async (made) => {
      plans = made;
      await Promise.resolve();
    },
    ...changes,
  });
  const records = { base: ledgers.base.records as WriteRecord[], head: ledgers.head.records as WriteRecord[] };
  return { measured, records, said, plans };
}

export function temporary(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'writeproof-gate-'));
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
