/** What is compressed is decoded in full, or said to be missing: never filled up with what lay in the memory. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import * as arrow from 'apache-arrow';
import { CompressionType } from 'apache-arrow/fb/compression-type';
import { readLayout } from '../../harness/verify/arrow-layout.js';
import { readByApacheArrow } from '../../harness/verify/by-apache-arrow.js';
import { decodeLz4Frame } from '../../harness/verify/lz4.js';
import { PAGE_CODECS } from '../../harness/verify/page-codecs.js';
import { decodeZstd } from '../../harness/verify/zstd.js';

const folder = mkdtempSync(path.join(tmpdir(), 'writeproof-codecs-'));
after(() => {
  rmSync(folder, { recursive: true });
});

/** A zstd frame of blocks that are as they are. */
function zstdFrame(data: Uint8Array): Buffer {
  const blocks = Array.from({ length: Math.ceil(data.length / 2 ** 17) }, (_, index) =>
    data.subarray(index * 2 ** 17, (index + 1) * 2 ** 17),
  );
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]);
  const parts = blocks.flatMap((block, index) => {
    const head = Buffer.alloc(4);
    head.writeUInt32LE((block.length << 3) | (index === blocks.length - 1 ? 1 : 0));
    return [head.subarray(0, 3), block];
  });
  return Buffer.concat([header, ...parts]);
}

const LZ4_HEAD = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73]);

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

const lz4Plain = (data: Uint8Array): Buffer => Buffer.concat([LZ4_HEAD, word(2 ** 31 + data.length), data, word(0)]);

const lz4Of = (block: Uint8Array): Buffer => Buffer.concat([LZ4_HEAD, word(block.length), block, word(0)]);

/** One byte, repeated. */
const zstdRun = (byte: number, times: number): Buffer => {
  const head = word((times << 3) | 3);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]), head.subarray(0, 3), Buffer.from([byte])]);
};

const lz4Run = (byte: number, times: number): Buffer => {
  // One literal, and a match that goes on where it begins.
  const more = times - 1 - 4 - 15;
  const lengths = [...Array<number>(Math.floor(more / 255)).fill(255), more % 255];
  return lz4Of(Buffer.from([0x1f, byte, 1, 0, ...lengths, 0]));
};

const BATCH_ROWS = 1000;
const BATCH_BYTES = 8 * BATCH_ROWS;
const CODECS = [
  [CompressionType.ZSTD, zstdRun, zstdFrame, [0x28, 0xb5, 0x2f, 0xfd]],
  [CompressionType.LZ4_FRAME, lz4Run, lz4Plain, [0x04, 0x22, 0x4d, 0x18]],
] as const;

/** Two equal batches of one column; of the second `missing` bytes are not there, though its length says so. */
function twoBatches([codec, run, plain, magic]: (typeof CODECS)[number], missing: number): string {
  const lengths = [BATCH_BYTES, BATCH_BYTES - missing];
  arrow.compressionRegistry.set(codec, {
    // Setting a codec tries it with a few bytes.
    encode: (data) => (data.length === BATCH_BYTES ? run(7, lengths.shift() ?? 0) : plain(data)),
    decode: (data) => data,
  });
  const type = new arrow.Int64();
  const schema = new arrow.Schema([new arrow.Field('key', type, false)]);
  const data = new BigInt64Array(BATCH_ROWS).fill(0x0707_0707_0707_0707n);
  const children = [arrow.makeData({ type, data })];
  const rows = arrow.makeData({ type: new arrow.Struct(schema.fields), length: BATCH_ROWS, nullCount: 0, children });
  const writer = new arrow.RecordBatchStreamWriter({ compressionType: codec });
  writer.reset(undefined, schema);
  for (let index = 0; index < 2; index += 1) writer.write(new arrow.RecordBatch(schema, rows));
  const bytes = Buffer.from(writer.finish().toUint8Array(true));
  let frames = 0;
  // apache-arrow sets another length in front.
  for (let at = bytes.indexOf(Buffer.from(magic)); at >= 0; at = bytes.indexOf(Buffer.from(magic), at + 1)) {
    bytes.writeBigInt64LE(BigInt(BATCH_BYTES), at - 8);
    frames += 1;
  }
  assert.equal(frames, 2);
  const file = path.join(folder, `${CompressionType[codec]}-${missing}.arrow`);
  writeFileSync(file, bytes);
  return file;
}

async function read(file: string): Promise<number> {
  const { layout } = await readLayout(file);
  assert.ok(layout !== null);
  return (await readByApacheArrow(file, layout)).rows;
}

test('a compressed buffer that holds less than its length says is not filled up with the message before', async () => {
  const sentences = [];
  for (const codec of CODECS) {
    assert.equal(await read(twoBatches(codec, 0)), 2 * BATCH_ROWS);
    const message = await read(twoBatches(codec, 800)).catch((error: unknown) => (error as Error).message);
    sentences.push(String(message).replace(/at byte \d+/, 'at byte N'));
  }
  const said = 'message 1 at byte N: buffer 1 decompresses to 7200 bytes: expected 8000';
  assert.deepEqual(sentences, [said, said]);
});

const refused = (decode: () => unknown): string => {
  try {
    return `took ${String(decode())}`;
  } catch (error) {
    return (error as Error).message;
  }
};

test('zstd: frames that are cut, too long for the memory, or of a window that nobody has', () => {
  const data = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
  const frame = zstdFrame(data);
  const into = new Uint8Array(data.length);
  assert.equal(decodeZstd(frame, into), data.length);
  assert.deepEqual(into, data);
  assert.match(
    refused(() => decodeZstd(frame.subarray(0, -1), into)),
    /unexpected EOF/,
  );
  assert.match(
    refused(() => decodeZstd(frame, into.subarray(1))),
    /hold more than 299999 bytes/,
  );
  const wide = Buffer.from(frame);
  wide[5] = 0xa0;
  assert.match(
    refused(() => decodeZstd(wide, into)),
    /a window of 1073741824 bytes for 300000/,
  );
  // One segment of 4 GiB less one.
  const single = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0]), word(2 ** 32 - 1), frame.subarray(6)]);
  assert.match(
    refused(() => decodeZstd(single, into)),
    /a window of 4294967295 bytes for 300000/,
  );
});

test('LZ4: blocks that are cut, copy from nowhere, or hold more than there is room for', () => {
  const into = new Uint8Array(12).fill(7);
  // Four literals, eight bytes of them again, and no literals at the end.
  const block = Buffer.from([0x44, 1, 2, 3, 4, 4, 0, 0]);
  assert.equal(decodeLz4Frame(lz4Of(block), into), 12);
  assert.deepEqual([...into], [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]);
  const nowhere = Buffer.from([0x44, 1, 2, 3, 4, 0, 0, 0]);
  const before = Buffer.from([0x44, 1, 2, 3, 4, 5, 0, 0]);
  const cut = Buffer.from([0xc0, 1, 2, 3]);
  const sentences = [
    refused(() => decodeLz4Frame(lz4Of(nowhere), into)),
    refused(() => decodeLz4Frame(lz4Of(before), into)),
    refused(() => decodeLz4Frame(lz4Of(cut), into)),
    refused(() => decodeLz4Frame(lz4Of(block), into.subarray(1))),
    refused(() => decodeLz4Frame(lz4Plain(into).subarray(0, 15), into)),
  ];
  assert.deepEqual(sentences, [
    'an LZ4 block copies from 0 bytes back',
    'an LZ4 block copies from 5 bytes back',
    'an LZ4 block of 4 bytes announces 13',
    'an LZ4 frame holds more than 11 bytes',
    'an LZ4 frame of 15 bytes announces 23',
  ]);
});

test('a page of every codec holds what its header announces, neither less nor more', () => {
  const data = Buffer.from('the same again and again and again and again');
  const lz4 = Buffer.concat([Buffer.from([0xf0, data.length - 15]), data]);
  const hadoop = Buffer.concat([word(data.length).swap32(), word(lz4.length).swap32(), lz4]);
  const pages = {
    GZIP: gzipSync(data),
    BROTLI: brotliCompressSync(data),
    LZ4: hadoop,
    LZ4_RAW: lz4,
    ZSTD: zstdFrame(data),
  } as const;
  const names = Object.keys(pages) as (keyof typeof pages)[];
  const decoded = names.map((name) => Buffer.from(PAGE_CODECS[name]?.(pages[name], data.length) ?? []).toString());
  assert.deepEqual(decoded, Array(5).fill(data.toString()));
  assert.equal(Buffer.from(PAGE_CODECS.LZ4?.(lz4, data.length) ?? []).toString(), data.toString());
  const lies = names.flatMap((name) =>
    [data.length + 20, data.length - 1].map((length) => refused(() => PAGE_CODECS[name]?.(pages[name], length))),
  );
  assert.equal(lies.length, 10);
  assert.deepEqual(
    lies.filter((sentence) => sentence.startsWith('took')),
    [],
  );
});
