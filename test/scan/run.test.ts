/** Scans through the ordinary commands: verified, refused where they lie, and by hand. */

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import type { FaultResult } from '../../harness/faults/results.js';
import type { ScanRecord } from '../../harness/types.js';
import { SCAN_FAULTS } from '../../suites/faults/scans.js';
import { isDeleted } from '../../suites/scans/entities.js';
import { workspace, writeproof, type Ended } from '../cli/command.js';
import { departures } from '../records/schemas.js';

const { folder, remove } = workspace();
after(remove);

const environment = { WRITEPROOF_CACHE: path.join(folder, 'cache') };
const command = async (...argv: readonly string[]): Promise<Ended> => writeproof(folder, argv, environment);

const HEAD = 'entities@2000/scan';
const CASES = [
  `${HEAD}/limit-10`,
  `${HEAD}/limit-10;strategy=baseline`,
  `${HEAD}/unique-key;encoding=compact`,
  `${HEAD}/one-column;columns=20;strategy=without-projection`,
];

test('scans end verified, with what they took and read', { timeout: 600_000 }, async () => {
  // Stores of another build: one that nobody used for two days, and one of today.
  const others = ['old', 'new'].map((name) => path.join(environment.WRITEPROOF_CACHE, 'entities', name));
  for (const other of others) mkdirSync(other, { recursive: true });
  const before = Date.now() / 1000 - 48 * 3600;
  utimesSync(others[0] ?? '', before, before);
  const { code, stdout, stderr } = await command('run', '--json', ...CASES.flatMap((id) => ['--case', id]));
  assert.equal(code, 0, stderr);
  const document = JSON.parse(stdout) as { readonly results: readonly ScanRecord[] };
  assert.deepEqual(departures('writeproof.records.v1', document), []);
  const seen = document.results.map(({ case: one, verdict }) => {
    if (verdict.status !== 'verified') return [one.id, verdict.status];
    const { rows, rowsRead, scans, rust, resultBytes, store } = verdict.measurement;
    return [one.id, verdict.rows, rows, rowsRead, scans >= 3, rust.bytes >= resultBytes, store.bytes > 0];
  });
  const live = Array.from({ length: 2000 }, (_, row) => row).filter((row) => !isDeleted(row)).length;
  assert.deepEqual(seen.sort(), [
    [CASES[0], 10, 10, 12, true, true, true],
    [CASES[1], 10, 10, 2000, true, true, true],
    [CASES[3], live, live, 2000, true, true, true],
    [CASES[2], 1, 1, 1, true, true, true],
  ]);
  assert.deepEqual(
    others.map((other) => existsSync(other)),
    [false, true],
  );
  const shown = await command('show', 'last');
  assert.equal(shown.code, 0);
  assert.match(shown.stdout, /speed to baseline/);
  assert.match(shown.stdout, /4 cases: 4 verified/);
});

test('every fault of a scan is caught by the detectors that must fire', { timeout: 600_000 }, async () => {
  const { code, stdout, stderr } = await command('faults', '--writer', 'scan', '--json', '--quiet');
  assert.equal(code, 0, stderr);
  const document = JSON.parse(stdout) as { readonly results: readonly FaultResult[] };
  assert.deepEqual(departures('writeproof.faults.v1', document), []);
  const ran = document.results.filter(({ applies }) => applies);
  assert.deepEqual(
    ran.filter(({ caught, silent, unexpected, control }) => {
      return caught !== true || silent.length > 0 || unexpected.length > 0 || control?.status !== 'verified';
    }),
    [],
  );
  assert.deepEqual([...new Set(ran.map(({ fault }) => fault))].sort(), SCAN_FAULTS.map(({ name }) => name).sort());
});

test('a store is made and scanned by hand, and bad input is a sentence with its exit code', async () => {
  const built = await command('build-store', 'x.store', '--rows', '5000', '--json');
  assert.deepEqual(departures('writeproof.build-store.v1', JSON.parse(built.stdout)), []);
  const store = path.join(folder, 'x.store');
  const content = (): readonly string[] =>
    readdirSync(store)
      .sort()
      .map((name) => `${name} ${readFileSync(path.join(store, name)).toString('base64')}`);
  const before = content();
  const right = await command('scan', 'x.store', '--query', '{"limit":10}');
  assert.deepEqual([right.code, right.stdout.includes('verified: the rows')], [0, true], right.stderr);
  const document = await command('scan', 'x.store', '--json');
  assert.deepEqual(departures('writeproof.scan.v1', JSON.parse(document.stdout)), []);
  const damaged = path.join(folder, 'damaged.store');
  cpSync(store, damaged, { recursive: true });
  const table = readdirSync(damaged).find((name) => name.endsWith('.sst')) ?? '';
  truncateSync(path.join(damaged, table), 1000);
  const wrong: readonly (readonly [argv: readonly string[], code: number, said: RegExp])[] = [
    [['scan', 'x.store', '--query', '{"limit":0}'], 1, /limit is 0; expected a whole number of at least 1/],
    [['scan', 'x.store', '--query', '{"limit":-1}'], 1, /limit is -1/],
    [['scan', 'x.store', '--query', '{"columns":["nmae"]}'], 1, /names the column "nmae"; expected one of id, group/],
    [
      ['scan', 'x.store', '--query', '{"filter":{"column":"amount","op":"=","value":"x"}}'],
      1,
      /a filter on the column amount is "x"; expected a number/,
    ],
    [['scan', 'nowhere.store'], 1, /there is no entity store at nowhere.store/],
    [['scan', 'x.store', '--strategy', 'fast'], 1, /Unknown strategy "fast"/],
    [['scan', 'damaged.store'], 4, /the store damaged.store is damaged/],
    [['build-store', 'x.store', '--rows', '10'], 1, /there is something at x.store already/],
    [['build-store', 'y.store', '--rows', '0'], 1, /--rows "0"/],
  ];
  const found = [];
  for (const [argv, , said] of wrong) {
    const { code, stderr } = await command(...argv);
    found.push([argv.join(' '), code, said.test(stderr) ? 'said' : stderr]);
  }
  assert.deepEqual(
    found,
    wrong.map(([argv, code]) => [argv.join(' '), code, 'said']),
  );
  assert.deepEqual(content(), before);
});
