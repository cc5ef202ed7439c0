/** The faults that this project began with, over the Lance writer: each says that all is well, and each ends corrupt. */

import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import type { Detector, Record as RunRecord } from '../../harness/types.js';
import type { DescribedValue } from '../digest/described.js';
import { complaints, findingsOf, fired, freshFolder, recordOf, runCases } from '../fixtures.js';
import { nativePath } from '../native-path.js';
import { writeTable } from '../verify/described-file.js';

/** Under this name the library says of itself what the Lance writer does. */
const NAME = 'libwriteproof_faults_lance.so';
const WRITER = 'writeproof_faults_lance';
const VARIANTS = ['accumulate', 'stream', 'zero-copy'] as const;
const ROWS = 3_000;

interface Lie {
  readonly table: string;
  readonly fired: string;
  /** Beside them in zero-copy: what was encoded is not what was handed over. */
  readonly addresses: boolean;
  readonly what: readonly [Detector, RegExp];
}

/** TPC-H has no nulls: those faults need a table of one's own. */
const LIES: Readonly<{ [fault: string]: Lie }> = {
  'ack-only': {
    table: 'orders',
    fired: 'CMNOZ',
    addresses: true,
    what: ['N', /^rows by reading, expected 15000, found 0$/],
  },
  'never-called': {
    table: 'orders',
    fired: 'CFMNOSX',
    addresses: false,
    what: [
      'F',
      /^what lies at the target, expected the directory of a Lance dataset, .* found a directory with rows\.parquet$/,
    ],
  },
  'null-lost': {
    table: 'file:nulls.parquet',
    fired: 'CMO',
    addresses: true,
    what: ['C', /^column number, expected sum \w+, 1000 nulls, .*, found sum \w+, 0 nulls, /],
  },
  'validity-offset': {
    table: 'file:nulls.parquet',
    fired: 'CMO',
    addresses: true,
    what: ['C', /^column number, expected sum \w+, 1000 nulls, /],
  },
};

const folder = freshFolder();
const runs = new Map<string, readonly RunRecord[]>();
let checked = 0;

before(async () => {
  symlinkSync(nativePath('libwriteproof_faults.so'), path.join(folder, NAME));
  const every = (value: (row: number) => DescribedValue) => Array.from({ length: ROWS }, (_, row) => value(row));
  const columns = [
    { name: 'number', type: 'int32', values: every((row) => (row % 3 === 1 ? null : String(row + 1))) },
    { name: 'text', type: 'utf8', values: every((row) => (row % 5 === 0 ? null : `row ${row}`)) },
  ];
  const written = writeTable(path.join(folder, 'nulls.parquet'), { columns }, {});
  assert.ok('fields' in written, JSON.stringify(written));
  for (const [fault, { table }] of Object.entries({ none: { table: 'orders' }, ...LIES })) {
    const scale = table.startsWith('file:') ? [] : ['--scale', '0.01'];
    const argv = ['--writer', `./${NAME}`, '--table', table.replace('file:', `file:${folder}/`), ...scale];
    const options = fault === 'none' ? [] : ['--option', `fault=${fault}`];
    const { records } = await runCases([...argv, '--variant', VARIANTS.join(','), ...options], folder);
    runs.set(fault, records);
  }
});

const recordOfVariant = (fault: string, table: string, variant: string): RunRecord => {
  const option = fault === 'none' ? '' : `;fault=${fault}`;
  const scale = table.startsWith('file:') ? 1 : 0.01;
  return recordOf(runs.get(fault) ?? [], `${table}@${scale}/${WRITER}/${variant}${option}`);
};

for (const variant of VARIANTS) {
  for (const [fault, lie] of Object.entries(LIES)) {
    test(`${fault} over Lance in ${variant} ends corrupt, by the expected detectors`, () => {
      const record = recordOfVariant(fault, lie.table, variant);
      assert.equal(record.verdict.status, 'corrupt', complaints([record]));
      const expected = `${lie.fired}${lie.addresses && variant === 'zero-copy' ? 'R' : ''}`.split('').sort().join('');
      assert.equal(fired(record).join(''), expected, complaints([record]));
      const [detector, pattern] = lie.what;
      const texts = findingsOf(record)
        .filter((finding) => finding.detector === detector)
        .map(({ what, expected: wanted, actual }) => `${what}, expected ${wanted}, found ${actual}`);
      assert.match(texts.find((text) => pattern.test(text)) ?? texts.join('\n'), pattern);
      // It says that it wrote every row, and has a speed to show for it.
      const rows = lie.table === 'orders' ? 15_000 : ROWS;
      const { rows: said } = record.writerSays as { readonly rows: number };
      const refused = record.verdict.refused?.rows;
      assert.deepEqual([said, refused], [rows, rows]);
      checked += 1;
    });
  }
}

test('the same library without a fault is verified, and says that it writes Lance', () => {
  for (const variant of VARIANTS) {
    const record = recordOfVariant('none', 'orders', variant);
    assert.equal(record.verdict.status, 'verified', complaints([record]));
    assert.equal(record.case.kind === 'write' ? record.case.format : '', 'lance');
  }
  assert.equal(checked, VARIANTS.length * Object.keys(LIES).length);
});

test('a fault that damages Parquet files alone is refused over Lance', async () => {
  const argv = ['--writer', `./${NAME}`, '--table', 'nation', '--scale', '0.01', '--variant', 'stream'];
  const { records } = await runCases([...argv, '--option', 'fault=stats-lie'], folder);
  assert.match(
    JSON.stringify(records[0]?.verdict),
    /fault stats-lie damages what only some formats have; option over is lance, expected parquet/,
  );
});
