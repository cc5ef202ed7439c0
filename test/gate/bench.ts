/** Seconds that planning and deciding 20 cases of 100 pairs take: `node dist/test/gate/bench.js`. */

import { decideAll } from '../../harness/gate/decide.js';
import { planLooks, plannedSigma } from '../../harness/gate/looks.js';
import { randomFrom } from '../../harness/plan/order.js';

const CASES = 20;
const PAIRS = 100;

const random = randomFrom(7);
const series = Array.from({ length: CASES }, (_, index) => ({
  name: `case ${index}`,
  differences: Array.from({ length: PAIRS }, () => (random() + random() + random() - 1.5) * 0.16),
}));

const begun = performance.now();
const plans = series.map(({ differences }) =>
  planLooks({ sigma: plannedSigma(differences.slice(0, 12)), tolerance: 0.05, decisions: CASES, least: 12 }),
);
const planned = performance.now();
const looks = [12, 34, PAIRS].map((pairs) =>
  decideAll(
    series.map(({ name, differences }) => ({ name, differences: differences.slice(0, pairs) })),
    { tolerance: 0.05, alpha: 0.005 },
  ),
);
const decided = performance.now();
console.log(
  `${plans.length} plans in ${(planned - begun).toFixed(1)} ms, ${looks.flat().length} decisions in ${(decided - planned).toFixed(1)} ms`,
);
