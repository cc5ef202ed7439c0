/** What every claim of the registry must be; a new one is tested by being registered. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseClaims, honestCases } from '../../harness/claims/cases.js';
import { planClaims } from '../../harness/claims/plan.js';
import { SYSTEMS } from '../../suites/claims/index.js';
import type { ClaimMetric, ClaimSpec, ClaimUnit } from '../../suites/claims/types.js';
import { FAULTS } from '../../suites/faults/index.js';
import { TABLES } from '../../suites/tables/index.js';
import { WITH_FAULTS } from './fixtures.js';

const CLAIMS = SYSTEMS.flatMap(({ claims }) => claims);

/** What was published, by claim. */
const PUBLISHED: Readonly<{ [id: string]: readonly [text: string, low: number, high: number] }> = {
  A1: ['about 1.2 GB', 1.2e9, 1.2e9],
  A2: ['about 12 MB', 12e6, 12e6],
  'A2-times': ['100× less', 100, 100],
  A3: ['10–20 %', 10, 20],
  A4: ['2–5 %', 2, 5],
  A5: ['5–10 %', 5, 10],
  'A6-encoding': ['22 %', 22, 22],
  'A6-memory': ['17.57 %', 17.57, 17.57],
  'A6-generation': ['7.14 %', 7.14, 7.14],
  A7: ['more than 2–3 %', 2, 3],
  A8: ['cost more than they save', 1, 1],
  'A8-commits': ['cost more than they save', 1, 1],
  'A8-bytes': ['cost more than they save', 1, 1],
  B1: ['77.7 s', 77.7, 77.7],
  B2: ['165.4 s', 165.4, 165.4],
  'B2-times': ['2.13× (165.4 s ÷ 77.7 s)', 2.13, 2.13],
  B3: ['2–5× faster', 2, 5],
  'B3-accumulated': ['2–5× faster', 2, 5],
  B4: ['a further 10–20 %', 10, 20],
  'B4-crossing-100': ['a further 10–20 %', 10, 20],
  'B4-crossing-10000': ['a further 10–20 %', 10, 20],
  'B4-crossing-100000': ['a further 10–20 %', 10, 20],
  'C-customer': ['57 % faster', 57, 57],
  'C-customer-lance': ['0.129 s', 0.129, 0.129],
  'C-customer-parquet': ['0.299 s', 0.299, 0.299],
  'C-orders': ['19 %', 19, 19],
  'C-orders-lance': ['2.221 s', 2.221, 2.221],
  'C-orders-parquet': ['2.709 s', 2.709, 2.709],
  'C-lineitem': ['37 %', 37, 37],
  'C-lineitem-lance': ['4.787 s', 4.787, 4.787],
  'C-lineitem-parquet': ['7.536 s', 7.536, 7.536],
  'C-rate': ['5.7 M rows/s', 5.7e6, 5.7e6],
  'C-import': ['all 100,000', 100_000, 100_000],
};

const UNITS: Readonly<{ [metric in ClaimMetric]: ClaimUnit }> = {
  durable: 's',
  spawnToDurable: 's',
  rowsPerSecond: 'rows/s',
  bytesPerSecond: 'B/s',
  generatedBytesPerSecond: 'B/s',
  rows: 'rows',
  peakRss: 'B',
  rssGrowth: 'B',
  diskBytes: 'B',
  batch: 'ns',
  scan: 'ns',
  scanPeakBytes: 'B',
  scanBytes: 'B',
  batchCreation: 'ns',
  columnBuilding: 'ns',
};

function unitOf({ measure, claimed }: ClaimSpec): ClaimUnit {
  if (measure.kind === 'figure') return UNITS[measure.metric];
  if (measure.kind === 'ratio') return '×';
  return measure.kind === 'none' ? claimed.unit : '%';
}

test('what was published of systems A, B and C stands in the registry as it was published', () => {
  const known = CLAIMS.filter(({ id }) => id in PUBLISHED);
  assert.deepEqual(
    Object.fromEntries(known.map(({ id, claimed }) => [id, [claimed.text, ...claimed.range]])),
    PUBLISHED,
  );
});

test('a claim belongs to its system, has a unit that its measure gives, and a range that can be met', () => {
  const wrong = SYSTEMS.flatMap(({ name, claims }) =>
    claims.filter((claim) => {
      const { id, claimed, source, note } = claim;
      const [low, high] = claimed.range;
      const fits = id.startsWith(name) && unitOf(claim) === claimed.unit && 0 < low && low <= high;
      return !fits || claimed.tolerance < 0 || claimed.tolerance > 0.5 || source === '' || note === '';
    }),
  );
  assert.deepEqual(wrong, []);
  assert.deepEqual([...new Set(CLAIMS.map(({ id }) => id))].length, CLAIMS.length);
});

test('faults and endings are of cases that the claim measures, and every fault is registered', () => {
  const known = FAULTS.map(({ name }) => name);
  const faults = CLAIMS.flatMap((claim) => (claim.faults ?? []).map((fault) => ({ claim, ...fault })));
  assert.deepEqual(
    faults.filter(({ claim, fault, insteadOf }) => !known.includes(fault) || !honestCases(claim).includes(insteadOf)),
    [],
  );
  const endings = CLAIMS.flatMap((claim) => (claim.mayEnd ?? []).map(({ of }) => ({ claim, of })));
  assert.deepEqual(
    endings.filter(({ claim, of }) => !honestCases(claim).includes(of)),
    [],
  );
  assert.deepEqual([faults.length >= 6, endings.length >= 1], [true, true]);
});

test('every case of a claim is one that this suite has, at most a thousand fragments or commits each', () => {
  const plan = planClaims(chooseClaims(SYSTEMS, [], []), WITH_FAULTS, 3, 1);
  assert.deepEqual([...plan.unplanned], []);
  // Named as the plan calls them: options in their order, without defaults.
  assert.deepEqual(
    [...plan.named].filter(([name, one]) => name !== one.id).map(([name]) => name),
    [],
  );
  const flushes = plan.cases.flatMap(({ id, table, scale, options: { batchRows, flushEvery } }) => {
    const rows = TABLES.find(({ name }) => name === table)?.rows(scale) ?? Infinity;
    return flushEvery === 0 ? [] : [{ id, count: Math.ceil(rows / batchRows / flushEvery) }];
  });
  assert.deepEqual(
    flushes.filter(({ count }) => count > 1000),
    [],
  );
});
