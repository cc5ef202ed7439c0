/** Which cases a gate has: of the suite or the selection, for the writers that its sides are about. */

import type { Registry } from '../../suites/index.js';
import type { Block, SuiteSpec, WriterSpec } from '../../suites/types.js';
import { Misuse } from '../misuse.js';
import { makePlan, type Plan, type Selection } from '../plan/plan.js';
import { pairedWriters, sameCases, type Contest } from './contest.js';
import type { BuiltSide } from './sides.js';

export const GATE_SUITE = 'gate';

/** The suite with other writers: only tables whose rows every writer can hold, in all variants that they have. */
function suiteFor(suite: SuiteSpec, writers: readonly string[]): SuiteSpec {
  const tables = new Map<string, Block>();
  for (const block of suite.blocks) {
    if (block.timed === false) continue;
    for (const table of block.tables) {
      for (const scale of block.scales) {
        tables.set(`${table}@${scale}`, {
          tables: [table],
          scales: [scale],
          writers,
          variants: ['accumulate', 'stream', 'zero-copy', 'direct'],
        });
      }
    }
  }
  return { ...suite, blocks: [...tables.values()] };
}

/** What chooses cases beyond those of a suite; its writers are chosen from. */
const choosesFreely = ({ cases, tables, scales, formats }: Selection): boolean =>
  [cases, tables, scales, formats].some((list) => list.length > 0);

/** Writers that only a library file of a side brings. */
export function broughtWriters(sides: readonly BuiltSide[], registry: Registry): readonly WriterSpec[] {
  const brought = sides.filter(({ side }) => side.kind === 'library').flatMap(({ writers }) => [...writers.values()]);
  return brought.filter(({ name }) => !registry.writers.some((writer) => writer.name === name));
}

/** Names of the writers that a gate is about when a side is a single library; null where it is about all of them. */
function aboutWriters(sides: readonly BuiltSide[]): readonly string[] | null {
  const single = sides.filter(({ side }) => side.kind === 'library');
  return single.length === 0 ? null : [...new Set(single.flatMap(({ writers }) => [...writers.keys()]))];
}

export interface Chosen {
  readonly suite: string;
  readonly contests: readonly Contest[];
  readonly leftOut: readonly string[];
}

function fromPlan(plan: Plan): Chosen {
  return { suite: plan.suite, contests: sameCases(plan), leftOut: plan.leftOut };
}

/** Cases of a gate: those of the suite `gate` unless others are chosen; for writers that it does not have, its tables. */
export function contestsOfGate(selection: Selection, sides: readonly BuiltSide[], registry: Registry): Chosen {
  const writers = selection.writers.length > 0 ? selection.writers : (aboutWriters(sides) ?? []);
  const chosen = { ...selection, writers };
  if (choosesFreely(selection)) return fromPlan(makePlan(chosen, registry));
  const name = selection.suite ?? GATE_SUITE;
  const suite = registry.suites.find((one) => one.name === name);
  const has = (writer: string): boolean => (suite?.blocks ?? []).some((block) => block.writers.includes(writer));
  if (suite === undefined || writers.every(has)) return fromPlan(makePlan({ ...chosen, suite: name }, registry));
  const suites = [suiteFor(suite, writers)];
  return fromPlan(makePlan({ ...selection, suite: name, writers: [] }, { ...registry, suites }));
}

/** Cases of two writers side by side: lineitem and orders of the suite `gate` unless others are chosen. */
export function contestsOfCompare(selection: Selection, base: string, head: string, registry: Registry): Chosen {
  const suite = registry.suites.find((one) => one.name === GATE_SUITE);
  if (suite === undefined) throw new Error(`suite ${GATE_SUITE} is not registered`);
  const cases = (writer: string): Plan => {
    const suites = [suiteFor(suite, [writer])];
    if (choosesFreely(selection)) return makePlan({ ...selection, writers: [writer] }, registry);
    return makePlan({ ...selection, suite: GATE_SUITE }, { ...registry, suites });
  };
  const [mine, other] = [cases(head), cases(base)];
  const { contests, leftOut } = pairedWriters(other.cases, mine.cases);
  if (contests.length === 0) {
    throw new Misuse(`${base} and ${head} have no case in common: there are ${leftOut.join(', ') || 'none'}.`);
  }
  return {
    suite: mine.suite,
    contests,
    leftOut: [...leftOut.map((id) => `${id} has no counterpart`), ...other.leftOut, ...mine.leftOut],
  };
}
