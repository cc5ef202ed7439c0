/** native/raw/CONTENT.md in plain TypeScript, slow and without any code of the native one. */

export interface Plain {
  readonly seed: bigint;
  readonly size: number;
  /** In thousandths. */
  readonly dedup: number;
  readonly compress: number;
}

const BLOCK = 4096;
const STAMP = 40;
const MASK = (1n << 64n) - 1n;

const rotated = (word: bigint, bits: bigint): bigint => ((word << bits) | (word >> (64n - bits))) & MASK;

function mixed(state: bigint): bigint {
  let word = state;
  word = ((word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  word = ((word ^ (word >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return word ^ (word >> 31n);
}

/** SplitMix64: Steele, Lea and Flood 2014. */
function* splitMix(seed: bigint): Generator<bigint, never> {
  let state = seed;
  for (;;) {
    state = (state + 0x9e3779b97f4a7c15n) & MASK;
    yield mixed(state);
  }
}

const first = (seed: bigint): bigint => splitMix(seed).next().value;

function* xoshiro(seed: bigint): Generator<bigint, never> {
  const start = splitMix(seed);
  let [a, b, c, d] = [start.next().value, start.next().value, start.next().value, start.next().value];
  for (;;) {
    yield (rotated((a + d) & MASK, 23n) + a) & MASK;
    const shifted = (b << 17n) & MASK;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotated(d, 45n);
  }
}

function block({ seed, size, dedup, compress }: Plain, position: bigint): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  bytes.write('wp-raw1\n', 'latin1');
  bytes.writeBigUInt64LE(seed, 8);
  bytes.writeBigUInt64LE(position, 16);
  bytes.writeBigUInt64LE(BigInt(size), 24);
  bytes.writeUInt32LE(dedup, 32);
  bytes.writeUInt32LE(compress, 36);
  const share = Math.floor((BLOCK * 1000 + Math.floor(compress / 2)) / compress);
  const random = Math.max(STAMP, share - (share % 8));
  const words = xoshiro(first(seed ^ first(position / BigInt(BLOCK))));
  for (let place = STAMP; place < random; place += 8) bytes.writeBigUInt64LE(words.next().value, place);
  return bytes;
}

export function plainContent(plain: Plain): Buffer {
  const blocks = Math.max(1, Math.ceil(plain.size / BLOCK));
  const different = Math.ceil((blocks * 1000) / plain.dedup);
  const rounded = different < blocks ? Math.min(blocks, Math.ceil(different / 256) * 256) : blocks;
  const made = Array.from({ length: blocks }, (_, index) => block(plain, BigInt((index % rounded) * BLOCK)));
  return Buffer.concat(made).subarray(0, plain.size);
}
