/** Files and streams of many types that arrow-rs wrote: codecs, dictionaries that grow and that change, nested values, slices. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { MetadataVersion, RecordBatchReader } from 'apache-arrow';
import { FileBlock, Footer } from 'apache-arrow/ipc/metadata/file';
import type { Digest, Field } from '../../harness/types.js';
import { readLayout, type ArrowLayout } from '../../harness/verify/arrow-layout.js';
import { readByApacheArrow } from '../../harness/verify/by-apache-arrow.js';
import { readByArrowRs } from '../../harness/verify/by-arrow-rs.js';
import { nativePath } from '../native-path.js';

/** What native/engine/reader/examples/arrow-files.rs prints of each file. */
interface Written {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly digest: Digest;
}

const folder = mkdtempSync(path.join(tmpdir(), 'writeproof-arrow-'));
after(() => {
  rmSync(folder, { recursive: true });
});

function writtenByArrowRs(): readonly Written[] {
  const run = spawnSync(nativePath('arrow-files'), [folder], { encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(run.status, 0, run.stderr);
  const lines = run.stdout.trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Written);
}

const written = writtenByArrowRs();
const pathOf = ({ name }: Written): string => path.join(folder, name);

async function layoutOf(file: Written): Promise<ArrowLayout> {
  const { layout, findings } = await readLayout(pathOf(file));
  assert.deepEqual(findings, [], file.name);
  assert.ok(layout !== null);
  return layout;
}

test('every file is read by both readers as it was written, and its schema is spelt as the engine spells it', async () => {
  const read = [];
  for (const file of written) {
    const layout = await layoutOf(file);
    assert.deepEqual(layout.schema.fields, file.fields, file.name);
    assert.equal(layout.schema.metadata.get('writeproof.nonce'), 'nonce of the example');
    for (const reader of [readByApacheArrow, readByArrowRs]) {
      const { digest, rows } = await reader(pathOf(file), layout);
      assert.deepEqual(digest, file.digest, `${file.name} by ${reader.name}`);
      read.push(rows);
    }
  }
  assert.equal(read.length, 32);
  const types = new Set(written.flatMap(({ fields }) => fields.map(({ type }) => type)));
  assert.equal(types.size, 42, 'types among the columns');
});

test('all codecs, deltas and replaced dictionaries are among them', async () => {
  const messages: Record<string, number> = {};
  for (const file of written) messages[file.name] = (await layoutOf(file)).messages.length;
  const names = Object.keys(messages);
  assert.equal(names.filter((name) => name.includes('lz4')).length, 4);
  assert.equal(names.filter((name) => name.includes('zstd')).length, 4);
  // Three batches, and as many dictionaries: the first, and two that add to it or take its place.
  const changing = ['deltas-file.arrow', 'deltas-stream.arrow', 'replaced-stream.arrow'];
  assert.deepEqual(
    changing.map((name) => messages[name]),
    [6, 6, 6],
  );
});

const named = (name: string): Written => {
  const file = written.find((one) => one.name === name);
  assert.ok(file !== undefined, name);
  return file;
};

test('F: a file whose dictionary is replaced, which only a stream may do', async () => {
  const stream = named('replaced-stream.arrow');
  const bytes = readFileSync(pathOf(stream));
  // A stream between the magics and a footer is a file.
  const blocks = (await layoutOf(stream)).messages.map(
    ({ offset, metadataBytes, bodyBytes }) => new FileBlock(metadataBytes, bodyBytes, offset + 8),
  );
  const [dictionaries, batches] = [0, 1].map((kind) => blocks.filter((_, index) => index % 2 === kind));
  const { schema } = RecordBatchReader.from(bytes).open();
  const footer = Footer.encode(new Footer(schema, MetadataVersion.V5, batches, dictionaries));
  const length = Buffer.alloc(4);
  length.writeInt32LE(footer.length);
  const file = path.join(folder, 'replaced-file.arrow');
  writeFileSync(file, Buffer.concat([Buffer.from('ARROW1\0\0'), bytes, footer, length, Buffer.from('ARROW1')]));
  const { findings } = await readLayout(file);
  assert.deepEqual(findings, [
    {
      detector: 'F',
      what: 'dictionary 0 of a file',
      expected: 'once, and deltas',
      actual: 'replaced, which only a stream may do',
    },
  ]);
});

test('a compressed buffer whose length is a lie is a sentence, and takes no memory', async () => {
  const sentences = [];
  for (const codec of ['lz4', 'zstd']) {
    const file = named(`types-stream-${codec}.arrow`);
    const layout = await layoutOf(file);
    const bytes = readFileSync(pathOf(file));
    const magic = Buffer.from(codec === 'lz4' ? [0x04, 0x22, 0x4d, 0x18] : [0x28, 0xb5, 0x2f, 0xfd]);
    const frame = bytes.indexOf(magic);
    assert.ok(frame > 8, 'a compressed buffer');
    bytes.writeBigInt64LE(bytes.readBigInt64LE(frame - 8) + 2n ** 40n, frame - 8);
    const damaged = path.join(folder, `damaged-${codec}.arrow`);
    writeFileSync(damaged, bytes);
    await assert.rejects(readByApacheArrow(damaged, layout), (error: Error) => {
      sentences.push(error.message);
      return /^message \d at byte \d+: buffer \d+ of \d+ compressed bytes is to have \d+: expected at most \d+$/.test(
        error.message,
      );
    });
  }
  assert.equal(sentences.length, 2);
});
