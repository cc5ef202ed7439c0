/** Random described tables: every type, nested three deep, every layout, chunks, slices, segments. */
import fc from 'fast-check';
import type { DescribedColumn, DescribedTable, DescribedType, DescribedValue } from './described.js';

type Values = fc.Arbitrary<DescribedValue>;

function integer(bits: number, signed: boolean): Values {
  const [min, max] = signed
    ? [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n]
    : [0n, (1n << BigInt(bits)) - 1n];
  return fc.bigInt({ min, max }).map(String);
}

function decimal(digits: number): Values {
  const limit = 10n ** BigInt(digits) - 1n;
  return fc.oneof(fc.bigInt({ min: -limit, max: limit }), fc.bigInt({ min: -1_000n, max: 1_000n })).map(String);
}

/** Any bits, and those that are special: zeros, infinities, NaNs with and without payload. */
function float(bytes: number, special: readonly string[]): Values {
  const any = fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((bits) => Buffer.from(bits).toString('hex'));
  return fc.oneof(any, fc.constantFrom(...special));
}

/** Lengths on both sides of every boundary: 8, 12, 15, 16, 17, 128, 240; with common prefixes, and zero bytes at the end. */
const lengths = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.constantFrom(8, 12, 13, 15, 16, 17, 128, 129, 240, 241, 600, 1100),
);
const binary = fc.oneof(
  lengths.chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
  fc
    .tuple(lengths, fc.uint8Array({ maxLength: 2 }))
    .map(([length, end]) => Uint8Array.of(...new Uint8Array(length), ...end)),
);
const string = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.tuple(lengths, fc.string({ unit: 'binary', maxLength: 2 })).map(([length, end]) => 'p'.repeat(length) + end),
  fc
    .tuple(fc.integer({ min: 0, max: 18 }), fc.constantFrom('', '\0', 'a'))
    .map(([length, end]) => '\0'.repeat(length) + end),
);

const LEAVES: readonly (readonly [string, Values, readonly string[]])[] = [
  ['null', fc.constant(null), []],
  ['bool', fc.boolean(), ['dictionary']],
  ...[8, 16, 32, 64].flatMap((bits): [string, Values, string[]][] => [
    [`int${bits}`, integer(bits, true), ['dictionary', 'runs']],
    [`uint${bits}`, integer(bits, false), ['dictionary']],
  ]),
  ['float16', float(2, ['0000', '8000', '7c00', 'fc00', '7e01', 'fd55', '0001']), []],
  ['float32', float(4, ['00000000', '80000000', '7f800000', 'ff800000', '7fc00001', '3dcccccd']), ['dictionary']],
  ['float64', float(8, ['0000000000000000', '8000000000000000', '7ff0000000000000', '7ff8000000000001']), ['runs']],
  ['decimal32(9, 2)', decimal(9), []],
  ['decimal64(18, 0)', decimal(18), []],
  ['decimal128(15, 2)', decimal(15), ['dictionary', 'narrow']],
  ['decimal128(38, -3)', decimal(38), []],
  ['decimal256(76, 10)', decimal(76), []],
  ['date32', integer(32, true), ['dictionary']],
  [
    'date64',
    fc.oneof(
      integer(52, true),
      fc.integer({ min: -800_000, max: 800_000 }).map((day) => String(day * 86_400_000)),
    ),
    [],
  ],
  ...['s', 'ms'].map((unit): [string, Values, string[]] => [`time32(${unit})`, integer(32, true), []]),
  ...['us', 'ns'].map((unit): [string, Values, string[]] => [`time64(${unit})`, integer(64, true), []]),
  ['timestamp(us)', integer(64, true), ['dictionary']],
  ...['ns', 'us, UTC', 'ns, +05:30', 'ns, Europe/Berlin'].map((unit): [string, Values, string[]] => [
    `timestamp(${unit})`,
    integer(64, true),
    [],
  ]),
  // DuckDB has them in microseconds, of 64 bits too.
  ...['s', 's, UTC'].map((unit): [string, Values, string[]] => [`timestamp(${unit})`, integer(43, true), []]),
  ...['ms', 'ms, Europe/Berlin'].map((unit): [string, Values, string[]] => [
    `timestamp(${unit})`,
    integer(53, true),
    [],
  ]),
  ...['s', 'ms', 'us', 'ns'].map((unit): [string, Values, string[]] => [`duration(${unit})`, integer(64, true), []]),
  ['interval(year_month)', integer(32, true), []],
  ['interval(day_time)', fc.tuple(integer(32, true), integer(32, true)), []],
  ['interval(month_day_nano)', fc.tuple(integer(32, true), integer(32, true), integer(64, true)), []],
  ['utf8', string, ['large', 'view', 'dictionary', 'runs']],
  ['binary', binary.map((bytes) => Buffer.from(bytes).toString('hex')), ['large', 'view', 'dictionary']],
  ...[5, 16, 40].map((width): [string, Values, string[]] => [
    `fixed_size_binary(${width})`,
    fc.uint8Array({ minLength: width, maxLength: width }).map((bytes) => Buffer.from(bytes).toString('hex')),
    ['variable'],
  ]),
];

interface Kind {
  readonly type: DescribedType;
  readonly values: Values;
  readonly layouts: readonly string[];
}

function nullable(values: Values): Values {
  return fc.option(values, { freq: 4, nil: null });
}

const leaf: fc.Arbitrary<Kind> = fc
  .constantFrom(...LEAVES)
  .map(([type, values, layouts]) => ({ type, values, layouts: ['plain', ...layouts] }));

function nested(child: fc.Arbitrary<Kind>): fc.Arbitrary<Kind> {
  const kind = (type: DescribedType, values: Values, ...layouts: string[]): Kind => ({ type, values, layouts });
  return fc.oneof(
    child.map(({ type, values }) =>
      kind({ list: type }, fc.array(nullable(values), { maxLength: 5 }), 'plain', 'large', 'view'),
    ),
    fc
      .tuple(child, fc.integer({ min: 1, max: 3 }))
      .map(([{ type, values }, size]) =>
        kind({ fixedSizeList: type, size }, fc.array(nullable(values), { minLength: size, maxLength: size }), 'plain'),
      ),
    fc
      .array(child, { minLength: 1, maxLength: 3 })
      .map((children) =>
        kind(
          { struct: children.map(({ type }) => type) },
          fc.tuple(...children.map(({ values }) => nullable(values))),
          'plain',
        ),
      ),
    fc
      .tuple(
        leaf.filter(({ type }) => type !== 'null'),
        child,
      )
      .map(([key, value]) =>
        kind(
          { map: [key.type, value.type] },
          fc.array(fc.tuple(key.values, nullable(value.values)), { maxLength: 4 }),
          'plain',
        ),
      ),
  );
}

/** Nested up to three deep. */
const anyKind: fc.Arbitrary<Kind> = fc.oneof(
  { weight: 4, arbitrary: leaf },
  { weight: 1, arbitrary: nested(leaf) },
  { weight: 1, arbitrary: nested(nested(leaf)) },
  { weight: 1, arbitrary: nested(nested(nested(leaf))) },
);

/** A column of so many values, of any type. */
export function randomColumn(rows: number): fc.Arbitrary<DescribedColumn> {
  return fc.tuple(anyKind, fc.boolean()).chain(([kind, withNulls]) =>
    fc.record({
      name: fc.constantFrom('a', 'b', 'ß', 'a column'),
      type: fc.constant(kind.type),
      layout: fc.constantFrom(...kind.layouts),
      values: fc.array(withNulls ? nullable(kind.values) : kind.values, {
        minLength: rows,
        maxLength: rows,
        size: 'max',
      }),
    }),
  );
}

/** A table of up to 40 rows and 5 columns that begins anywhere, also just in front of a block's edge. */
export const randomTable: fc.Arbitrary<DescribedTable> = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 9 }))
  .chain(([rows, skip]) =>
    fc.record({
      columns: fc.array(randomColumn(rows + skip), { minLength: 1, maxLength: 5 }),
      skip: fc.constant(skip),
      firstRow: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 65_500, max: 65_540 }),
        fc.integer({ min: 0, max: 300_000 }),
      ),
      chunks: fc.array(fc.integer({ min: 0, max: Math.floor(rows / 4) }), { maxLength: 4 }),
      segments: fc.array(fc.integer({ min: 0, max: rows }), { maxLength: 4 }),
    }),
  );
