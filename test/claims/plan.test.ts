import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseClaims, faultCaseOf } from '../../harness/claims/cases.js';
import { estimateSeconds, ROWS_PER_SECOND, SECONDS_A_FLUSH, SECONDS_A_WORKER } from '../../harness/claims/estimate.js';
import { planClaims } from '../../harness/claims/plan.js';
import { Misuse } from '../../harness/misuse.js';
import type { ClaimSpec, SystemSpec } from '../../suites/claims/types.js';
import { faultyCase } from '../../suites/faults/index.js';
import { TABLES } from '../../suites/tables/index.js';
import { asked, CLAIM, LIE, REFERENCE, SUBJECT, system, WITH_FAULTS } from './fixtures.js';

const other: ClaimSpec = { ...CLAIM, id: 'X2', faults: [] };
const SYSTEMS: readonly SystemSpec[] = [system(CLAIM, other), { ...system({ ...CLAIM, id: 'Y1' }), name: 'Y' }];
const chosen = (systems: readonly string[], ids: readonly string[]): readonly string[] =>
  chooseClaims(SYSTEMS, systems, ids).map(({ system: name, claim }) => `${name} ${claim.id}`);

test('claims are chosen by system, by id, by both, or all of them', () => {
  assert.deepEqual(chosen([], []), ['X X1', 'X X2', 'Y Y1']);
  assert.deepEqual(chosen(['Y'], []), ['Y Y1']);
  assert.deepEqual(chosen([], ['X2', 'Y1']), ['X X2', 'Y Y1']);
  assert.deepEqual(chosen(['Y'], ['X2']), []);
  assert.throws(() => chosen(['Z'], []), /^Misuse: Unknown system "Z": expected one of X, Y/);
  assert.throws(() => chosen([], ['X9']), Misuse);
});

test('a plan is the union of the cases, each repeated as often, faults among them', () => {
  const { plan } = asked(CLAIM, other);
  assert.deepEqual(plan.cases.map(({ id }) => id).sort(), [LIE, REFERENCE, SUBJECT].sort());
  assert.deepEqual(
    plan.steps.map(({ repetition }) => repetition),
    [1, 1, 1, 2, 2, 2, 3, 3, 3],
  );
  assert.deepEqual([plan.suite, plan.leftOut], ['claims', []]);
});

test('the same case in other words is one case', () => {
  const { plan } = asked(CLAIM, {
    ...other,
    measure: { kind: 'figure', metric: 'durable', of: `${SUBJECT};batchRows=8192;compression=snappy` },
  });
  assert.equal(plan.cases.length, 3);
  assert.equal(plan.named.get(`${SUBJECT};batchRows=8192;compression=snappy`)?.id, SUBJECT);
});

test('what this suite cannot plan is named with its reason, and nothing else is left out', () => {
  const strange = 'region@1/nobody/stream';
  const { plan } = asked(CLAIM, { ...other, measure: { kind: 'figure', metric: 'durable', of: strange } });
  assert.equal(plan.cases.length, 3);
  assert.match(plan.unplanned.get(strange) ?? '', /^Unknown writer "nobody": expected one of parquet, /);
  assert.equal(plan.leftOut.length, 1);
});

test('a fault takes the place of its writer, with the options of the case', () => {
  assert.equal(faultCaseOf({ fault: 'ack-only', insteadOf: SUBJECT }), LIE);
  assert.equal(
    faultyCase('lineitem@1/lance/stream;overlap=on', 'null-lost'),
    'lineitem@1/faulty-lance/stream;overlap=on;fault=null-lost;over=lance',
  );
  const arrow = faultyCase('region@1/arrow/stream', 'ack-only');
  const claim: ClaimSpec = {
    ...other,
    measure: { kind: 'figure', metric: 'durable', of: 'region@1/arrow/stream' },
    faults: [{ fault: 'ack-only', insteadOf: 'region@1/arrow/stream' }],
  };
  const { plan } = asked(claim);
  const planned = plan.named.get(arrow);
  assert.deepEqual([planned?.id, planned?.options.writer], [arrow, { fault: 'ack-only', over: 'arrow' }]);
});

test('how long it takes is told by rows, workers and flushes', () => {
  const claim: ClaimSpec = {
    ...other,
    measure: { kind: 'figure', metric: 'durable', of: 'orders@1/parquet/stream;batchRows=1000;flushEvery=10' },
  };
  const { steps } = planClaims(chooseClaims([system(claim)], [], []), WITH_FAULTS, 2, 1);
  const each = 1_500_000 / ROWS_PER_SECOND + SECONDS_A_WORKER + 150 * SECONDS_A_FLUSH;
  assert.equal(estimateSeconds(steps, TABLES).toFixed(6), (2 * each).toFixed(6));
});
