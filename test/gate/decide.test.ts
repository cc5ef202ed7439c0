import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { confirm, decide, decideAll } from '../../harness/gate/decide.js';

const RULE = { tolerance: 0.05, alpha: 0.005 };

/** So many differences round `centre`, evenly from −width to +width. */
const around = (centre: number, width: number, pairs = 20): readonly number[] =>
  Array.from({ length: pairs }, (_, place) => centre + width * ((2 * place) / (pairs - 1) - 1));

const verdictOf = (differences: readonly number[]): string => decide(differences, RULE).verdict;

test('red, green and neither', () => {
  assert.deepEqual(
    {
      'much slower': verdictOf(around(0.1, 0.05)),
      'slower by the tolerance': verdictOf(around(0.05, 0.05)),
      'certainly slower, by less than half of it': verdictOf(around(0.02, 0.01)),
      unchanged: verdictOf(around(0, 0.05)),
      faster: verdictOf(around(-0.1, 0.05)),
      'unchanged, but loud': verdictOf(around(0, 0.2)),
      'too few pairs': verdictOf(around(0.1, 0.01, 7)),
    },
    {
      'much slower': 'regression',
      'slower by the tolerance': 'regression',
      'certainly slower, by less than half of it': 'pass',
      unchanged: 'pass',
      faster: 'pass',
      'unchanged, but loud': 'inconclusive',
      'too few pairs': 'inconclusive',
    },
  );
});

test('nothing measured is no verdict', () => {
  assert.throws(() => decide([], RULE), RangeError);
  assert.throws(() => decide([...around(0, 0.05), NaN], RULE), RangeError);
  assert.throws(() => decideAll([{ name: 'one', differences: [] }], RULE), RangeError);
  assert.deepEqual(decideAll([], RULE), []);
});

test('several decisions: red needs Holm, green only its own bound', () => {
  // p is 0.0039, below 0.005, but not below 0.005 ÷ 2.
  const nearly = [0.08, 0.09, 0.1, 0.11, 0.12, 0.13, 0.14, 0.15];
  const green = around(0, 0.02);
  const alone = decideAll([{ name: 'nearly', differences: nearly }], RULE);
  const both = decideAll(
    [
      { name: 'nearly', differences: nearly },
      { name: 'green', differences: green },
    ],
    RULE,
  );
  assert.deepEqual(
    [...alone, ...both].map(({ name, verdict }) => `${name}: ${verdict}`),
    ['nearly: regression', 'nearly: inconclusive', 'green: pass'],
  );
  assert.deepEqual([alone[0]?.p, both[0]?.p], [2 ** -8, 2 ** -8]);
  // An earlier look closed one: it counts still.
  assert.equal(decideAll([{ name: 'nearly', differences: nearly }], RULE, 2)[0]?.verdict, 'inconclusive');
});

test('what is red stands when it is red with fresh pairs, and those alone are slower at all', () => {
  const first = around(0.1, 0.05);
  assert.equal(verdictOf(first), 'regression');
  assert.deepEqual(
    [around(0.1, 0.05), around(0.001, 0.005), around(-0.001, 0.005), around(-0.3, 0.05, 60)].map(
      (fresh) => confirm(first, fresh, RULE).verdict,
    ),
    ['regression', 'regression', 'inconclusive', 'pass'],
  );
  assert.equal(confirm(first, [], RULE).verdict, 'inconclusive');
});

const samples = fc.array(fc.double({ min: -0.3, max: 0.3, noNaN: true }), { minLength: 1, maxLength: 40 });

test('green is below the tolerance and red above half of it, whatever the differences', () => {
  const limit = Math.log1p(RULE.tolerance);
  const outcome = fc.check(
    fc.property(samples, (sample) => {
      const { verdict, estimate, lower, upper } = decide(sample, RULE);
      return {
        regression: lower > 0 && estimate >= limit / 2,
        pass: upper < limit && !(lower > 0 && estimate >= limit / 2),
        inconclusive: upper >= limit && !(lower > 0 && estimate >= limit / 2),
      }[verdict];
    }),
    { seed: 7, numRuns: 2000 },
  );
  assert.equal(outcome.failed, false, fc.defaultReportMessage(outcome));
});

test('slower pairs never make a red verdict green, nor a green one of a faster head red', () => {
  const rank = { pass: 0, inconclusive: 1, regression: 2 };
  const outcome = fc.check(
    fc.property(samples, fc.double({ min: 0, max: 0.2, noNaN: true }), (sample, more) => {
      const slower = sample.map((difference) => difference + more);
      return rank[decide(slower, RULE).verdict] >= rank[decide(sample, RULE).verdict];
    }),
    { seed: 7, numRuns: 2000 },
  );
  assert.equal(outcome.failed, false, fc.defaultReportMessage(outcome));
});
