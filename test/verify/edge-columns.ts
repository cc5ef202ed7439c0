/** A column of every type that Parquet holds, with its edge values. */

import type { DescribedColumn, DescribedType, DescribedValue } from '../digest/described.js';

type Values = readonly DescribedValue[];

const signed = (bits: number): Values => {
  const most = 1n << BigInt(bits - 1);
  return [String(-most), null, '0', String(most - 1n), '-1'];
};

const unsigned = (bits: number): Values => [
  '0',
  null,
  String((1n << BigInt(bits)) - 1n),
  '1',
  String(1n << BigInt(bits - 1)),
];

const nines = (digits: number): Values => ['9'.repeat(digits), null, `-${'9'.repeat(digits)}`, '0', '1'];

const UNITS = ['s', 'ms', 'us', 'ns'] as const;
const ZONES = ['', ', UTC', ', Europe/Berlin', ', +05:30'] as const;

/** Years 1 to 9999 in the unit; of nanoseconds what 64 bits hold. */
const instants = (unit: (typeof UNITS)[number]): Values => {
  const scale = { s: 1n, ms: 1000n, us: 1_000_000n, ns: 0n }[unit];
  const [first, last] =
    scale === 0n ? [-9n * 10n ** 18n, 9n * 10n ** 18n] : [-62_135_596_800n * scale, 253_402_300_800n * scale - 1n];
  return [String(first), null, '0', String(last), '-1', '1698541200123'];
};

const KINDS: readonly (readonly [DescribedType, Values])[] = [
  ['null', [null, null, null, null, null]],
  ['bool', [true, null, false, true, false]],
  ...[8, 16, 32, 64].flatMap((bits): [string, Values][] => [
    [`int${bits}`, signed(bits)],
    [`uint${bits}`, unsigned(bits)],
  ]),
  ['float16', ['0000', '8000', '7c00', 'fc00', '7e01', 'fd55', '7d01', '0001', null, '3c00', '7bff']],
  ['float32', ['00000000', '80000000', '7f800000', 'ff800000', '7fc00001', '7f800001', 'ffc12345', null, '3dcccccd']],
  [
    'float64',
    [
      '0000000000000000',
      '8000000000000000',
      '7ff0000000000000',
      '7ff8000000000001',
      '7ff0000000000001',
      null,
      '3fb999999999999a',
    ],
  ],
  ['decimal32(9, 2)', nines(9)],
  ['decimal64(18, 0)', nines(18)],
  ['decimal128(4, 1)', nines(4)],
  ['decimal128(15, 2)', nines(15)],
  ['decimal128(38, 10)', nines(38)],
  ['decimal256(5, 3)', nines(5)],
  ['decimal256(20, 3)', nines(20)],
  ['decimal256(76, 38)', nines(76)],
  ['date32', ['-719162', null, '2932896', '0', '-1', '11016']],
  ['date64', ['0', null, '86400000', '-86400000', '253402214400000']],
  ['time32(s)', ['0', null, '86399']],
  ['time32(ms)', ['0', null, '86399999', '1']],
  ['time64(us)', ['0', null, '86399999999', '1']],
  ['time64(ns)', ['0', null, '86399999999999', '1']],
  ...UNITS.flatMap((unit): [string, Values][] => [
    ...ZONES.map((zone): [string, Values] => [`timestamp(${unit}${zone})`, instants(unit)]),
    [`duration(${unit})`, signed(64)],
  ]),
  ['interval(year_month)', signed(32)],
  ['interval(day_time)', [['1', '2'], null, ['-1', '-5'], ['2147483647', '-2147483648'], ['0', '0']]],
  ['utf8', ['', null, 'a', 'é\0', 'x'.repeat(70_000), '漢'.repeat(30)]],
  ['binary', ['', null, '00ff', 'ab'.repeat(70_000), 'ff'.repeat(9)]],
  ['fixed_size_binary(16)', ['00'.repeat(16), null, 'ff'.repeat(16), '0123456789abcdef'.repeat(2)]],
  [{ list: 'int32' }, [['1', null], [], null, ['2'], [null]]],
  [{ fixedSizeList: 'int32', size: 2 }, [['1', null], null, ['2', '3'], [null, null]]],
  [{ struct: ['int32', 'utf8'] }, [['1', 'a'], null, [null, 'b'], [null, null]]],
  [
    { map: ['utf8', 'int32'] },
    [
      [
        ['k', '1'],
        ['l', null],
      ],
      [],
      null,
      [['m', '-1']],
    ],
  ],
  [
    { list: { list: { struct: ['int8', 'float16', { list: 'bool' }] } } },
    [[[['1', '3c00', [true, null]], null], [], null], null, [], [[[null, null, null]]], [[['2', '7e01', []]]]],
  ],
  [{ list: { list: { list: 'utf8' } } }, [[[['a', null], [], null], [], null], [], null, [[[]]], [[['b']]]]],
  [{ struct: [{ struct: [{ struct: ['time32(ms)'] }] }] }, [[[[null]]], null, [null], [[null]], [[['86399999']]]]],
  [{ struct: ['null', 'int8'] }, [[null, '1'], null, [null, null]]],
  [
    { map: ['int8', { list: 'decimal256(76, 38)' }] },
    [
      [
        ['1', ['1', null]],
        ['2', null],
      ],
      [],
      null,
    ],
  ],
  [{ list: 'timestamp(ns, UTC)' }, [['1', null], null, []]],
  [{ fixedSizeList: { struct: ['date64', 'duration(s)'] }, size: 1 }, [[['86400000', '-5']], null, [null]]],
];

/** Other layouts of the same values, for types that have them. */
const LAYOUTS: Readonly<{ [type: string]: readonly string[] }> = {
  utf8: ['large', 'view', 'dictionary', 'runs'],
  binary: ['large', 'view', 'dictionary'],
  bool: ['dictionary', 'runs'],
  int32: ['dictionary', 'runs'],
  int64: ['dictionary'],
  float32: ['dictionary'],
  float64: ['runs'],
  date32: ['dictionary'],
  'decimal128(38, 10)': ['dictionary'],
  'decimal128(15, 2)': ['narrow'],
  'fixed_size_binary(16)': ['variable'],
  'timestamp(us, UTC)': ['dictionary'],
};

export const EDGE_COLUMNS: readonly DescribedColumn[] = KINDS.flatMap(([type, values]) => {
  const text = typeof type === 'string' ? type : JSON.stringify(type).replaceAll('"', '');
  const isList = typeof type === 'object' && 'list' in type;
  const layouts = ['plain', ...(LAYOUTS[text] ?? []), ...(isList ? ['large', 'view'] : [])];
  return layouts.map((layout) => ({ name: `${text} ${layout}`, type, layout, values }));
});

/** The column's values again and again, to so many rows. */
export function repeated(column: DescribedColumn, rows: number): DescribedColumn {
  const { values } = column;
  return { ...column, values: Array.from({ length: rows }, (_, row) => values[row % values.length] ?? null) };
}
