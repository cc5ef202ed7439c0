/**
 * Dictionaries that change from batch to batch, as one that only grows: an Arrow file may add to a dictionary and not replace it,
 * and `apache-arrow` throws where it would have to. Values are compared by their bytes and never decoded.
 */

import { DataType, makeData, RecordBatch, Vector, type Data, type Dictionary, type Int } from 'apache-arrow';

type Key = string | number | bigint | null;
/** Of any width: all narrow ones are handled as these are. */
type Keys = Int32Array | BigInt64Array | BigUint64Array;

/** What is equal has the same key; null where values of this type cannot be compared by one. */
function keysOf(chunk: Data): ((index: number) => Key) | null {
  const valid = (index: number): boolean => chunk.nullCount === 0 || chunk.getValid(index);
  const { type } = chunk;
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isBinary(type) || DataType.isLargeBinary(type)) {
    const bytes = chunk.values as Uint8Array;
    const offsets = chunk.valueOffsets as unknown as ArrayLike<number | bigint>;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return (index) =>
      valid(index) ? text.toString('latin1', Number(offsets[index]), Number(offsets[index + 1])) : null;
  }
  if (DataType.isInt(type)) {
    const values = chunk.values as ArrayLike<number | bigint>;
    return (index) => (valid(index) ? (values[index] ?? null) : null);
  }
  return null;
}

/** A value of a dictionary: the chunk that holds it, and its place there. */
interface Entry {
  readonly chunk: Data;
  readonly index: number;
}

/** Buffers of a chunk, as makeData takes them. */
interface Gathered {
  readonly data: Uint8Array | Int32Array;
  readonly valueOffsets?: Int32Array | BigInt64Array;
}

/** Text or bytes, one after the other. */
function gatheredBytes(entries: readonly Entry[], isLarge: boolean): Gathered {
  const parts = entries.map(({ chunk, index }) => {
    const offsets = chunk.valueOffsets as unknown as ArrayLike<number | bigint>;
    return (chunk.values as Uint8Array).subarray(Number(offsets[index]), Number(offsets[index + 1]));
  });
  let end = 0;
  const ends = [0, ...parts.map((part) => (end += part.length))];
  const valueOffsets = isLarge ? BigInt64Array.from(ends, BigInt) : Int32Array.from(ends);
  return { data: new Uint8Array(Buffer.concat(parts)), valueOffsets };
}

function gatheredIntegers(entries: readonly Entry[], type: Int): Gathered {
  const data = new type.ArrayType(entries.length) as Int32Array;
  for (const [place, { chunk, index }] of entries.entries()) data[place] = (chunk.values as Int32Array)[index] ?? 0;
  return { data };
}

/** The entries, which are of one type, as one chunk. */
function gathered(entries: readonly Entry[], type: DataType): Data {
  const nullBitmap = new Uint8Array(Math.ceil(entries.length / 64) * 8);
  let nullCount = 0;
  for (const [place, { chunk, index }] of entries.entries()) {
    if (chunk.nullCount === 0 || chunk.getValid(index))
      nullBitmap[place >> 3] = (nullBitmap[place >> 3] ?? 0) | (1 << (place & 7));
    else nullCount += 1;
  }
  const buffers = DataType.isInt(type)
    ? gatheredIntegers(entries, type)
    : gatheredBytes(entries, DataType.isLargeUtf8(type) || DataType.isLargeBinary(type));
  const props = { type, length: entries.length, nullCount, nullBitmap, ...buffers };
  return makeData(props as unknown as Parameters<typeof makeData>[0]);
}

/** The keys as they are in the common dictionary; those of 64 bits are BigInts. A key under a null may be anything. */
function movedKeys(keys: Keys, moved: Uint32Array): Keys {
  if (keys instanceof BigInt64Array || keys instanceof BigUint64Array) {
    return keys.map((key) => BigInt(moved[Number(key)] ?? 0));
  }
  return keys.map((key) => moved[key] ?? 0);
}

class GrowingDictionary {
  private readonly places = new Map<Key, number>();
  private readonly column: string;
  private vector: Vector | null = null;
  private last: { readonly from: Vector; readonly moved: Uint32Array } | null = null;

  constructor(column: string) {
    this.column = column;
  }

  /** Takes in the values of a batch's dictionary; where each of them is now. */
  private take(from: Vector, type: Dictionary): Uint32Array {
    if (this.last?.from === from) return this.last.moved;
    const moved = new Uint32Array(from.length);
    const fresh: Entry[] = [];
    let start = 0;
    for (const chunk of from.data as readonly Data[]) {
      const keyAt = keysOf(chunk);
      if (keyAt === null) {
        throw new Error(
          `column ${this.column}: a dictionary of ${(chunk.type as { toString(): string }).toString()} cannot be carried from batch to batch; expected text, bytes or integers, whose bytes say which are equal`,
        );
      }
      for (let index = 0; index < chunk.length; index++) {
        const key = keyAt(index);
        let place = this.places.get(key);
        if (place === undefined) {
          place = this.places.size;
          this.places.set(key, place);
          fresh.push({ chunk, index });
        }
        moved[start + index] = place;
      }
      start += chunk.length;
    }
    this.checkRoom(type);
    if (fresh.length > 0) this.append(gathered(fresh, type.dictionary as DataType));
    this.last = { from, moved };
    return moved;
  }

  /** A delta of the file is a chunk of the vector. */
  private append(chunk: Data): void {
    const added = new Vector([chunk]);
    this.vector = this.vector === null ? added : this.vector.concat(added);
  }

  private checkRoom({ indices }: Dictionary): void {
    const most = 2 ** (indices.bitWidth - (indices.isSigned ? 1 : 0));
    if (this.places.size <= most) return;
    throw new Error(
      `column ${this.column}: the dictionaries of its batches hold ${this.places.size} values together, its keys of type ${String(indices)} can tell ${most}`,
    );
  }

  /** The column with its keys for the common dictionary. */
  remapped(data: Data<Dictionary>): Data<Dictionary> {
    const { dictionary: from } = data;
    if (from === undefined) throw new Error(`column ${this.column}: a batch has keys without their dictionary`);
    const moved = this.take(from, data.type);
    this.vector ??= from;
    const { type, length, nullCount, nullBitmap } = data;
    const after = movedKeys((data.values as Keys).subarray(0, length), moved) as Int32Array;
    return makeData({ type, length, nullCount, nullBitmap, data: after, dictionary: this.vector });
  }
}

export class Dictionaries {
  private readonly byId = new Map<number, GrowingDictionary>();

  private walk(name: string, data: Data): Data {
    if (DataType.isDictionary(data.type)) {
      const known = this.byId.get(data.type.id) ?? new GrowingDictionary(name);
      this.byId.set(data.type.id, known);
      return known.remapped(data as unknown as Data<Dictionary>);
    }
    const fields = data.type.children as readonly { readonly name: string }[] | null;
    const children = data.children.map((child, index) => this.walk(`${name}.${fields?.[index]?.name ?? index}`, child));
    if (children.every((child, index) => child === data.children[index])) return data;
    return data.clone(undefined, undefined, undefined, undefined, undefined, children);
  }

  /** The batch as it can follow those before it in a file. */
  unified(batch: RecordBatch): RecordBatch {
    const columns = batch.data.children.map((child, index) =>
      this.walk(batch.schema.fields[index]?.name ?? String(index), child),
    );
    if (columns.every((column, index) => column === batch.data.children[index])) return batch;
    const { type, length, nullCount } = batch.data;
    return new RecordBatch(batch.schema, makeData({ type, length, nullCount, children: columns }));
  }
}
