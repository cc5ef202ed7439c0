/** The schema of Arrow's own metadata, its types named as native/engine/schema names them. */

import { ByteBuffer } from 'flatbuffers';
import { Endianness } from 'apache-arrow/fb/endianness';
import type { Field as ArrowField } from 'apache-arrow/fb/field';
import { Message } from 'apache-arrow/fb/message';
import { MessageHeader } from 'apache-arrow/fb/message-header';
import { Schema } from 'apache-arrow/fb/schema';
import type { Field } from '../types.js';
import { typeName } from './arrow-type-name.js';
import { flatCount } from './flat-count.js';

export interface ArrowSchema {
  readonly fields: readonly Field[];
  /** Ids of the dictionaries, in the order of the fields, each before those inside of its values. */
  readonly dictionaryIds: readonly number[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** Four bytes in front of a message's length since version 0.15 of the format. */
export const CONTINUATION = 0xff_ff_ff_ff;

function dictionaryIdsOf(field: ArrowField): readonly number[] {
  const length = flatCount('children of a field', field.childrenLength(), field);
  const children = Array.from({ length }, (_, index) => field.children(index));
  const own = field.dictionary();
  return [
    ...(own === null ? [] : [Number(own.id())]),
    ...children.flatMap((child) => (child === null ? [] : dictionaryIdsOf(child))),
  ];
}

/** Throws the sentence of a schema that this cannot be. */
export function schemaOf(schema: Schema): ArrowSchema {
  if (schema.endianness() !== Endianness.Little) throw new Error('its buffers are big-endian: expected little-endian');
  const length = flatCount('fields', schema.fieldsLength(), schema);
  const fields = Array.from({ length }, (_, index) => schema.fields(index)).filter((field) => field !== null);
  const metadata = new Map<string, string>();
  const pairs = flatCount('pairs of text', schema.customMetadataLength(), schema);
  for (let index = 0; index < pairs; index += 1) {
    const pair = schema.customMetadata(index);
    metadata.set(pair?.key() ?? '', pair?.value() ?? '');
  }
  return {
    fields: fields.map((field) => ({ name: field.name() ?? '', type: typeName(field), nullable: field.nullable() })),
    dictionaryIds: fields.flatMap(dictionaryIdsOf),
    metadata,
  };
}

/** The schema of an encapsulated message: continuation marker, length, then the message. Parquet's `ARROW:schema` is one. */
export function schemaOfMessage(bytes: Uint8Array): ArrowSchema {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const prefix = bytes.length >= 8 && view.getUint32(0, true) === CONTINUATION ? 8 : 4;
  const length = bytes.length >= prefix ? view.getInt32(prefix - 4, true) : 0;
  if (length <= 0 || prefix + length > bytes.length) {
    throw new Error(`expected a schema message of ${bytes.length - prefix} bytes or fewer, its length says ${length}`);
  }
  const message = Message.getRootAsMessage(new ByteBuffer(bytes.subarray(prefix, prefix + length)));
  const schema: unknown = message.headerType() === MessageHeader.Schema ? message.header(new Schema()) : null;
  if (!(schema instanceof Schema))
    throw new Error(`expected a message of a schema, got one of type ${message.headerType()}`);
  return schemaOf(schema);
}
