/** Files that are damaged after an honest writer's close: each is found out, over Parquet and over Arrow IPC. */

import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Record as RunRecord } from '../harness/types.js';
import { OVER_ARROW, OVER_PARQUET } from './file-faults.js';
import { casesOf, complaints, freshFolder, recordOf, runCases, statuses } from './fixtures.js';
import { assertCaught, idOf, type Lie } from './lie.js';
import { nativePath } from './native-path.js';

/** Under the second name the library says of itself what the Arrow writer does. */
const WRITERS: readonly (readonly [writer: string, lies: readonly Lie[]])[] = [
  ['writeproof_faults', OVER_PARQUET],
  ['writeproof_faults_arrow', OVER_ARROW],
];

const folder = freshFolder();
const runs = new Map<string, readonly RunRecord[]>();
let checked = 0;

before(async () => {
  for (const [writer, lies] of WRITERS) {
    const library = path.join(folder, `lib${writer}.so`);
    symlinkSync(nativePath('libwriteproof_faults.so'), library);
    const ids = [`orders@0.01/${writer}/stream`, ...lies.map((lie) => idOf(writer, 'stream', lie))];
    const { code, records } = await runCases(['--writer', library, ...casesOf(ids)], folder);
    assert.equal(code, 4, complaints(records));
    runs.set(writer, records);
  }
});

after(() => {
  assert.equal(checked, OVER_PARQUET.length + OVER_ARROW.length);
});

for (const [writer, lies] of WRITERS) {
  for (const lie of lies) {
    const id = idOf(writer, 'stream', lie);
    test(`${id} ends corrupt by ${lie.fired}`, () => {
      const record = recordOf(runs.get(writer) ?? [], id);
      assertCaught(record, lie);
      // The liar says that it wrote everything that it was given.
      const { rows } = record.writerSays as { readonly rows: number };
      assert.deepEqual(
        [rows, record.crossed?.rows],
        [record.crossed?.rows, lie.table.startsWith('types') ? 1000 : 15_000],
      );
      checked += 1;
    });
  }

  test(`without a fault ${writer} is verified`, () => {
    assert.deepEqual(statuses([recordOf(runs.get(writer) ?? [], `orders@0.01/${writer}/stream`)]), ['verified']);
  });
}

test('a fault that has nothing to damage, or of another format, is a failed case', async () => {
  const wanted = {
    'partial-commit': /fault changed nothing: partial-commit: the file has less than two row groups/,
    'required-with-nulls': /fault changed nothing: required-with-nulls: no column has nulls/,
    'short-write': /fault changed nothing: short-write: the data are too small/,
    'no-manifest': /fault no-manifest damages what only some formats have; option over is parquet, expected lance/,
  };
  const ids = Object.keys(wanted).map((fault) => idOf('writeproof_faults', 'stream', nation(fault)));
  const library = path.join(folder, 'libwriteproof_faults.so');
  const { records } = await runCases(['--writer', library, ...casesOf(ids)], folder);
  const reasons = ids.map((id) => JSON.stringify(recordOf(records, id).verdict));
  assert.deepEqual(
    statuses(records),
    ids.map(() => 'failed'),
  );
  assert.deepEqual(
    Object.values(wanted).map((pattern, index) => pattern.test(reasons[index] ?? '')),
    ids.map(() => true),
    reasons.join('\n'),
  );
});

function nation(fault: string): Lie {
  return { fault, table: 'nation@0.01', fired: '', what: ['F', /never/] };
}
