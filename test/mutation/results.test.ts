/** What became of a fault, from its record and that of the same case without it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultResults, type FaultResult } from '../../harness/faults/results.js';
import { exitCodeOfFaults, scoreOf } from '../../harness/faults/verdict.js';
import type { Verdict } from '../../harness/types.js';
import { MEASUREMENT, VERIFIED } from '../run/fixtures.js';
import { attempt, corruptBy, failedIn, FAULTY, HONEST, records } from './fixtures.js';

const only = (faulty: Verdict, honest?: Verdict, change: Parameters<typeof attempt>[0] = {}): FaultResult => {
  const [result, ...more] = faultResults([attempt(change)], records(faulty, honest));
  assert.ok(result !== undefined && more.length === 0);
  return result;
};

const codeOf = (result: FaultResult): number => exitCodeOfFaults(scoreOf([result]));

test('a fault that all expected detectors see is caught', () => {
  const result = only(corruptBy('N', 'M', 'C', 'M'));
  assert.deepEqual(
    [result.caught, result.detectors, result.silent, result.unexpected],
    [true, ['C', 'M', 'N'], [], []],
  );
  assert.deepEqual(result.control, { case: HONEST, status: 'verified' });
  assert.equal(codeOf(result), 0);
});

test('a fault that is verified is a hole', () => {
  const result = only(VERIFIED);
  assert.deepEqual([result.caught, result.damaged, codeOf(result)], [false, true, 4]);
  assert.deepEqual(scoreOf([result]).holes, [`${FAULTY} lies and was verified: the verifier does not see this fault.`]);
});

test('an expected detector that stays silent is a hole, though another one fired', () => {
  const result = only(corruptBy('M'));
  assert.deepEqual([result.caught, result.silent, codeOf(result)], [true, ['N'], 4]);
  assert.match(scoreOf([result]).holes[0] ?? '', /: expected M N, found M; N stayed silent /);
});

test('a detector that cannot see the fault and fires is a hole: the fault damages more than it says', () => {
  const result = only(corruptBy('M', 'N', 'O'));
  assert.deepEqual([result.unexpected, codeOf(result)], [['O'], 4]);
});

test('a fault that changed nothing, or could not be put over the writer, is an error of ours and no catch', () => {
  const untold = [
    only(failedIn('close', 'in close: fault changed nothing: x')),
    only(failedIn('create', 'there is no fault "x"'), VERIFIED, { expected: ['E'] }),
    only(failedIn('close', 'fault changed nothing: x'), VERIFIED, { expected: ['E'] }),
    only({ status: 'crashed', signal: 'SIGSEGV', exitCode: null, reason: 'died' }),
    only({ status: 'timeout', afterSeconds: 1, reason: 'slow' }),
  ];
  assert.deepEqual(
    untold.map((result) => [result.damaged, result.caught, codeOf(result)]),
    untold.map(() => [false, false, 1]),
  );
});

test('endings are what E sees, where the fault is an ending', () => {
  const expected = { expected: ['E'] as const, blind: [] };
  const endings = [
    only(failedIn('close'), VERIFIED, expected),
    only({ status: 'crashed', signal: null, exitCode: 0, reason: '' }, VERIFIED, expected),
  ];
  assert.deepEqual(
    endings.map((result) => [result.caught, result.detectors, codeOf(result)]),
    [
      [true, ['E'], 0],
      [true, ['E'], 0],
    ],
  );
});

test('where the same case without the fault is not verified, a catch is worth nothing', () => {
  const result = only(corruptBy('M', 'N'), corruptBy('M'));
  assert.deepEqual([result.caught, codeOf(result)], [true, 1]);
  assert.deepEqual(scoreOf([result]).ours, [`${FAULTY}: the same case without the fault is corrupt.`]);
});

test('a fault that can only be seen by a figure that the machine does not give is skipped, with what gives it', () => {
  const needs = { figure: 'unwrittenPages', from: 'cachestat' } as const;
  const fault = { ...attempt().fault, needs };
  const without = { ...VERIFIED, measurement: { ...MEASUREMENT, unwrittenPages: null } } as Verdict;
  const [unseen, seen] = [only(VERIFIED, without, { fault }), only(VERIFIED, VERIFIED, { fault })];
  assert.deepEqual([unseen.caught, unseen.reason, seen.caught], [null, 'this machine has no cachestat', false]);
});

test('what does not apply or was skipped is neither caught nor missed, and says why', () => {
  const notApplicable = only(VERIFIED, VERIFIED, { id: null, control: null, reason: 'it has no statistics' });
  const skipped = only({ status: 'skipped', reason: 'no O_DIRECT here' });
  assert.deepEqual(
    [notApplicable.applies, notApplicable.caught, notApplicable.reason],
    [false, null, 'it has no statistics'],
  );
  assert.deepEqual([skipped.applies, skipped.caught, skipped.reason], [true, null, 'no O_DIRECT here']);
  const { run, notApplicable: left, skipped: counted } = scoreOf([notApplicable, skipped]);
  assert.deepEqual([run, left, counted], [0, 1, 1]);
  assert.equal(exitCodeOfFaults(scoreOf([notApplicable, skipped])), 5);
});
