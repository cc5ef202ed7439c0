/** A reader in a writer's own library: what it streams is digested, and what is wrong with it is said in a sentence. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addon } from '../../harness/native.js';
import type { Digest } from '../../harness/types.js';
import { readByPlugIn } from '../../harness/verify/by-plug-in.js';
import { buildWriter } from '../writers/build.js';

const STREAMING = buildWriter('streaming_reader');

function digestOf(rows: number, firstRow: number): Digest {
  const digester = new (addon().ColumnDigester)(
    JSON.stringify([{ name: 'n', type: 'int64', nullable: false }]),
    firstRow,
  );
  digester.push([{ longs: BigInt64Array.from({ length: rows }, (_, row) => BigInt(row)) }]);
  return JSON.parse(digester.finish()) as Digest;
}

test('rows of a stream of batches are those of the whole table, from its first row on', async () => {
  for (const [rows, firstRow] of [
    [10, 0],
    [3, 70_000],
    [0, 0],
  ] as const) {
    const reading = await readByPlugIn(STREAMING, `/anywhere/${rows}`, firstRow);
    assert.deepEqual(reading.digest, digestOf(rows, firstRow));
    assert.equal(reading.rows, rows);
    assert.deepEqual(reading.schema, [{ name: 'n', type: 'int64', nullable: false }]);
    assert.deepEqual(reading.metadata, { 'writeproof.nonce': 'our' });
  }
});

const failure = async (library: string, target: string): Promise<string> =>
  readByPlugIn(library, target).then(
    () => 'it was read',
    (error: unknown) => String(error),
  );

test('what the library says of a target that it cannot read is passed on, and a success without a stream is none', async () => {
  assert.match(
    await failure(STREAMING, '/a/text'),
    /writeproof_open_reader of libstreaming_reader\.so returned 22: the target's name is no number$/,
  );
  assert.match(await failure(STREAMING, '/a/silent'), /returned success and no stream$/);
  assert.match(await failure(STREAMING, '/a/broken'), /the second batch is torn/);
});

test('a library that is none, has no reader, or speaks another version is refused, and both versions are named', async () => {
  const sentences = [
    await failure('/no/library.so', '/a/1'),
    await failure(buildWriter('counting_writer'), '/a/1'),
    await failure(buildWriter('wrong_abi'), '/a/1'),
  ];
  const expected = [
    /library\.so cannot be loaded: .*No such file/,
    /libcounting_writer\.so does not export writeproof_open_reader: expected a library of writeproof\.h with the optional reader/,
    /libwrong_abi\.so was built for ABI version 99 of writeproof\.h, this reader speaks version 1: build it with the header/,
  ];
  assert.equal(sentences.length, expected.length);
  for (const [index, pattern] of expected.entries()) assert.match(sentences[index] ?? '', pattern);
});
