/** What meets what: a case of the base and a case of the head, and the pool that they are decided in. */

import type { WriterSpec } from '../../suites/types.js';
import { Misuse } from '../misuse.js';
import type { Plan } from '../plan/plan.js';
import type { Case, WriteCase } from '../types.js';
import { libraryVariants, type BuiltSide } from './sides.js';
import type { SideName } from './types.js';

export interface Contest {
  /** Id of the head's case. */
  readonly id: string;
  /** Cases of one writer, variant and options, whatever their table. */
  readonly pool: string;
  /** False where it is only to be verified: a table too small for its time to say anything. */
  readonly timed: boolean;
  readonly base: WriteCase;
  readonly head: WriteCase;
}

const poolOf = (id: string): string => id.slice(id.indexOf('/') + 1);

function writeCases(cases: readonly Case[]): readonly WriteCase[] {
  return cases.map((one) => {
    if (one.kind === 'write') return one;
    throw new Misuse(`${one.id} writes nothing that could be verified: a gate takes cases of writers only.`);
  });
}

/** The same cases on both sides. */
export function sameCases(plan: Pick<Plan, 'cases' | 'untimed'>): readonly Contest[] {
  return writeCases(plan.cases).map((one) => ({
    id: one.id,
    pool: poolOf(one.id),
    timed: !plan.untimed.includes(one.id),
    base: one,
    head: one,
  }));
}

/** Cases of two writers that differ in nothing but the writer; `leftOut` are those that one of them does not have. */
export function pairedWriters(
  base: readonly Case[],
  head: readonly Case[],
): { readonly contests: readonly Contest[]; readonly leftOut: readonly string[] } {
  const key = ({ table, scale, variant, source, options }: WriteCase): string =>
    JSON.stringify([table, scale, variant, source, { ...options, writer: {} }]);
  const others = new Map(writeCases(base).map((one) => [key(one), one]));
  const heads = writeCases(head);
  const contests = heads.flatMap((one) => {
    const other = others.get(key(one));
    return other === undefined ? [] : [{ id: one.id, pool: poolOf(one.id), timed: true, base: other, head: one }];
  });
  const met = new Set(contests.flatMap((one) => [one.base.id, one.head.id]));
  const leftOut = [...others.values(), ...heads].filter(({ id }) => !met.has(id)).map(({ id }) => id);
  return { contests, leftOut };
}

/** Why a side cannot run a case, or null. */
function lackOf(writer: WriterSpec | undefined, declared: WriterSpec['variants'], one: WriteCase): string | null {
  if (writer === undefined) return `has no writer ${one.writer}`;
  return declared.includes(one.variant) ? null : `declares no variant ${one.variant} of writer ${one.writer}`;
}

/** Two sides with different cases cannot be compared: a sentence that names the first of them, and what to do. */
export async function checkSameSets(
  contests: readonly Contest[],
  sides: Readonly<{ [side in SideName]: BuiltSide }>,
): Promise<void> {
  const variants = new Map<string, WriterSpec['variants']>();
  for (const role of ['base', 'head'] as const) {
    for (const contest of contests) {
      const one = contest[role];
      const writer = sides[role].writers.get(one.writer);
      const key = `${role} ${one.writer}`;
      if (writer !== undefined && !variants.has(key)) variants.set(key, await libraryVariants(writer));
      const lack = lackOf(writer, variants.get(key) ?? [], one);
      if (lack === null) continue;
      throw new Misuse(
        `The two sides have different cases: ${role} (${sides[role].side.name}) ${lack}, which ${one.id} needs.` +
          ` Choose cases that both have by --writer, --variant or --table.`,
      );
    }
  }
}

export const timedPools = (contests: readonly Contest[]): readonly string[] => [
  ...new Set(contests.filter(({ timed }) => timed).map(({ pool }) => pool)),
];
