/** A selection without any flag, for tests to add to. */

import type { Selection } from '../../harness/plan/plan.js';

export const NOTHING_CHOSEN: Selection = {
  cases: [],
  tables: [],
  scales: [],
  writers: [],
  formats: [],
  variants: [],
  options: {},
  seed: 1,
};
