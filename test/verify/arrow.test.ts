/** Every detector of Arrow IPC fires on its damage, and none on the honest file and stream. */

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import * as arrow from 'apache-arrow';
import { Footer } from 'apache-arrow/ipc/metadata/file';
import { observe } from '../../harness/verify/observe.js';
import type { Detector, Observation } from '../../harness/types.js';
import { arrowBytes, arrowFields, arrowJob, observeBytes, type ArrowWriting } from './arrow-fixture.js';
import { facts, honestColumns, NONCE, ROWS, scene } from './fixture.js';

const fired = (observation: Observation): string =>
  [...new Set(observation.findings.map(({ detector }) => detector))].sort().join('');

const whats = (observation: Observation, detector: Detector): readonly string[] =>
  observation.findings.filter((finding) => finding.detector === detector).map(({ what }) => what);

const all = (observation: Observation): string => JSON.stringify(observation.findings, null, 1);

const written = async (writing: ArrowWriting): Promise<Observation> => observeBytes(arrowBytes(writing));

const KINDS = ['file', 'stream'] as const;

test('no detector fires on an honest file or stream, and both readers read all of it', async () => {
  const observations = await Promise.all(KINDS.map(async (kind) => written({ kind })));
  assert.equal(observations.length, 2);
  for (const observation of observations) {
    assert.equal(fired(observation), '', all(observation));
    assert.deepEqual([...observation.ran].sort(), ['C', 'F', 'M', 'N', 'O', 'S', 'X', 'Z']);
    const read = observation.readers.map(({ reader, rows, independence }) => [reader, rows, independence]);
    assert.deepEqual(read, [
      ['arrow-rs', ROWS, 'different implementation'],
      ['apache-arrow', ROWS, 'same implementation'],
    ]);
    assert.equal(observation.multiset, facts().digest.multiset);
    assert.equal(observation.order, facts().digest.order);
    assert.deepEqual([observation.rows, observation.metadataRows], [ROWS, ROWS]);
    assert.match(observation.notes.join('\n'), /^Arrow IPC holds no statistics: detector P has nothing to compare$/m);
  }
});

test('the reader that did not write is the first, and with one reader the only one', async () => {
  const bytes = arrowBytes();
  const readers = async (implementation: string, secondReader: boolean): Promise<readonly string[]> => {
    const observation = await observeBytes(bytes, { implementation, secondReader });
    assert.equal(fired(observation), '', all(observation));
    return observation.readers.map(({ reader, independence }) => `${reader}: ${independence}`);
  };
  assert.deepEqual(await readers('arrow-rs', true), [
    'apache-arrow: different implementation',
    'arrow-rs: same implementation',
  ]);
  assert.deepEqual(await readers('arrow-rs', false), ['apache-arrow: different implementation']);
  assert.deepEqual(await readers('apache-arrow', false), ['arrow-rs: different implementation']);
});

test('of a writer that nobody knows no independence is claimed', async () => {
  const observation = await scene(async (set) => {
    await writeFile(set.target, arrowBytes());
    const { implementation, ...job } = await arrowJob(set);
    assert.equal(implementation, 'apache-arrow');
    return observe(job);
  });
  assert.deepEqual(
    observation.readers.map(({ reader, independence }) => `${reader}: ${independence}`),
    ['apache-arrow: unknown implementation', 'arrow-rs: unknown implementation'],
  );
});

test('N and M: a dropped batch, in a file and in a stream', async () => {
  const file = await written({ without: [2] });
  assert.equal(fired(file), 'CMNOX', all(file));
  assert.deepEqual(whats(file, 'N'), [
    'rows of the batches that the footer lists',
    'rows of all batches in the messages',
    'rows by reading',
  ]);
  const stream = await written({ kind: 'stream', without: [1] });
  assert.equal(fired(stream), 'CMNOX', all(stream));
  assert.deepEqual(whats(stream, 'N'), ['rows of all batches in the messages', 'rows by reading']);
});

test('O: two rows swapped, and nothing else', async () => {
  const columns = honestColumns();
  for (const column of Object.values(columns) as unknown[][]) [column[5], column[6]] = [column[6], column[5]];
  const observation = await written({ columns });
  assert.equal(fired(observation), 'OX', all(observation));
  assert.deepEqual(whats(observation, 'X'), ['digest of the order of rows by apache-arrow']);
});

test('M and C: one cell changed, its block and its column named', async () => {
  const columns = honestColumns();
  columns.price[100] = (columns.price[100] ?? 0n) + 1n;
  const observation = await written({ columns });
  assert.equal(fired(observation), 'CMOX', all(observation));
  assert.deepEqual(whats(observation, 'M'), ['digest of whole rows, unequal in 1 blocks: rows 0 to 65535']);
  assert.deepEqual(whats(observation, 'C'), ['column price']);
});

test('S: another type, the nullable flag, another name', async () => {
  const fields = arrowFields();
  fields[0] = new arrow.Field('key', new arrow.Int64(), true);
  fields[2] = new arrow.Field('price', new arrow.Decimal(3, 15, 128), false);
  fields[3] = new arrow.Field('date', new arrow.DateDay(), false);
  const observation = await written({ fields });
  assert.deepEqual(
    observation.findings.filter(({ detector }) => detector === 'S'),
    [
      { detector: 'S', what: 'column 1', expected: 'key int64 not null', actual: 'key int64 nullable' },
      {
        detector: 'S',
        what: 'column 3',
        expected: 'price decimal128(15, 2) not null',
        actual: 'price decimal128(15, 3) not null',
      },
      { detector: 'S', what: 'column 4', expected: 'day date32 not null', actual: 'date date32 not null' },
    ],
  );
});

test('M: another nonce, and none', async () => {
  const older = await written({ nonce: 'nonce-of-an-older-run' });
  const without = await written({ nonce: null, kind: 'stream' });
  const what = 'nonce of the run (writeproof.nonce)';
  assert.deepEqual(older.findings, [{ detector: 'M', what, expected: NONCE, actual: 'nonce-of-an-older-run' }]);
  assert.deepEqual(without.findings, [{ detector: 'M', what, expected: NONCE, actual: 'none' }]);
});

test('F: a file without its end, and every detector without input says so', async () => {
  const bytes = arrowBytes();
  const observation = await observeBytes(bytes.subarray(0, bytes.length - 20));
  assert.equal(fired(observation), 'CFMNOSX', all(observation));
  assert.deepEqual(whats(observation, 'F'), ['last six bytes']);
  assert.deepEqual(whats(observation, 'C'), ['no input']);
});

test('F: a length of the footer, and a footer, that cannot be', async () => {
  const length = arrowBytes();
  length.writeInt32LE(length.length, length.length - 10);
  const footer = arrowBytes();
  footer.fill(0xff, footer.length - 10 - footer.readInt32LE(footer.length - 10), footer.length - 10);
  assert.deepEqual(whats(await observeBytes(length), 'F'), ['length of the footer']);
  assert.deepEqual(whats(await observeBytes(footer), 'F'), ['footer']);
});

test('F: wrong magic at either end, Parquet, an empty file', async () => {
  const [head, tail] = [arrowBytes(), arrowBytes()];
  head.write('LANCE1', 0);
  tail.write('LANCE1', tail.length - 6);
  assert.deepEqual(whats(await observeBytes(head), 'F'), ['first six bytes']);
  assert.deepEqual(whats(await observeBytes(tail), 'F'), ['last six bytes']);
  const parquet = await observeBytes(Buffer.from('PAR1 and then something else, PAR1'));
  const empty = await observeBytes(Buffer.alloc(0));
  assert.equal(fired(parquet), 'CFMNOSXZ', all(parquet));
  assert.equal(fired(empty), 'CFMNOSXZ', all(empty));
  assert.equal(parquet.findings.find(({ detector }) => detector === 'F')?.actual, '"PAR1 a"');
});

test('F: a stream without its end, cut in a body, with bytes behind its end', async () => {
  const bytes = arrowBytes({ kind: 'stream' });
  const open = await observeBytes(bytes.subarray(0, bytes.length - 8));
  assert.equal(fired(open), 'F', all(open));
  assert.match(open.findings[0]?.actual ?? '', /no end-of-stream marker before byte \d+$/);
  const cut = await observeBytes(bytes.subarray(0, bytes.length - 10_000));
  assert.equal(fired(cut), 'CFMNOX', all(cut));
  const more = await observeBytes(Buffer.concat([bytes, Buffer.alloc(16)]));
  assert.deepEqual(whats(more, 'F'), ['bytes behind the end of the stream']);
});

/** The file with a footer that `change` made of its own. */
function withFooter(bytes: Buffer, change: (footer: Footer) => Footer): Buffer {
  const end = bytes.length - 10;
  const start = end - bytes.readInt32LE(end);
  const footer = Footer.encode(change(Footer.decode(bytes.subarray(start, end))));
  const length = Buffer.alloc(4);
  length.writeInt32LE(footer.length);
  return Buffer.concat([bytes.subarray(0, start), footer, length, Buffer.from('ARROW1')]);
}

test('F and N: a footer that leaves out a batch, and one that points beside a batch', async () => {
  const hiding = withFooter(
    arrowBytes(),
    (footer) => new Footer(footer.schema, footer.version, [...footer.recordBatches()].slice(0, 2), []),
  );
  const hidden = await observeBytes(hiding);
  assert.equal(fired(hidden), 'CFMNOX', all(hidden));
  assert.deepEqual(whats(hidden, 'F'), ['batch 2 of the file', 'number of batch blocks in the footer']);
  assert.deepEqual(whats(hidden, 'N'), ['rows of the batches that the footer lists', 'rows by reading']);
  const beside = await observeBytes(
    withFooter(arrowBytes(), (footer) => {
      const blocks = [...footer.recordBatches()];
      if (blocks[1] !== undefined) blocks[1].offset += 8;
      return new Footer(footer.schema, footer.version, blocks, []);
    }),
  );
  assert.equal(fired(beside), 'CFMNOX', all(beside));
  assert.deepEqual(whats(beside, 'F'), ['batch 1 in the footer', 'batch 1 of the file']);
});

test('F: a block outside of the file, to which no reader is sent', async () => {
  const observation = await observeBytes(
    withFooter(arrowBytes(), (footer) => {
      const blocks = [...footer.recordBatches()];
      if (blocks[2] !== undefined) blocks[2].bodyLength = 2 ** 40;
      return new Footer(footer.schema, footer.version, blocks, []);
    }),
  );
  assert.equal(fired(observation), 'CFMNOX', all(observation));
  assert.equal(
    observation.findings.find(({ what }) => what === 'reading in full by arrow-rs')?.actual,
    'failed: not tried, for what lies outside of the file: a block of the footer',
  );
});

test('F: a continuation marker that is none', async () => {
  const bytes = arrowBytes();
  bytes.writeUInt32LE(0, 8);
  const observation = await observeBytes(bytes);
  assert.deepEqual(whats(observation, 'F'), ['messages before the footer']);
  assert.match(
    observation.findings[0]?.actual ?? '',
    /^message 0 at byte 8: bytes 00000000: expected the continuation/,
  );
});

test('F: two schemas in one file', async () => {
  const other = arrowFields();
  other[0] = new arrow.Field('clef', new arrow.Int64(), false);
  // A stream between the magics is a file; apache-arrow leaves the schema in front out of its own.
  const stream = arrowBytes({ kind: 'stream' });
  const file = (fields: readonly arrow.Field[]): Buffer => {
    const schema = new arrow.Schema([...fields], new Map([['writeproof.nonce', NONCE]]));
    const footer = Footer.encode(new Footer(schema, arrow.MetadataVersion.V5, [], []));
    const length = Buffer.alloc(4);
    length.writeInt32LE(footer.length);
    return Buffer.concat([Buffer.from('ARROW1\0\0'), stream, footer, length, Buffer.from('ARROW1')]);
  };
  const [same, different] = [await observeBytes(file(arrowFields())), await observeBytes(file(other))];
  assert.equal(whats(same, 'F').includes('schema in the footer'), false, all(same));
  assert.equal(whats(different, 'F').includes('schema in the footer'), true, all(different));
});

test('a bit flipped in a body is seen by both readers', async () => {
  const bytes = arrowBytes();
  bytes[200_000] = (bytes[200_000] ?? 0) ^ 0x10;
  const observation = await observeBytes(bytes);
  assert.equal(fired(observation), 'CMOX', all(observation));
});

test('X: null counts and offsets that the buffers contradict are sentences, never a crash', async () => {
  const bytes = arrowBytes({ kind: 'stream' });
  // The honest null count of the notes in the first batch.
  const honest = Buffer.alloc(16);
  honest.writeBigInt64LE(30_000n, 0);
  honest.writeBigInt64LE(2728n, 8);
  const at = bytes.indexOf(honest);
  assert.ok(at > 0, 'the node of the notes lies in a message');
  bytes.writeBigInt64LE(2727n, at + 8);
  const observation = await observeBytes(bytes, { implementation: 'arrow-rs' });
  assert.equal(
    observation.findings.find(({ what }) => what === 'reading in full by apache-arrow')?.actual,
    "failed: message 0 at byte 448: digesting it: column 5: 2727 nulls by the message's count, 2728 by the bitmap",
    all(observation),
  );
  assert.deepEqual(whats(observation, 'N'), ['no input']);
});

test('Z: an extra file beside the target', async () => {
  const observation = await scene(async (set) => {
    await writeFile(set.target, arrowBytes());
    const job = await arrowJob(set);
    await writeFile(path.join(set.directory, 'extra.arrow'), 'ARROW1');
    return observe(job);
  });
  assert.equal(fired(observation), 'Z', all(observation));
});
