import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summarise } from '../../harness/summary.js';
import { byteRateText, bytesText, countText, rowRateText, secondsText } from '../../reports/format.js';
import { markdown } from '../../reports/markdown.js';
import { partsTexts } from '../../reports/rows.js';
import type { Verdict, WriteCase } from '../../harness/types.js';
import { CASE, record, VERIFIED } from '../run/fixtures.js';
import { RUN } from './run-fixture.js';

test('numbers with their units', () => {
  assert.deepEqual([0, 1023, 1024, 5 * 2 ** 20, 3 * 2 ** 30].map(bytesText), [
    '0 B',
    '1023 B',
    '1.0 KiB',
    '5.0 MiB',
    '3.00 GiB',
  ]);
  assert.deepEqual([1_500_000, 2.345e9].map(secondsText), ['1.5 ms', '2.35 s']);
  assert.deepEqual([1_234_567, 56_789, 500, 0.5].map(rowRateText), [
    '1.23 M/s',
    '56.8 k/s',
    '500 rows/s',
    '0.50 rows/s',
  ]);
  assert.deepEqual([123.4e6, 1e4, 90].map(byteRateText), ['123 MB/s', '10.0 kB/s', '90 B/s']);
  assert.equal(countText(6_001_215), '6,001,215');
});

test('a run as Markdown: what is not verified first, then the table, then the machine', () => {
  const bad = { ...CASE, id: 'region@1/parquet/direct' };
  const failed = record(2, { status: 'timeout', afterSeconds: 5, reason: 'not done after 5 s' }, bad);
  const machine = {
    ...RUN.machine,
    cpuModel: 'CPU',
    cores: 2,
    memoryBytes: 2 ** 30,
    kernel: '6.1',
    architecture: 'x64',
  };
  const fixed = {
    ...machine,
    fileSystem: 'ext4',
    mountOptions: 'rw',
    device: 'vda',
    node: 'v20',
    rustc: 'rustc 1.95\nbinary: rustc\nhost: x',
  };
  const text = markdown({ ...RUN, machine: fixed }, summarise([CASE, bad], [record(1, VERIFIED), failed]), [
    {
      what: 'speed',
      actual: 1.5,
      unit: 'ratio',
      bound: 1,
      wanted: 'at least',
      holds: true,
      repetitions: 3,
      interval: null,
      lowBound: null,
    },
  ]);
  assert.equal(
    text,
    [
      '# 2026-01-31T12-30-45Z-quick',
      '',
      '2 cases: 1 verified, 1 timeout.',
      '',
      '## Not verified',
      '',
      '- region@1/parquet/direct timeout: not done after 5 s',
      '',
      '| case | rows/s | Arrow data | return | durable | peak RSS | growth | on disk | rows verified | proof | n |',
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
      '| region@1/parquet/stream | 500.0 k/s | 50 MB/s | 1.0 ms | 2.0 ms | 30 B | 20 B | 48.8 KiB | 1,000 | duckdb + hyparquet | 1 |',
      '',
      '## Expected of the suite',
      '',
      '- speed: 1.500, wanted at least 1.000: holds (n=3)',
      '',
      '## Machine',
      '',
      'CPU, 2 cores, 1.00 GiB, 6.1 x64, ext4 (rw) on vda, Node v20, rustc 1.95; started 2026-01-31T12:30:45.000Z, seed 7, 1 repetition.',
      '',
    ].join('\n'),
  );
});

test('figures of several workers say what they are of, and when the workers were not all at work', () => {
  const several: WriteCase = { ...CASE, id: `${CASE.id};parts=2`, options: { ...CASE.options, parts: 2 } };
  assert.ok(VERIFIED.status === 'verified');
  const workers = { count: 2, largestPeakRssBytes: 20, togetherNs: 0 };
  const apart: Verdict = { ...VERIFIED, measurement: { ...VERIFIED.measurement, workers } };
  const summaries = summarise([several], [record(1, apart, several)]);
  const lines = [
    'parts=N: times are from the first worker to begin to the last to end; memory is the sum over the workers',
    'region@1/parquet/stream;parts=2: the workers did not all run at once in 1 of 1 repetitions',
  ];
  assert.deepEqual(partsTexts(summaries), lines);
  assert.equal(markdown(RUN, summaries, []).includes(`| 1 |\n\n${lines[0] ?? ''}.\n\n${lines[1] ?? ''}.\n\n`), true);
  const together: Verdict = { ...apart, measurement: { ...apart.measurement, workers: { ...workers, togetherNs: 1 } } };
  assert.deepEqual(partsTexts(summarise([several], [record(1, together, several)])), lines.slice(0, 1));
  assert.deepEqual(partsTexts(summarise([CASE], [record(1, VERIFIED)])), []);
});
