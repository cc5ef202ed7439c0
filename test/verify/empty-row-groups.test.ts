/** Row groups of no rows are legal: pyarrow writes them for empty tables and batches, in two shapes, and libraries in a third. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RowGroup } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { writeFile } from 'node:fs/promises';
import { observe } from '../../harness/verify/observe.js';
import { readContents } from '../../harness/verify/parquet-contents.js';
import { readFooter } from '../../harness/verify/footer.js';
import type { Observation } from '../../harness/types.js';
import { facts, honestColumns, NONCE, ROWS, scene, schemaElements, type Scene } from './fixture.js';

/** As pyarrow 26 writes it: a dictionary page of no values, compressed by Snappy. */
const EMPTY_DICTIONARY = Buffer.from('150415001502' + '4c150015001200' + '0000', 'hex');

/** `null`: no pages at all, as pyarrow writes without dictionaries. Else the bytes of the only page of each chunk. */
function emptyGroup(writer: ByteWriter, page: Buffer | null): RowGroup {
  const columns = schemaElements()
    .slice(1)
    .map((element) => {
      const start = BigInt(writer.offset);
      if (page !== null) writer.appendBytes(page);
      return {
        file_offset: 0n,
        meta_data: {
          type: element.type ?? 'INT32',
          encodings: ['PLAIN' as const, 'RLE' as const],
          path_in_schema: [element.name],
          codec: 'SNAPPY' as const,
          num_values: 0n,
          total_uncompressed_size: BigInt(page?.length ?? 0),
          total_compressed_size: BigInt(page?.length ?? 0),
          data_page_offset: 0n,
          ...(page === null ? {} : { dictionary_page_offset: start }),
        },
      };
    });
  return { columns, num_rows: 0n, total_byte_size: 0n };
}

type Change = (groups: RowGroup[], file: ByteWriter) => void;

/** The honest rows in two row groups, each behind one of no rows with a page of no values, and around them what `add` puts there. */
async function written(
  target: string,
  add: (groups: RowGroup[], file: ByteWriter) => void,
  change: Change,
): Promise<void> {
  const file = new ByteWriter();
  const kvMetadata = [{ key: 'writeproof.nonce', value: NONCE }];
  const writer = new ParquetWriter({ writer: file, schema: schemaElements(), kvMetadata });
  const all = Object.entries(honestColumns()) as [string, unknown[]][];
  const write = (from: number, to: number): void => {
    const columnData = all.map(([name, data]) => ({ name, data: data.slice(from, to) }));
    void writer.write({ columnData, rowGroupSize: [0, ROWS] });
  };
  add(writer.row_groups, file);
  write(0, 40_000);
  add(writer.row_groups, file);
  write(40_000, ROWS);
  add(writer.row_groups, file);
  change(writer.row_groups, file);
  void writer.finish();
  await writeFile(target, file.getBytes());
}

const WITHOUT_PAGES: Change = (groups, file) => void groups.push(emptyGroup(file, null));
const WITH_DICTIONARY: Change = (groups, file) => void groups.push(emptyGroup(file, EMPTY_DICTIONARY));
const SAME: Change = () => undefined;

async function observed(add: Change, change: Change = SAME): Promise<Observation> {
  return scene(async (set: Scene) => {
    await written(set.target, add, change);
    return observe(await set.job());
  });
}

const all = (observation: Observation): string => JSON.stringify(observation.findings, null, 1);

for (const [name, add] of [
  ['without pages', WITHOUT_PAGES],
  ['with empty dictionaries', WITH_DICTIONARY],
] as const) {
  test(`row groups of no rows ${name} are no fault to either reader, and no note`, async () => {
    const observation = await observed(add);
    assert.equal(observation.findings.length, 0, all(observation));
    assert.deepEqual(
      observation.readers.map(({ reader, rows }) => [reader, rows]),
      [
        ['duckdb', ROWS],
        ['hyparquet', ROWS],
      ],
    );
    assert.equal(observation.order, facts().digest.order);
    assert.equal(observation.notes.join().includes('carry no statistics'), false, observation.notes.join());
  });
}

test('P: a wrong minimum behind a row group of no rows is still compared with its own values', async () => {
  const observation = await observed(WITHOUT_PAGES, (groups) => {
    const statistics = groups[5]?.columns[0]?.meta_data?.statistics;
    assert.equal(statistics?.min_value, 40_000n * 7n - 1000n);
    Object.assign(statistics, { min_value: 1n });
  });
  assert.deepEqual(observation.findings, [
    { detector: 'P', what: 'min of row group 5, column key', expected: '279000', actual: '1' },
  ]);
});

test('F: a chunk that has values, and one of no values that has bytes, must say where', async () => {
  for (const [key, value] of [
    ['num_values', 5n],
    ['total_compressed_size', 7n],
  ] as const) {
    const observation = await observed(WITHOUT_PAGES, (groups) => {
      Object.assign(groups[3]?.columns[1]?.meta_data ?? {}, { [key]: value });
    });
    const format = observation.findings.filter(({ detector }) => detector === 'F').map(({ what }) => what);
    assert.equal(format[0], 'place of row group 3, column quantity', all(observation));
  }
});

test('the digest of such a file is that of its rows', async () => {
  const contents = await scene(async ({ target }) => {
    await written(target, WITH_DICTIONARY, SAME);
    const { footer, findings } = await readFooter(target);
    assert.deepEqual(findings, []);
    assert.ok(footer !== null);
    return readContents(target, footer);
  });
  assert.equal(contents.digest.order, facts().digest.order);
  assert.equal(contents.rows, ROWS);
});
