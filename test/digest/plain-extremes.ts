/** Nulls, minimum and maximum of DIGEST.md, in its order and its text. */
import { baseName } from './plain-bytes.js';
import type { DescribedType, DescribedValue } from './described.js';

export interface PlainStatistics {
  readonly nulls: number;
  readonly min: string | null;
  readonly max: string | null;
}

interface Ordering {
  /** Null for values that are left out. */
  readonly key: (value: string | boolean) => bigint | number | string | null;
  readonly text: (value: string | boolean) => string;
}

/** Doubles whose order is that of the value; -0 goes just below 0 by the caller's tie-break. */
function floatOf(base: string, bits: string): number {
  const bytes = Buffer.from(bits, 'hex');
  if (base === 'float64') {
    return bytes.readDoubleBE();
  }
  if (base === 'float32') {
    return bytes.readFloatBE();
  }
  const half = bytes.readUInt16BE();
  const sign = half >> 15 === 1 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) {
    return fraction === 0 ? sign * Infinity : NaN;
  }
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function dateText(days: bigint): string {
  // JavaScript's own calendar is proleptic Gregorian, to 100,000,000 days either way; 400 years are 146,097 days.
  const cycles = (days < 0n ? days - 146_096n : days) / 146_097n;
  const date = new Date(Number(days - cycles * 146_097n) * 86_400_000);
  const year = BigInt(date.getUTCFullYear()) + cycles * 400n;
  const magnitude = (year < 0n ? -year : year).toString().padStart(4, '0');
  return `${year < 0n ? '-' : ''}${magnitude}-${date.toISOString().slice(5, 10)}`;
}

function decimalText(unscaled: bigint, scale: number): string {
  const negative = unscaled < 0n;
  const digits = (negative ? -unscaled : unscaled).toString();
  if (scale <= 0) {
    return `${negative ? '-' : ''}${digits}${digits === '0' ? '' : '0'.repeat(-scale)}`;
  }
  const padded = digits.padStart(scale + 1, '0');
  return `${negative ? '-' : ''}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

const asInteger = (value: string | boolean): bigint => BigInt(value);

function ordering(type: DescribedType): Ordering | null {
  if (typeof type !== 'string') {
    return null;
  }
  const base = baseName(type);
  switch (base) {
    case 'null':
    case 'interval':
      return null;
    case 'bool':
      return { key: (value) => (value === true ? 1 : 0), text: String };
    case 'float16':
    case 'float32':
    case 'float64':
      return {
        key: (value) => {
          const float = floatOf(base, String(value));
          return Number.isNaN(float) ? null : float;
        },
        text: (value) => {
          const float = floatOf(base, String(value));
          return Object.is(float, -0) ? '-0' : String(float);
        },
      };
    case 'decimal32':
    case 'decimal64':
    case 'decimal128':
    case 'decimal256': {
      const scale = Number(/, (-?\d+)\)/.exec(type)?.[1]);
      return { key: asInteger, text: (value) => decimalText(BigInt(value), scale) };
    }
    case 'date32':
      return { key: asInteger, text: (value) => dateText(BigInt(value)) };
    case 'date64':
      return {
        key: asInteger,
        text: (value) => (BigInt(value) % 86_400_000n === 0n ? dateText(BigInt(value) / 86_400_000n) : String(value)),
      };
    case 'utf8':
      // Hexadecimal digits of the bytes order as the bytes do.
      return { key: (value) => Buffer.from(String(value), 'utf8').toString('hex'), text: String };
    case 'binary':
    case 'fixed_size_binary':
      return { key: String, text: String };
    default:
      return { key: asInteger, text: (value) => BigInt(value).toString() };
  }
}

/** Statistics of the values of one column. */
export function plainExtremes(type: DescribedType, values: readonly DescribedValue[]): PlainStatistics {
  const nulls = values.filter((value) => value === null).length;
  const order = ordering(type);
  if (order === null) {
    return { nulls, min: null, max: null };
  }
  const keyed = values
    .filter((value) => typeof value === 'string' || typeof value === 'boolean')
    .map((value) => ({ value, key: order.key(value) }))
    .filter((entry): entry is { value: string | boolean; key: bigint | number | string } => entry.key !== null);
  keyed.sort((left, right) => {
    if (left.key === right.key) {
      return Number(Object.is(right.key, -0)) - Number(Object.is(left.key, -0));
    }
    return left.key < right.key ? -1 : 1;
  });
  const [min, max] = [keyed[0], keyed.at(-1)];
  return { nulls, min: min ? order.text(min.value) : null, max: max ? order.text(max.value) : null };
}
