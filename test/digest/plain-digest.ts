/**
 * The digest of native/engine/DIGEST.md, written from its text alone: slow, value by value, with BigInt. It exists to disagree with the native one.
 */
import { createXXHash3, type IHasher } from 'hash-wasm';
import type { Digest } from '../../harness/types.js';
import { canonicalBytes, isFixedWidth } from './plain-bytes.js';
import type { DescribedTable, DescribedType, DescribedValue } from './described.js';
import { plainExtremes, type PlainStatistics } from './plain-extremes.js';

const GOLDEN = 0x9e3779b97f4a7c15n;
const NULL = 0xbb67ae8584caa73bn;
const ROW = 0x6a09e667f3bcc908n;
const BLOCK_ROWS = 65_536;

export interface PlainResult {
  readonly digest: Digest;
  readonly segments: readonly { readonly rows: number; readonly columns: readonly PlainStatistics[] }[];
}

function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function mix(value: bigint): bigint {
  let x = value;
  x ^= x >> 30n;
  x = u64(x * 0xbf58476d1ce4e5b9n);
  x ^= x >> 27n;
  x = u64(x * 0x94d049bb133111ebn);
  return x ^ (x >> 31n);
}

/** `count` bytes from `start`, little-endian; bytes that are not there are zero. */
function word(bytes: Uint8Array, start: number): bigint {
  let value = 0n;
  for (let index = 7; index >= 0; index -= 1) {
    value = (value << 8n) | BigInt(bytes[start + index] ?? 0);
  }
  return value;
}

function hex(sum: bigint): string {
  return BigInt.asUintN(128, sum).toString(16).padStart(32, '0');
}

function total(terms: readonly bigint[]): bigint {
  return terms.reduce((sum, term) => sum + term, 0n);
}

function valueHash(type: DescribedType, bytes: Uint8Array | null, seed: bigint, hasher: IHasher): bigint {
  if (bytes === null) {
    return mix(seed ^ NULL);
  }
  const first = word(bytes, 0);
  const second = word(bytes, 8);
  if (isFixedWidth(type) && bytes.length <= 8) {
    return mix(u64(first + seed));
  }
  if (isFixedWidth(type) && bytes.length === 16) {
    return mix(u64(second + mix(u64(first + seed))));
  }
  if (bytes.length <= 16) {
    return mix(u64(second + mix(u64(first + seed + BigInt(bytes.length) * GOLDEN))));
  }
  const xxh3 = BigInt(`0x${hasher.init().update(bytes).digest()}`);
  return mix(u64(xxh3 + seed));
}

/** Digest of a described table, and statistics of its segments. */
export async function plainDigest(table: DescribedTable): Promise<PlainResult> {
  const hasher = await createXXHash3();
  const firstRow = table.firstRow ?? 0;
  const columns = table.columns.map((column, position) => {
    const seed = mix(u64(BigInt(position + 1) * GOLDEN));
    const values: readonly DescribedValue[] = column.values.slice(table.skip ?? 0);
    const bytes = values.map((value) => canonicalBytes(column.type, value));
    return {
      name: column.name,
      type: column.type,
      values,
      bytes: bytes.reduce((sum, one) => sum + (one?.length ?? 0), 0),
      hashes: bytes.map((one) => valueHash(column.type, one, seed, hasher)),
    };
  });
  const rows = columns[0]?.values.length ?? 0;
  const rowHashes = Array.from({ length: rows }, (_, row) =>
    mix(u64(total(columns.map((column) => column.hashes[row] ?? 0n)) + ROW)),
  );
  const orderHashes = rowHashes.map((hash, row) => mix(u64(hash + BigInt(firstRow + row + 1) * GOLDEN)));
  const blockCount = rows === 0 ? 0 : Math.floor((firstRow + rows - 1) / BLOCK_ROWS) + 1;
  const blocks = Array.from({ length: blockCount }, (_, block) => {
    const from = Math.max(0, block * BLOCK_ROWS - firstRow);
    const members = rowHashes.slice(from, Math.max(0, (block + 1) * BLOCK_ROWS - firstRow));
    return { rows: members.length, multiset: hex(total(members)) };
  });
  let start = 0;
  const segments = (table.segments ?? []).map((length) => {
    const end = Math.min(rows, start + length);
    const statistics = columns.map((column) => plainExtremes(column.type, column.values.slice(start, end)));
    const segment = { rows: end - start, columns: statistics };
    start = end;
    return segment;
  });
  const digest: Digest = {
    version: 'wp1',
    rows,
    multiset: hex(total(rowHashes)),
    order: hex(total(orderHashes)),
    columns: columns.map((column) => {
      const { nulls, min, max } = plainExtremes(column.type, column.values);
      return { name: column.name, sum: hex(total(column.hashes)), nulls, bytes: column.bytes, min, max };
    }),
    blocks,
  };
  return { digest, segments };
}
