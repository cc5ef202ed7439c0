/** Protocol Buffers and manifests of Lance, encoded here: what the readers of harness/verify take apart. */

/** A field of a message: a number, text or bytes, or a message of fields. */
export type Encoded = readonly [number: number, value: number | bigint | string | Uint8Array | readonly Encoded[]];

export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

export function encode(fields: readonly Encoded[]): Buffer {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === 'number' || typeof value === 'bigint') {
        return Buffer.concat([varint(number * 8), varint(value)]);
      }
      const bytes =
        typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : encode(value);
      return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
    }),
  );
}

/** The manifest's message behind `front`, with its length and the tail of the file. */
export function manifestFile(message: Uint8Array, front: Uint8Array = new Uint8Array()): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(message.length);
  const tail = Buffer.alloc(16);
  tail.writeBigUInt64LE(BigInt(front.length));
  tail.writeUInt16LE(2, 10);
  tail.write('LANC', 12);
  return Buffer.concat([front, length, message, tail]);
}

/** The message of a manifest's file, and what lies before it. */
export function messageOf(file: Buffer): { readonly front: Buffer; readonly message: Buffer } {
  const position = Number(file.readBigUInt64LE(file.length - 16));
  const start = position + 4;
  return {
    front: file.subarray(0, position),
    message: file.subarray(start, start + file.readUInt32LE(position)),
  };
}

export const manifestName = (version: bigint): string =>
  `${String(2n ** 64n - 1n - version).padStart(20, '0')}.manifest`;
