/** The rows of fixture.ts as Arrow IPC, written by apache-arrow from their buffers. */

import { writeFileSync } from 'node:fs';
import * as arrow from 'apache-arrow';
import { observe } from '../../harness/verify/observe.js';
import type { Observation, VerifyJob } from '../../harness/types.js';
import { GROUP_ROWS, honestColumns, NONCE, ROWS, scene, type Columns, type Scene } from './fixture.js';

export interface ArrowWriting {
  readonly columns?: Columns;
  readonly fields?: readonly arrow.Field[];
  readonly nonce?: string | null;
  readonly kind?: 'file' | 'stream';
  /** The notes stand in a dictionary. */
  readonly inDictionary?: boolean;
  /** Batches that are left out. */
  readonly without?: readonly number[];
}

/** FIELDS of fixture.ts as apache-arrow declares them. */
export const arrowFields = (): arrow.Field[] => [
  new arrow.Field('key', new arrow.Int64(), false),
  new arrow.Field('quantity', new arrow.Int32(), false),
  new arrow.Field('price', new arrow.Decimal(2, 15, 128), false),
  new arrow.Field('day', new arrow.DateDay(), false),
  new arrow.Field('note', new arrow.Utf8(), true),
];

function noteData(values: readonly (string | null)[]): arrow.Data<arrow.Utf8> {
  const texts = values.map((value) => Buffer.from(value ?? ''));
  const valueOffsets = new Int32Array(texts.length + 1);
  for (const [row, text] of texts.entries()) valueOffsets[row + 1] = (valueOffsets[row] ?? 0) + text.length;
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 64) * 8);
  for (const [row, value] of values.entries()) {
    if (value !== null) nullBitmap[row >> 3] = (nullBitmap[row >> 3] ?? 0) | (1 << (row & 7));
  }
  const nullCount = values.filter((value) => value === null).length;
  const data = new Uint8Array(Buffer.concat(texts));
  return arrow.makeData({ type: new arrow.Utf8(), length: texts.length, nullCount, nullBitmap, valueOffsets, data });
}

const DICTIONARY = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 1);

/** Notes that point into the dictionary of all of them. */
function codedNotes(all: arrow.Vector<arrow.Utf8>, values: readonly (string | null)[], start: number): arrow.Data {
  const { nullBitmap, nullCount, length } = noteData(values);
  const data = Int32Array.from(values, (_, row) => start + row);
  return arrow.makeData({ type: DICTIONARY, length, nullCount, nullBitmap, data, dictionary: all });
}

function batch(
  schema: arrow.Schema,
  columns: Columns,
  start: number,
  dictionary: arrow.Vector<arrow.Utf8> | null,
): arrow.RecordBatch {
  const cut = <T>(values: readonly T[]): T[] => values.slice(start, start + GROUP_ROWS);
  const prices = BigInt64Array.from(cut(columns.price).flatMap((price) => [price, price < 0n ? -1n : 0n]));
  const children = [
    arrow.makeData({ type: new arrow.Int64(), data: BigInt64Array.from(cut(columns.key)) }),
    arrow.makeData({ type: new arrow.Int32(), data: Int32Array.from(cut(columns.quantity)) }),
    arrow.makeData({ type: new arrow.Decimal(2, 15, 128), data: new Uint32Array(prices.buffer) }),
    arrow.makeData({ type: new arrow.DateDay(), data: Int32Array.from(cut(columns.day)) }),
    dictionary === null ? noteData(cut(columns.note)) : codedNotes(dictionary, cut(columns.note), start),
  ];
  const length = children[0]?.length ?? 0;
  const type = new arrow.Struct(schema.fields);
  return new arrow.RecordBatch(schema, arrow.makeData({ type, length, nullCount: 0, children }));
}

/** The columns as a file or a stream; what is not given is honest. */
export function arrowBytes(writing: ArrowWriting = {}): Buffer {
  const { columns = honestColumns(), fields = arrowFields(), nonce = NONCE, kind = 'file', without = [] } = writing;
  const dictionary = writing.inDictionary === true ? new arrow.Vector([noteData(columns.note.map(String))]) : null;
  const metadata = new Map(nonce === null ? [] : [['writeproof.nonce', nonce]]);
  const declared = fields.map((field) =>
    dictionary !== null && field.name === 'note' ? new arrow.Field('note', DICTIONARY, true) : field,
  );
  const schema = new arrow.Schema(declared, metadata);
  const batches = Array.from({ length: Math.ceil(ROWS / GROUP_ROWS) }, (_, index) => index)
    .filter((index) => !without.includes(index))
    .map((index) => batch(schema, columns, index * GROUP_ROWS, dictionary));
  const writer = kind === 'file' ? new arrow.RecordBatchFileWriter() : new arrow.RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  for (const one of batches) writer.write(one);
  return Buffer.from(writer.finish().toUint8Array(true));
}

/** The job of a target that apache-arrow wrote. */
export const arrowJob = async (set: Scene, changes: Partial<VerifyJob> = {}): Promise<VerifyJob> =>
  set.job({ format: 'arrow', implementation: 'apache-arrow', ...changes });

/** Observes bytes as they are. */
export async function observeBytes(bytes: Buffer, changes: Partial<VerifyJob> = {}): Promise<Observation> {
  return scene(async (set) => {
    writeFileSync(set.target, bytes);
    return observe(await arrowJob(set, changes));
  });
}
