/**
 * The fault that no verifier sees: the generator itself is wrong, and with it the facts that everything is judged by. Facts as a wrong
 * generator would give them are held against the figures of third parties, as `writeproof facts` does with the golden ones.
 */

import { checkAgainstOracles, readGolden } from '../golden-facts.js';
import type { FactsKey } from '../run/facts.js';
import type { Facts } from '../types.js';

export interface WrongGenerator {
  readonly what: string;
  /** What contradicts it; empty: nobody does. */
  readonly contradictedBy: readonly string[];
  /** Third parties that agree with the golden facts themselves. */
  readonly agreedBy: readonly string[];
}

interface Slip {
  readonly what: string;
  readonly key: FactsKey;
  readonly change: (facts: Facts) => Facts;
}

const WHOLE = { part: { index: 1, count: 1 } } as const;

/** Another digest of as many rows. */
const otherDigest = (facts: Facts): Facts => ({
  ...facts,
  digest: { ...facts.digest, multiset: facts.digest.multiset.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) },
});

const SLIPS: readonly Slip[] = [
  {
    what: 'lineitem@0.01 with one row less',
    key: { table: 'lineitem', scale: 0.01, ...WHOLE },
    change: (facts) => ({ ...facts, rows: facts.rows - 1 }),
  },
  {
    what: 'types@0.001 with one value changed',
    key: { table: 'types', scale: 0.001, ...WHOLE },
    change: otherDigest,
  },
];

export async function wrongGenerators(): Promise<readonly WrongGenerator[]> {
  return Promise.all(
    SLIPS.map(async ({ what, key, change }) => {
      const facts = await readGolden(key);
      if (facts === null) throw new Error(`${what}: there are no golden facts`);
      const [honest, wrong] = await Promise.all([
        checkAgainstOracles(facts, key),
        checkAgainstOracles(change(facts), key),
      ]);
      return {
        what,
        contradictedBy: wrong.flatMap((one) => (one.expected === one.actual ? [] : [one.what])),
        agreedBy: honest.flatMap((one) => (one.expected === one.actual ? [one.what] : [])),
      };
    }),
  );
}

/** What is wrong with it: that nobody contradicts it, or that those who do contradict the right facts too. */
export function generatorHoles(all: readonly WrongGenerator[]): readonly string[] {
  return all.flatMap(({ what, contradictedBy, agreedBy }) =>
    contradictedBy.some((by) => agreedBy.includes(by))
      ? []
      : [`generator-wrong: facts of ${what} are contradicted by no third party that agrees with the golden ones.`],
  );
}
