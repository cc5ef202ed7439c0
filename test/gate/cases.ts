/** A case by its id, and a bench whose writer has a handicap. */

import { makePlan } from '../../harness/plan/plan.js';
import type { Bench } from '../../harness/run/repetition.js';
import { isWrite, type Measurement, type WriteCase } from '../../harness/types.js';
import { runRepetition } from '../../harness/run/repetition.js';
import { handicapped, type Handicap } from '../../suites/handicaps.js';
import { REGISTRY } from '../../suites/index.js';
import { freshFolder } from '../fixtures.js';
import { benchOf } from '../run/bench.js';

/** Tables that a test file prepares once. */
const CACHE = freshFolder();

const NOTHING = { tables: [], scales: [], writers: [], formats: [], variants: [], options: {}, seed: 1 };

export function caseOf(id: string): WriteCase {
  const [one] = makePlan({ ...NOTHING, cases: [id] }, REGISTRY).cases;
  if (one?.kind !== 'write') throw new Error(`${id} is no case of a writer`);
  return one;
}

export const honestBench = (own: Partial<Bench> = {}): Bench => benchOf(REGISTRY, own, CACHE);

/** The same writers, of which one has a handicap under its own name. */
export function handicappedBench(writer: string, handicap: Handicap): Bench {
  const honest = REGISTRY.writers.find(({ name }) => name === writer);
  if (honest === undefined) throw new Error(`no writer ${writer}`);
  const spec = handicapped(honest, handicap);
  const writers = REGISTRY.writers.map((one) => (one.name === writer ? spec : one));
  return benchOf(
    { ...REGISTRY, writers },
    { changes: ({ writerOptions }) => ({ writerOptions: { ...writerOptions, ...spec.settings } }) },
    CACHE,
  );
}

/** What a repetition measured, which must be verified under the case's own id. */
export async function measured(one: WriteCase, bench: Bench): Promise<Measurement> {
  const record = await runRepetition({ position: 1, repetition: 1, case: one }, bench);
  if (record === null || !isWrite(record) || record.verdict.status !== 'verified') {
    throw new Error(`${one.id}: ${JSON.stringify(record?.verdict)}`);
  }
  if (record.case.id !== one.id) throw new Error(`${record.case.id} instead of ${one.id}`);
  return record.verdict.measurement;
}
