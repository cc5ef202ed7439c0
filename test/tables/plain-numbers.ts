/** Values of fixed width of native/engine/TYPES.md, as whole numbers; those of floats are their bits. */
import type { Draws } from './plain-draws.js';
import type { PlainType } from './plain-type.js';

const UNITS: Readonly<{ [unit: string]: bigint }> = { s: 1n, ms: 1_000n, us: 1_000_000n, ns: 1_000_000_000n };
const YEARS_1_TO_9999_SECONDS = 315_537_897_600n;
const YEAR_1 = -62_135_596_800n;
const YEAR_10000 = 253_402_300_800n;
const CLOCKS_GO_BACK = 1_698_541_200n;

const bits = (text: string): readonly bigint[] => text.split(', ').map((digits) => BigInt(`0x${digits}`));
const FLOATS: Readonly<{ [base: string]: readonly bigint[] }> = {
  float16: bits('0000, 8000, 3c00, bc00, 7c00, fc00, 7e00, 7e01, fe55, 7c01, 0001, 8001, 03ff, 0400, 7bff, fbff'),
  float32: bits(
    '00000000, 80000000, 3f800000, bf800000, 7f800000, ff800000, 7fc00000, 7fc00001, ffd55555, 7f800001, 00000001, 80000001, 007fffff, 00800000, 7f7fffff, ff7fffff',
  ),
  float64: bits(
    '0000000000000000, 8000000000000000, 3ff0000000000000, bff0000000000000, 7ff0000000000000, fff0000000000000, 7ff8000000000000, 7ff8000000000001, fffd555555555555, 7ff0000000000001, 0000000000000001, 8000000000000001, 000fffffffffffff, 0010000000000000, 7fefffffffffffff, ffefffffffffffff',
  ),
};

function signed(draws: Draws, width: number): bigint {
  const half = 2n ** BigInt(width - 1);
  return draws.choice([-half, half - 1n, 0n, -1n, 1n], () => BigInt.asIntN(width, draws.next()));
}

function unsigned(draws: Draws, width: number): bigint {
  const most = 2n ** BigInt(width) - 1n;
  return draws.choice([0n, most, 1n, most / 2n, most / 2n + 1n], () => BigInt.asUintN(width, draws.next()));
}

function decimal(draws: Draws, base: string, args: string): bigint {
  const [precision = 0n, scale = 0n] = args.split(', ').map(BigInt);
  const most = 10n ** precision - 1n;
  return draws.choice([most, -most, 0n, 1n, -1n, 10n ** scale], () => {
    const a = draws.next();
    const b = draws.next();
    if (base === 'decimal256') {
      const e = draws.next();
      const magnitude = a * b * 10n ** (e % (precision - 39n));
      return e >= 2n ** 63n ? -magnitude : magnitude;
    }
    const magnitude = precision <= 19n ? a % 10n ** (precision - 1n) : a * 10n ** (b % (precision - 20n));
    return b >= 2n ** 63n ? -magnitude : magnitude;
  });
}

function date(draws: Draws): bigint {
  const known = [-719_162n, 2_932_896n, 0n, -1n, -141_428n, -141_427n, 11_016n];
  return draws.choice(known, () => (draws.next() % 3_652_059n) - 719_162n);
}

function timestamp(draws: Draws, unit: string): bigint {
  const u = UNITS[unit] ?? 0n;
  if (unit === 'ns') {
    const most = 9n * 10n ** 18n;
    return draws.choice([-most, most, 0n, -1n, 1n, CLOCKS_GO_BACK * u], () => (draws.next() % (2n * most)) - most);
  }
  const known = [YEAR_1 * u, YEAR_10000 * u - 1n, 0n, -1n, 1n, CLOCKS_GO_BACK * u];
  return draws.choice(known, () => (draws.next() % (YEARS_1_TO_9999_SECONDS * u)) + YEAR_1 * u);
}

/** Months, days or milliseconds of an interval. */
export function intervalField(draws: Draws): bigint {
  const known = [0n, 1n, -1n, 2_147_483_647n, -2_147_483_648n];
  return draws.choice(known, () => BigInt.asIntN(32, draws.next()));
}

/** Null where the type is not one of a single number. */
export function plainNumber(draws: Draws, { base, args }: PlainType): bigint | null {
  const floats = FLOATS[base];
  if (floats !== undefined) {
    const width = Number(base.slice('float'.length));
    return draws.choice(floats, () => BigInt.asUintN(width, draws.next()));
  }
  const unit = args.split(', ')[0] ?? '';
  switch (base) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return signed(draws, Number(base.slice('int'.length)));
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
      return unsigned(draws, Number(base.slice('uint'.length)));
    case 'duration':
      return signed(draws, 64);
    case 'decimal128':
    case 'decimal256':
      return decimal(draws, base, args);
    case 'date32':
      return date(draws);
    case 'date64':
      return date(draws) * 86_400_000n;
    case 'time32':
    case 'time64': {
      const day = 86_400n * (UNITS[unit] ?? 0n);
      return draws.choice([0n, day - 1n, day / 2n, 1n], () => draws.next() % day);
    }
    case 'timestamp':
      return timestamp(draws, unit);
    default:
      return null;
  }
}
