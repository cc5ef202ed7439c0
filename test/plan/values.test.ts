import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Misuse } from '../../harness/misuse.js';
import {
  exactBytes,
  parseBytes,
  parseCount,
  parseOption,
  parsePart,
  parseScale,
  parseSwitch,
} from '../../harness/plan/values.js';

/** The refusals among the texts. */
function refused(parse: (text: string) => unknown, texts: readonly string[]): readonly string[] {
  return texts.filter((text) => {
    try {
      parse(text);
      return false;
    } catch (error) {
      return error instanceof Misuse && error.message.includes(`"${text}" is not `);
    }
  });
}

test('scales are decimal numbers above 0', () => {
  assert.deepEqual(['1', '0.01', '.5', '100'].map(parseScale), [1, 0.01, 0.5, 100]);
  const wrong = ['0', '-1', '0.0', 'x', '', '1e3', 'NaN', 'Infinity', '1,5', '0x10'];
  assert.deepEqual(refused(parseScale, wrong), wrong);
});

test('counts are whole numbers from a least one', () => {
  assert.deepEqual([parseCount('--threads', '1', 1), parseCount('--flush-every', '0', 0)], [1, 0]);
  const wrong = ['0', '1.5', '-2', 'two', '', '99999999999999999999'];
  const parse = (text: string): number => parseCount('--batch-rows', text, 1);
  assert.deepEqual(refused(parse, wrong), wrong);
  assert.throws(() => parse('0'), { message: '--batch-rows "0" is not a whole number of 1 or more.' });
});

test('a part lies within its count', () => {
  assert.deepEqual(parsePart('2/8'), { index: 2, count: 8 });
  const wrong = ['0/2', '3/2', '1/0', '1', '/2', 'a/b', '1/2/3'];
  assert.deepEqual(refused(parsePart, wrong), wrong);
});

test('sizes take decimal and binary units', () => {
  const parse = (text: string): number => parseBytes('--max-bytes', text);
  assert.deepEqual(['10', '1kB', '1KiB', '1.5GB', '20GiB'].map(parse), [10, 1000, 1024, 1.5e9, 20 * 2 ** 30]);
  const wrong = ['0', 'GB', '5 parsecs', '-1GB'];
  assert.deepEqual(refused(parse, wrong), wrong);
});

test('switches and options', () => {
  assert.deepEqual([parseSwitch('--overlap', 'on'), parseSwitch('--overlap', 'off')], [true, false]);
  assert.deepEqual(parseOption('a=b=c'), ['a', 'b=c']);
  const wrong = ['yes', ''];
  assert.deepEqual(
    refused((text) => parseSwitch('--overlap', text), wrong),
    wrong,
  );
  assert.deepEqual(refused(parseOption, ['=1', 'key']), ['=1', 'key']);
});

test('bytes are told in the largest binary unit that divides them, and read back as they were', () => {
  const amounts = [2 ** 40, 3 * 2 ** 30, 512 * 2 ** 20, 1536 * 2 ** 20, 1025, 3 * 1024, 7e6];
  const texts = ['1TiB', '3GiB', '512MiB', '1536MiB', '1025', '3KiB', '7000000'];
  assert.deepEqual(amounts.map(exactBytes), texts);
  assert.deepEqual(
    texts.map((text) => parseBytes('memoryLimit', text)),
    amounts,
  );
  assert.equal(exactBytes(0), '0');
});
