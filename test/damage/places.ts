/** Where something begins or ends in a Parquet or an Arrow file, by what the file itself says; and damages there, and anywhere. */

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { parquetHeader } from 'hyparquet/src/column.js';
import { readLayout } from '../../harness/verify/arrow-layout.js';
import { messageAt, PREFIX_BYTES } from '../../harness/verify/arrow-message.js';
import { extentOf } from '../../harness/verify/chunk-extent.js';
import { readFooter } from '../../harness/verify/footer.js';
import type { Damage, Specimen } from './specimen.js';

/** Each once, and only those in or at the end of a file of so many bytes. */
export const sorted = (places: readonly number[], bytes: number): readonly number[] =>
  [...new Set(places)].filter((place) => place >= 0 && place <= bytes).sort((one, other) => one - other);

/** Magic, each chunk, each page's header and body, indexes, footer, its length, magic. */
export async function parquetPlaces(file: string): Promise<readonly number[]> {
  const bytes = readFileSync(file);
  const { footer } = await readFooter(file);
  assert.ok(footer !== null);
  const footerBytes = bytes.readUInt32LE(bytes.length - 8);
  const places = [0, 4, bytes.length - 8 - footerBytes, bytes.length - 8, bytes.length - 4, bytes.length];
  const chunks = footer.metadata.row_groups.flatMap(({ columns }) => columns);
  assert.ok(chunks.length > 0);
  for (const chunk of chunks) {
    const extent = extentOf(chunk);
    assert.ok(extent !== null);
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: extent.start };
    while (reader.offset < extent.end) {
      places.push(reader.offset);
      const { compressed_page_size: body } = parquetHeader(reader);
      places.push(reader.offset, reader.offset + body);
      reader.offset += body;
    }
    places.push(extent.start, extent.end);
    for (const [start, length] of [
      [chunk.column_index_offset, chunk.column_index_length],
      [chunk.offset_index_offset, chunk.offset_index_length],
    ] as const) {
      if (start !== undefined && length !== undefined) places.push(Number(start), Number(start) + length);
    }
  }
  return sorted(places, bytes.length);
}

/** Magic, each message's marker, length, metadata, buffers and body, footer, its length, magic. */
export async function arrowPlaces(name: string): Promise<readonly number[]> {
  const bytes = readFileSync(name);
  const end = bytes.length - 10 - bytes.readInt32LE(bytes.length - 10);
  const places = [0, 6, 8, end, bytes.length - 10, bytes.length - 6, bytes.length];
  const { layout } = await readLayout(name);
  assert.ok(layout !== null);
  const first = [...layout.messages].sort((one, other) => one.offset - other.offset)[0];
  assert.ok(first !== undefined);
  const file = await open(name);
  let [next, batches] = [8, 0];
  for (;;) {
    places.push(next, next + 4, next + PREFIX_BYTES);
    const found = await messageAt(file, next, end);
    if (found === null) break;
    const { place, message } = found;
    const body = next + place.metadataBytes;
    if (message.content.kind !== 'schema') {
      batches += 1;
      for (const { offset, length } of message.content.batch.regions) {
        places.push(body + offset, body + offset + length);
      }
    }
    next = body + place.bodyBytes;
    places.push(body, next);
  }
  await file.close();
  assert.ok(batches > 1);
  return sorted(places, bytes.length);
}

/** Each bit of the byte before each place and of that at it flipped, and the file cut there. */
export function damagesAt(file: string, places: readonly number[], bytes: number): readonly Damage[] {
  const touched = sorted(
    places.flatMap((place) => [place - 1, place]),
    bytes - 1,
  );
  const flips = touched.flatMap((byte) => Array.from({ length: 8 }, (_, bit) => ({ file, byte, bit })));
  return [...flips, ...places.filter((place) => place < bytes).map((cut) => ({ file, cut }))];
}

/** Of the files of a target, so many anywhere: four of five are flips, the others cuts. */
export function damagesAnywhere(
  specimen: Specimen,
  files: readonly string[],
  count: number,
  seed: number,
): readonly Damage[] {
  const sizes = files.map((file) => [file, statSync(path.join(specimen.directory, file)).size] as const);
  const one = fc.constantFrom(...sizes).chain(([file, bytes]) => {
    const byte = fc.integer({ min: 0, max: bytes - 1 });
    const flip = fc.record({ file: fc.constant(file), byte, bit: fc.integer({ min: 0, max: 7 }) });
    const cut = fc.record({ file: fc.constant(file), cut: byte });
    return fc.oneof<fc.MaybeWeightedArbitrary<Damage>[]>({ weight: 4, arbitrary: flip }, { weight: 1, arbitrary: cut });
  });
  return fc.sample(one, { seed, numRuns: count });
}

/** So many of them, drawn by the seed. */
export function someOf(damages: readonly Damage[], count: number, seed: number): readonly Damage[] {
  const [chosen] = fc.sample(fc.shuffledSubarray([...damages], { minLength: count, maxLength: count }), {
    seed,
    numRuns: 1,
  });
  assert.ok(chosen !== undefined);
  return chosen;
}
