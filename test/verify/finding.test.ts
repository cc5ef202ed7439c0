import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finding, recordable } from '../../harness/verify/finding.js';

test('records hold no folders of the machine and no control characters, and all else as it was', () => {
  const found = finding('C', 'column a', 'b to c', '\u0000\u0007z \u007f\n\tä');
  assert.deepEqual(recordable(found, '/data/7'), { ...found, actual: '\\x00\\x07z \\x7f\n\tä' });
  const failed = finding('X', 'reading by duckdb', 'a digest', 'IO Error: "/data/7/orders.parquet" and /data/70/x');
  assert.equal(recordable(failed, '/data/7').actual, 'IO Error: "orders.parquet" and /data/70/x');
});
