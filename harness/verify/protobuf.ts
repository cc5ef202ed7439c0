/** The wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding), as far as messages are taken apart here. */

/** A field of a message as it lies there: a number, or the bytes of a text, a message or a packed list. */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

const [VARINT, FIXED_64, BYTES, FIXED_32] = [0, 1, 2, 5] as const;
/** Ten groups of seven bits hold 64. */
const MOST_VARINT_BYTES = 10;

/** Goes over the bytes of a message. Throws a sentence where they are none. */
class Bytes {
  readonly #bytes: Uint8Array;
  #place = 0;

  public constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  public get isAtEnd(): boolean {
    return this.#place === this.#bytes.length;
  }

  public fail(why: string): never {
    throw new Error(`byte ${this.#place} of a message of ${this.#bytes.length}: ${why}`);
  }

  public take(count: number): Uint8Array {
    if (count > this.#bytes.length - this.#place) this.fail(`expected ${count} bytes more`);
    this.#place += count;
    return this.#bytes.subarray(this.#place - count, this.#place);
  }

  public varint(): bigint {
    let value = 0n;
    for (let index = 0; index < MOST_VARINT_BYTES; index += 1) {
      const byte = this.take(1)[0] ?? 0;
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    return this.fail('expected a number of at most ten bytes');
  }
}

/** All fields in their order. Throws a sentence where the bytes are no message. */
export function wireFields(message: Uint8Array): readonly WireField[] {
  const fields: WireField[] = [];
  const bytes = new Bytes(message);
  while (!bytes.isAtEnd) {
    const key = Number(bytes.varint());
    const [number, wire] = [Math.floor(key / 8), key % 8];
    if (number === 0) bytes.fail('a field without a number');
    if (wire === VARINT) fields.push({ number, value: bytes.varint() });
    else if (wire === FIXED_64) fields.push({ number, value: bytes.take(8) });
    else if (wire === FIXED_32) fields.push({ number, value: bytes.take(4) });
    else if (wire === BYTES) fields.push({ number, value: bytes.take(Number(bytes.varint())) });
    else bytes.fail(`a field of unknown wire type ${wire}`);
  }
  return fields;
}

function packed(list: Uint8Array): readonly bigint[] {
  const numbers: bigint[] = [];
  const bytes = new Bytes(list);
  while (!bytes.isAtEnd) numbers.push(bytes.varint());
  return numbers;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Fields of one message by their numbers; of a single one the last counts, as Protocol Buffers have it. */
export class Message {
  readonly #fields: readonly WireField[];

  public constructor(bytes: Uint8Array) {
    this.#fields = wireFields(bytes);
  }

  public has(number: number): boolean {
    return this.#fields.some((field) => field.number === number);
  }

  /** Unsigned; 0 where it is absent. Throws where it is too large for a number that is exact. */
  public count(number: number): number {
    const value = Number(this.bits(number));
    if (Number.isSafeInteger(value)) return value;
    throw new Error(`field ${number} is ${this.bits(number)}: expected a number below 2^53`);
  }

  /** All 64 bits. */
  public bits(number: number): bigint {
    const value = this.#last(number);
    if (value instanceof Uint8Array) throw new Error(`field ${number}: expected a number, found bytes`);
    return value ?? 0n;
  }

  public text(number: number): string {
    const value = this.#last(number);
    if (typeof value === 'bigint') throw new Error(`field ${number}: expected text, found a number`);
    return UTF8.decode(value ?? new Uint8Array());
  }

  /** A list of int32, packed or not. */
  public integers(number: number): readonly number[] {
    const values = this.#all(number).flatMap((value) => (value instanceof Uint8Array ? packed(value) : [value]));
    return values.map((value) => Number(BigInt.asIntN(32, value)));
  }

  /** Each occurrence of a field of messages. */
  public messages(number: number): readonly Message[] {
    return this.#all(number).map((value) => {
      if (value instanceof Uint8Array) return new Message(value);
      throw new Error(`field ${number}: expected a message, found a number`);
    });
  }

  /** A map from text to text; its entries are messages of a key and a value. */
  public pairs(number: number): ReadonlyMap<string, string> {
    return new Map(this.messages(number).map((entry) => [entry.text(1), entry.text(2)] as const));
  }

  #all(number: number): readonly WireField['value'][] {
    return this.#fields.filter((field) => field.number === number).map(({ value }) => value);
  }

  #last(number: number): WireField['value'] | undefined {
    return this.#all(number).at(-1);
  }
}
