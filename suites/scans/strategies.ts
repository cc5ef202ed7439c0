/** The seven changes to a scan, each a switch: off as it was, on as it was changed. */

export const CHANGES = [
  { name: 'iterate', switch: 'iterate', about: 'rows go on one by one instead of being collected first' },
  { name: 'one-pass', switch: 'onePass', about: 'one pass over the rows fills all columns instead of a pass for each' },
  { name: 'projection', switch: 'projection', about: 'only columns that are asked for are parsed and built' },
  {
    name: 'filter-in-scan',
    switch: 'filterInScan',
    about: 'rows are filtered as they are read, keys and prefixes are sought, and a limit ends the scan',
  },
  { name: 'batches', switch: 'batches', about: 'batches of 8,192 rows instead of one' },
  { name: 'unchecked', switch: 'unchecked', about: 'batches are made without checking their columns again' },
  { name: 'shared-schema', switch: 'sharedSchema', about: 'batches share one schema instead of a copy each' },
] as const;

type Change = (typeof CHANGES)[number];

/** As the entity store takes it. */
export type Strategy = { readonly [name in Change['switch']]: boolean };

const strategyOf = (on: (change: Change) => boolean): Strategy =>
  Object.fromEntries(CHANGES.map((change) => [change.switch, on(change)])) as Strategy;

export interface NamedStrategy {
  readonly name: string;
  readonly about: string;
  readonly switches: Strategy;
}

export const BASELINE = 'baseline';
export const FULL = 'full';

export const ALONE: readonly NamedStrategy[] = CHANGES.map((one) => ({
  name: `only-${one.name}`,
  about: one.about,
  switches: strategyOf((change) => change === one),
}));

export const REMOVED: readonly NamedStrategy[] = CHANGES.map((one) => ({
  name: `without-${one.name}`,
  about: `all changes but one: ${one.about}`,
  switches: strategyOf((change) => change !== one),
}));

/** None of the changes, each alone, all but each, and all. */
export const STRATEGIES: readonly NamedStrategy[] = [
  { name: BASELINE, about: 'none of the changes', switches: strategyOf(() => false) },
  ...ALONE,
  ...REMOVED,
  { name: FULL, about: 'all changes', switches: strategyOf(() => true) },
];
