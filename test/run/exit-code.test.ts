import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT, exitCodeOfRun, firstOf } from '../../harness/exit-code.js';

test('where several codes apply, the first of 1, 4, 5, 2, 3', () => {
  assert.equal(firstOf([]), 0);
  assert.equal(firstOf([3, 2]), 2);
  assert.equal(firstOf([3, 2, 5]), 5);
  assert.equal(firstOf([3, 2, 5, 4]), 4);
  assert.equal(firstOf([3, 2, 5, 4, 1]), 1);
  assert.equal(firstOf([1, 130]), 130);
});

test('a run is judged by its statuses', () => {
  assert.equal(exitCodeOfRun(['verified', 'verified'], true), EXIT.pass);
  assert.equal(exitCodeOfRun(['verified', 'corrupt'], false), EXIT.integrity);
  assert.equal(exitCodeOfRun(['failed'], false), EXIT.integrity);
  assert.equal(exitCodeOfRun(['verified', 'crashed'], false), EXIT.integrity);
  assert.equal(exitCodeOfRun(['verified', 'timeout'], false), EXIT.integrity);
  assert.equal(exitCodeOfRun(['verified', 'skipped'], false), EXIT.pass);
  assert.equal(exitCodeOfRun(['verified', 'skipped'], true), EXIT.inconclusive);
  assert.equal(exitCodeOfRun(['skipped', 'skipped'], false), EXIT.nothingMeasured);
  assert.equal(exitCodeOfRun([], false), EXIT.nothingMeasured);
});
