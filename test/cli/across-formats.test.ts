/** digest and verify --same-as between Parquet and Arrow IPC: one digest, and schemas that say the same in two formats. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import * as arrow from 'apache-arrow';
import { parquetWriteFile } from 'hyparquet-writer';
import type { Digest } from '../../harness/types.js';
import { departures } from '../records/schemas.js';
import { arrowBytes, arrowFields, type ArrowWriting } from '../verify/arrow-fixture.js';
import { honestColumns, ROWS, write } from '../verify/fixture.js';
import { workspace, writeproof } from './command.js';

const { folder, remove } = workspace();
after(remove);

const arrowFile = (name: string, writing: ArrowWriting): void => {
  writeFileSync(path.join(folder, name), arrowBytes({ nonce: null, ...writing }));
};

const swapped = honestColumns();
for (const column of Object.values(swapped) as unknown[][]) [column[5], column[6]] = [column[6], column[5]];
const anyNullable = arrowFields().map(({ name, type }) => new arrow.Field(name, type, true));

write(path.join(folder, 'good.parquet'), { nonce: null });
arrowFile('good.arrow', {});
arrowFile('good.stream', { kind: 'stream' });
arrowFile('named.parquet', {});
arrowFile('swapped.arrow', { columns: swapped });
arrowFile('nullable.arrow', { fields: anyNullable });
arrowFile('coded.arrow', { inDictionary: true });

/** Rows of types that Parquet stores as other ones: whole seconds, days and months. */
const SECONDS = [0, -1, 86_400, 1_700_000_000];
const DAYS = [0, -1, 365, 19_000];
const MONTHS = [0, 1, 13, 240];
const CENTS = [0n, -1n, 12_345n, 10n ** 14n];

function writeSeconds(): void {
  const interval = (months: number): Uint8Array => Uint8Array.from({ length: 12 }, (_, at) => (at === 0 ? months : 0));
  const local = { isAdjustedToUTC: false, unit: 'MILLIS' } as const;
  const element = { repetition_type: 'REQUIRED' } as const;
  parquetWriteFile({
    filename: path.join(folder, 'seconds.parquet'),
    schema: [
      { name: 'root', num_children: 5 },
      { ...element, name: 'at', type: 'INT64', logical_type: { type: 'TIMESTAMP', ...local } },
      { ...element, name: 'time', type: 'INT32', logical_type: { type: 'TIME', ...local } },
      { ...element, name: 'day', type: 'INT32', converted_type: 'DATE' },
      { ...element, name: 'price', type: 'INT64', converted_type: 'DECIMAL', precision: 18, scale: 2 },
      { ...element, name: 'months', type: 'FIXED_LEN_BYTE_ARRAY', type_length: 12, converted_type: 'INTERVAL' },
    ],
    columnData: [
      { name: 'at', data: SECONDS.map((seconds) => BigInt(seconds) * 1000n) },
      { name: 'time', data: [0, 1, 2, 86_399].map((seconds) => seconds * 1000) },
      { name: 'day', data: DAYS },
      { name: 'price', data: CENTS },
      { name: 'months', data: MONTHS.map(interval) },
    ],
  });
  const words = CENTS.flatMap((cents) => [cents, ...Array<bigint>(3).fill(cents < 0n ? -1n : 0n)]);
  const columns = {
    at: [new arrow.TimestampSecond(), BigInt64Array.from(SECONDS, BigInt)],
    time: [new arrow.TimeSecond(), Int32Array.from([0, 1, 2, 86_399])],
    day: [new arrow.DateMillisecond(), BigInt64Array.from(DAYS, (day) => BigInt(day) * 86_400_000n)],
    price: [new arrow.Decimal(2, 18, 256), new Uint32Array(BigInt64Array.from(words).buffer)],
    months: [new arrow.IntervalYearMonth(), Int32Array.from(MONTHS)],
  } as const;
  const fields = Object.entries(columns).map(([name, [type]]) => new arrow.Field(name, type, false));
  const schema = new arrow.Schema(fields);
  const children = Object.values(columns).map(([type, data]) =>
    arrow.makeData({ type, length: 4, nullCount: 0, data } as never),
  );
  const rows = arrow.makeData({ type: new arrow.Struct(fields), length: 4, nullCount: 0, children });
  const writer = new arrow.RecordBatchFileWriter();
  writer.write(new arrow.RecordBatch(schema, rows));
  writeFileSync(path.join(folder, 'seconds.arrow'), writer.finish().toUint8Array(true));
}

interface DigestDocument {
  readonly results: readonly { readonly path: string; readonly format: string; readonly digest: Digest }[];
}

const verified = `verified: ${ROWS.toLocaleString('en-US')} rows by`;

async function verify(file: string, reference: string): Promise<readonly [number, string]> {
  const { code, stdout, stderr } = await writeproof(folder, ['verify', file, '--same-as', reference]);
  assert.equal(stderr, '');
  return [code, stdout];
}

test('the digest of the same rows is the same in every format, whatever the layout and the name', async () => {
  const files = ['good.parquet', 'good.arrow', 'good.stream', 'named.parquet', 'coded.arrow'];
  const { code, stdout } = await writeproof(folder, ['digest', ...files, '--json']);
  const document = JSON.parse(stdout) as DigestDocument;
  assert.equal(code, 0);
  assert.deepEqual(departures('writeproof.digest.v1', document), []);
  assert.deepEqual(
    document.results.map(({ format }) => format),
    ['parquet', 'arrow', 'arrow', 'arrow', 'arrow'],
  );
  const [first, ...others] = document.results.map(({ digest }) => digest);
  assert.equal(others.length, 4);
  for (const other of others) assert.deepEqual(other, first);
});

test('an Arrow file, a stream and a Parquet file hold the same, whichever is asked about', async () => {
  const arrowReaders = `${verified} apache-arrow + arrow-rs\n`;
  assert.deepEqual(await verify('good.arrow', 'good.parquet'), [0, arrowReaders]);
  assert.deepEqual(await verify('good.stream', 'good.arrow'), [0, arrowReaders]);
  assert.deepEqual(await verify('good.parquet', 'good.arrow'), [0, `${verified} duckdb + hyparquet\n`]);
});

test('swapped rows are found across formats, both ways', async () => {
  const [code, text] = await verify('swapped.arrow', 'good.parquet');
  assert.equal(code, 4);
  assert.match(text, /^O digest of the order of rows: /);
  const [other, otherText] = await verify('good.parquet', 'swapped.arrow');
  assert.equal(other, 4);
  assert.match(otherText, /^O digest of the order of rows: /);
});

test('what Parquet does not say of a schema is a note across formats, and a finding within one', async () => {
  const across = await verify('coded.arrow', 'good.parquet');
  assert.deepEqual(across, [
    0,
    `${verified} apache-arrow + arrow-rs\ngood.parquet: without ARROW:schema the file does not say: dictionaries (note)\n`,
  ]);
  const [code, text] = await verify('coded.arrow', 'good.arrow');
  assert.equal(code, 4);
  assert.match(text, /^S column 5: expected note utf8 nullable, found note dictionary<int32, utf8> nullable\n/);
});

test('nullability is of the schema in every format', async () => {
  const [code, text] = await verify('nullable.arrow', 'good.parquet');
  assert.equal(code, 4);
  assert.match(text, /^S column 1: expected key int64 not null, found key int64 nullable\n/);
});

test('the document of an Arrow file is that of its schema', async () => {
  const { code, stdout } = await writeproof(folder, ['verify', 'good.arrow', '--same-as', 'good.parquet', '--json']);
  const document = JSON.parse(stdout) as { results: { ran: string[]; notes: string[] }[] };
  assert.equal(code, 0);
  assert.deepEqual(departures('writeproof.verify.v1', document), []);
  assert.equal(document.results[0]?.ran.includes('P'), false);
});

test('a file of no format is said to be so, and a damaged Arrow file is not a reference', async () => {
  writeFileSync(path.join(folder, 'text.arrow'), 'neither of them, whatever its name says');
  writeFileSync(path.join(folder, 'cut.stream'), arrowBytes({ kind: 'stream' }).subarray(0, 500_000));
  const text = await writeproof(folder, ['digest', 'text.arrow']);
  assert.deepEqual(
    [text.code, text.stdout, text.stderr],
    [
      4,
      '',
      'text.arrow is of no known format: expected the first or last bytes of a Parquet or Arrow file, or a Lance dataset.\n',
    ],
  );
  const cut = await writeproof(folder, ['verify', 'good.arrow', '--same-as', 'cut.stream']);
  assert.match(cut.stderr, /^cut\.stream cannot be read as Arrow: messages of the stream: expected whole, /);
  assert.deepEqual([cut.code, cut.stdout], [1, '']);
});

test('types that Parquet stores as others hold the same, whichever file is asked about', async () => {
  writeSeconds();
  const [code, text] = await verify('seconds.parquet', 'seconds.arrow');
  assert.equal(code, 0, text);
  const [other, otherText] = await verify('seconds.arrow', 'seconds.parquet');
  assert.equal(other, 0, otherText);
  assert.match(text, /^verified: 4 rows by /);
  assert.match(otherText, /^verified: 4 rows by /);
});
