/** Writers in JavaScript that lose or change data and say that all is well: each is found out, over both registered modules. */

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { askCapabilities } from '../../harness/run/worker.js';
import type { Record as RunRecord } from '../../harness/types.js';
import { casesOf, complaints, freshFolder, recordOf, runCases, statuses } from '../fixtures.js';
import { assertCaught, idOf, type Lie } from '../lie.js';

/** Two batches of unequal length: 8,192 and 6,808 rows. */
const TABLE = 'orders@0.01';

type Lies = readonly Lie[];

const OF_ROWS: Lies = [
  { fault: 'ack-only', table: TABLE, fired: 'CMNOXZ', what: ['N', /, expected 15000, found 0$/] },
  { fault: 'drop-last-batch', table: TABLE, fired: 'CMNOX', what: ['N', /, expected 15000, found 8192$/] },
  { fault: 'dup-batch', table: TABLE, fired: 'CMNOX', what: ['N', /, expected 15000, found 23192$/] },
  // The number of rows is right.
  { fault: 'dup-drop', table: TABLE, fired: 'CMOX', what: ['M', /^digest of whole rows, /] },
  { fault: 'row-shuffle', table: TABLE, fired: 'OX', what: ['O', /^digest of the order of rows, /] },
  { fault: 'value-changed', table: TABLE, fired: 'CMOX', what: ['C', /^column o_orderkey, /] },
  { fault: 'stale-file', table: TABLE, fired: 'M', what: ['M', /^nonce of the run .* found older run$/] },
];

const NO_END = ['F', /^last six bytes, expected "ARROW1", found "/] as const;
/** One row group is not begun before close: the file is empty. */
const NO_FILE = ['Z', /^bytes on disk, expected 0 as measured, above 0, found 0 in 1 files$/] as const;

const OVER: Readonly<{ [over: string]: { readonly module: string; readonly lies: Lies } }> = {
  'apache-arrow': {
    module: '../faults/javascript.js',
    lies: [
      ...OF_ROWS,
      { fault: 'wrong-format', table: TABLE, fired: 'CFMNOSX', what: ['F', /^first six bytes, .* found "PAR1/] },
      { fault: 'no-footer', table: TABLE, fired: 'CFMNOSX', what: NO_END },
      { fault: 'close-error-swallowed', table: TABLE, fired: 'CFMNOSX', what: NO_END },
    ],
  },
  'parquet-wasm': {
    module: '../faults/javascript-parquet.js',
    lies: [
      ...OF_ROWS,
      { fault: 'wrong-format', table: TABLE, fired: 'CFMNOPSX', what: ['F', /expected "PAR1", found "ROW1"$/] },
      { fault: 'no-footer', table: TABLE, fired: 'CFMNOPSXZ', what: NO_FILE },
      { fault: 'close-error-swallowed', table: TABLE, fired: 'CFMNOPSXZ', what: NO_FILE },
      // The file is whole a moment later.
      { fault: 'close-not-awaited', table: TABLE, fired: 'Z', what: ['Z', /^files unchanged /] },
    ],
  },
};

const writerOver = (over: string): string => `faulty-${over}`;
const moduleOver = (over: string): string => fileURLToPath(new URL(OVER[over]?.module ?? '', import.meta.url));

const honestOf = (over: string): string => `${TABLE}/${writerOver(over)}/stream`;

const runs = new Map<string, readonly RunRecord[]>();
let checked = 0;

before(async () => {
  for (const [over, { lies }] of Object.entries(OVER)) {
    const ids = [honestOf(over), ...lies.map((lie) => idOf(writerOver(over), 'stream', lie))];
    const { records } = await runCases(['--writer', moduleOver(over), ...casesOf(ids)], freshFolder());
    runs.set(over, records);
  }
});

after(() => {
  assert.equal(checked, Object.values(OVER).flatMap(({ lies }) => lies).length);
});

for (const [over, { lies }] of Object.entries(OVER)) {
  for (const lie of lies) {
    test(`${lie.fault} over ${over} ends corrupt by ${lie.fired}`, () => {
      const record = recordOf(runs.get(over) ?? [], idOf(writerOver(over), 'stream', lie));
      assertCaught(record, lie);
      assert.equal(record.crossed?.rows, 15_000);
      checked += 1;
    });
  }

  test(`without a fault the module over ${over} is verified`, () => {
    const honest = [recordOf(runs.get(over) ?? [], honestOf(over))];
    assert.deepEqual(statuses(honest), ['verified'], complaints(honest));
  });
}

test('every fault of the module is expected to be caught', async () => {
  const said = (await askCapabilities('module', moduleOver('parquet-wasm'))) as {
    readonly options: { readonly fault: { readonly values: readonly string[] } };
  };
  const known = new Set(Object.values(OVER).flatMap(({ lies }) => lies.map(({ fault }) => fault)));
  assert.deepEqual([...said.options.fault.values].sort(), [...known, 'none'].sort());
});

test('a fault with nothing to damage is a failed case', async () => {
  // One batch, and a close that is done when it returns.
  const cases = {
    'dup-drop': 'no batch had rows for the next',
    'close-not-awaited': 'close does not return a promise',
  };
  const ids = Object.keys(cases).map((fault) => `nation@0.01/${writerOver('apache-arrow')}/stream;fault=${fault}`);
  const { records } = await runCases(['--writer', moduleOver('apache-arrow'), ...casesOf(ids)], freshFolder());
  assert.deepEqual(statuses(records), ['failed', 'failed']);
  const reasons = ids.map((id) => JSON.stringify(recordOf(records, id).verdict));
  const said = Object.values(cases).map((needed, index) => reasons[index]?.includes(`: ${needed}`));
  assert.deepEqual(said, [true, true], reasons.join('\n'));
});
