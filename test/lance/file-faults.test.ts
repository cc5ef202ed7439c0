/** Datasets that are damaged after the Lance writer's close: each is found out. */

import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Record as RunRecord } from '../../harness/types.js';
import type { DescribedValue } from '../digest/described.js';
import { casesOf, complaints, fired, freshFolder, recordOf, runCases } from '../fixtures.js';
import { assertCaught, idOf, type Lie } from '../lie.js';
import { nativePath } from '../native-path.js';
import { writeTable } from '../verify/described-file.js';

/** Under this name the library says of itself what the Lance writer does. */
const WRITER = 'writeproof_faults_lance';

/** Two fragments: 8,192 and 6,808 rows. */
const ORDERS = { table: 'orders@0.01', options: 'flushEvery=1;commit=fragments' } as const;
const FAILS = ['X', /^reading in full by lance-rs, expected a digest, found failed: /] as const;
const DIGEST = ['M', /^digest of whole rows, unequal in 1 blocks: rows 0 to 14999, /] as const;
const UNLISTED = ['F', /^files that belong to no fragment of the manifest, expected none, found data/] as const;
const NO_END = ['F', /^last four bytes of data.*, expected "LANC", found "/] as const;

const LIES: readonly Lie[] = [
  { fault: 'empty-valid', ...ORDERS, fired: 'CFMNO', what: UNLISTED },
  { fault: 'partial-commit', ...ORDERS, fired: 'CFMNO', what: UNLISTED },
  {
    fault: 'count-lie',
    ...ORDERS,
    fired: 'CMNOX',
    what: ['N', /^rows of all fragments .* expected 15000, found 15001$/],
  },
  { fault: 'count-lie-less', ...ORDERS, fired: 'CMNOX', what: ['N', /^rows of all .* expected 15000, found 14999$/] },
  { fault: 'no-footer', ...ORDERS, fired: 'CFMNOXZ', what: NO_END },
  {
    fault: 'no-manifest',
    ...ORDERS,
    fired: 'CFMNOSX',
    what: ['F', /^manifests in _versions, expected at least 1, found none/],
  },
  { fault: 'wrong-format', ...ORDERS, fired: 'CFMNOSX', what: ['F', /found a directory with rows\.parquet$/] },
  {
    fault: 'late-write',
    ...ORDERS,
    fired: 'Z',
    orMore: true,
    what: ['Z', /^files unchanged /],
  },
  { fault: 'stray-file', ...ORDERS, fired: 'Z', what: ['Z', /^files beside the target /] },
  { fault: 'direct-tail-padded', ...ORDERS, fired: 'CFMNOXZ', what: NO_END },
  { fault: 'direct-tail-cut', ...ORDERS, fired: 'CFMNOXZ', what: NO_END },
  { fault: 'direct-tail-misplaced', ...ORDERS, fired: 'CFMNOX', what: NO_END },
  // Where pages lie differs from run to run: what is there then may or may not be read.
  { fault: 'short-write', ...ORDERS, fired: 'CMO', orMore: true, what: ['M', /./] },
  { fault: 'slot-reuse', ...ORDERS, fired: 'CMO', orMore: true, what: ['M', /./] },
  { fault: 'middle-hole', ...ORDERS, fired: 'CMNOX', what: FAILS },
  { fault: 'bit-flip', ...ORDERS, fired: 'CMO', what: DIGEST },
  { fault: 'multi-batch-offset', ...ORDERS, fired: 'CMNOX', what: FAILS },
  { fault: 'stale-file', ...ORDERS, fired: 'M', what: ['M', /^nonce of the run .* found older run$/] },
];

const folder = freshFolder();
const library = path.join(folder, `lib${WRITER}.so`);
let records: readonly RunRecord[] = [];
let checked = 0;

before(async () => {
  symlinkSync(nativePath('libwriteproof_faults.so'), library);
  const ids = [
    `orders@0.01/${WRITER}/stream;flushEvery=1;commit=fragments`,
    ...LIES.map((lie) => idOf(WRITER, 'stream', lie)),
  ];
  ({ records } = await runCases(['--writer', library, ...casesOf(ids)], folder));
});

after(() => {
  assert.equal(checked, LIES.length);
});

for (const lie of LIES) {
  test(`${lie.fault} over Lance ends corrupt by ${lie.fired}`, () => {
    const record = recordOf(records, idOf(WRITER, 'stream', lie));
    assertCaught(record, lie);
    const { rows } = record.writerSays as { readonly rows: number };
    assert.deepEqual([rows, record.crossed?.rows], [15_000, 15_000]);
    checked += 1;
  });
}

test('without a fault the dataset of two fragments is verified', () => {
  const record = recordOf(records, `orders@0.01/${WRITER}/stream;flushEvery=1;commit=fragments`);
  assert.equal(record.verdict.status, 'verified', complaints([record]));
});

test('a column with nulls that the manifest says has none is corrupt', async () => {
  const every = (value: (row: number) => DescribedValue) => Array.from({ length: 3000 }, (_, row) => value(row));
  const columns = [
    { name: 'number', type: 'int32', values: every((row) => (row % 3 === 1 ? null : String(row))) },
    { name: 'text', type: 'utf8', values: every((row) => `row ${row}`) },
  ];
  const file = path.join(folder, 'nulls.parquet');
  const written = writeTable(file, { columns }, {});
  assert.ok('fields' in written, JSON.stringify(written));
  const argv = ['--writer', library, '--table', `file:${file}`, '--variant', 'stream'];
  const { records: found } = await runCases([...argv, '--option', 'fault=required-with-nulls'], folder);
  assert.deepEqual(
    found.map((record) => fired(record).join('')),
    ['CMNOSX'],
    complaints(found),
  );
  assert.match(JSON.stringify(found[0]?.verdict), /number int32 nullable/);
});
