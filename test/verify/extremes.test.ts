import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareExtremes } from '../../harness/verify/extremes.js';

/** Values of each type from the smallest to the largest, as DIGEST.md writes them. */
const ASCENDING: readonly (readonly [type: string, ...texts: readonly string[]])[] = [
  ['int64', '-9223372036854775808', '-9', '9', '10', '9223372036854775807'],
  ['uint64', '0', '9', '18446744073709551615'],
  ['bool', 'false', 'true'],
  ['float64', '-Infinity', '-1e+300', '-0.5', '-0', '0', '1e-7', '9', '10', 'Infinity'],
  ['decimal128(15, 2)', '-901.00', '-0.01', '0.00', '9.99', '10.00'],
  ['decimal256(76, -3)', '-12000', '0', '9000', '10000'],
  ['date32', '-0001-12-31', '0000-01-01', '1969-12-31', '2024-02-29', '9999-12-31', '10000-01-01', '5881580-07-11'],
  ['date64', '-86400001', '1969-12-31', '-1', '1970-01-01', '1', '1970-01-02', '10000-01-01'],
  ['timestamp[us, Europe/Berlin]', '-1', '9', '10'],
  ['time32[s]', '9', '10'],
  ['utf8', '', 'Z', 'a', 'aa', 'é', '\u{ffff}', '\u{10000}'],
  ['binary', '', '00', '0000', '7f', 'ff'],
  ['dictionary<int8, utf8>', 'Z', 'a'],
  ['run_end_encoded<run_ends: int32 not null, values: int64>', '9', '10'],
];

test('minima and maxima compare in the order of their type, not of their text', () => {
  const compared = ASCENDING.map(([type, ...texts]) => [
    type,
    ...texts.flatMap((one, place) =>
      texts.map((other, index) => Math.sign(compareExtremes(type, one, other)) === Math.sign(place - index)),
    ),
  ]);
  assert.deepEqual(
    compared,
    ASCENDING.map(([type, ...texts]) => [type, ...Array.from({ length: texts.length ** 2 }, () => true)]),
  );
  assert.throws(() => compareExtremes('list<item: int64>', '1', '2'), /have no order/);
});
