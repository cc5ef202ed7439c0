import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitCommand } from '../../harness/config/own-writer.js';
import { newRunId, storedSteps, timeoutOf } from '../../harness/cli/run-settings.js';
import { TABLES } from '../../suites/tables/index.js';
import { RUN } from '../records/run-fixture.js';
import { CASE } from '../run/fixtures.js';

const NOON = new Date('2026-01-31T12:30:45.678Z');

test('runs of the same second have ids of their own', () => {
  const taken = new Set(['2026-01-31T12-30-45Z-quick', '2026-01-31T12-30-45Z-quick-2']);
  assert.equal(
    newRunId('smoke', NOON, (id) => taken.has(id)),
    '2026-01-31T12-30-45Z-smoke',
  );
  assert.equal(
    newRunId('quick', NOON, (id) => taken.has(id)),
    '2026-01-31T12-30-45Z-quick-3',
  );
});

test('the timeout grows with the data, unless it is given', () => {
  const lineitem = { ...CASE, table: 'lineitem', scale: 1 };
  assert.equal(timeoutOf(TABLES, undefined)(CASE), 301);
  assert.equal(timeoutOf(TABLES, undefined)(lineitem), 300 + Math.ceil((Math.ceil(4.01 * 1.5e6) * 169) / 10e6));
  assert.equal(timeoutOf(TABLES, 7)(lineitem), 7);
});

test('stored steps come back with their positions', () => {
  assert.deepEqual(storedSteps(RUN), [
    { position: 1, repetition: 1, case: CASE },
    { position: 2, repetition: 2, case: CASE },
  ]);
  assert.throws(() => storedSteps({ ...RUN, order: ['1:absent'] }), /orders 1:absent, which is none of its cases/);
});

test('quotes hold the words of a command together', () => {
  assert.deepEqual(splitCommand(`sh -c 'cat > "$0"' {target}`), ['sh', '-c', 'cat > "$0"', '{target}']);
  assert.deepEqual(splitCommand('tool "a b"  c'), ['tool', 'a b', 'c']);
  assert.deepEqual(splitCommand(`tool --out="{target}" '' 'two\nlines'`), ['tool', '--out={target}', '', 'two\nlines']);
  assert.throws(
    () => splitCommand('tool "{target}'),
    /^Misuse: Command tool "\{target\} has a quote that is not closed\.$/,
  );
});
