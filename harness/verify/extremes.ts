/** The order of values that are text, as native/engine/DIGEST.md writes minima and maxima. */

import { parseArrowType, valueType } from './arrow-type.js';
import { compareValues, type OrderedValue } from './value-order.js';

const DAY_MS = 86_400_000;
const DATE = /^(-?\d{4,})-(\d\d)-(\d\d)$/;

/** Days since 1970-01-01. JavaScript's calendar is the right one and too short; 400 years have 146,097 days. */
function daysOf(text: string): bigint {
  const [, year = '', month = '', day = ''] = DATE.exec(text) ?? [];
  const cycles = Math.floor(Number(year) / 400);
  const days = Date.UTC(2000 + Number(year) - 400 * cycles, Number(month) - 1, Number(day)) / DAY_MS;
  return BigInt(days) + BigInt(cycles - 5) * 146_097n;
}

function valueOf(base: string, text: string): OrderedValue {
  switch (base) {
    case 'bool':
      return text === 'true' ? 1n : 0n;
    case 'float16':
    case 'float32':
    case 'float64':
      return Number(text);
    // All values of a column have as many digits after the point.
    case 'decimal32':
    case 'decimal64':
    case 'decimal128':
    case 'decimal256':
      return BigInt(text.replace('.', ''));
    case 'date32':
      return daysOf(text);
    case 'date64':
      return DATE.test(text) ? daysOf(text) * BigInt(DAY_MS) : BigInt(text);
    case 'utf8':
    case 'large_utf8':
    case 'utf8_view':
      return Buffer.from(text);
    case 'binary':
    case 'large_binary':
    case 'binary_view':
    case 'fixed_size_binary':
      return Buffer.from(text, 'hex');
    default:
      return BigInt(text);
  }
}

/** Below 0 where the first value of a column of this type is the smaller one, above 0 where it is the larger. */
export function compareExtremes(type: string, one: string, other: string): number {
  const value = valueType(parseArrowType(type));
  if (value.kind !== 'leaf') throw new Error(`values of type ${type} have no order`);
  return compareValues(valueOf(value.base, one), valueOf(value.base, other));
}
