import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Block, Canary } from '../../harness/gate/types.js';
import { fingerprintOf } from '../../harness/machine-fingerprint.js';
import { noiseOf } from '../../harness/nightly/equal-builds.js';
import { appendCanary, findNight, keepNight, readCanaries, readNight } from '../../harness/nightly/kept.js';
import { canaryOf, pointsOf } from '../../harness/nightly/points.js';
import { latestTag } from '../../harness/nightly/release.js';
import type { Night } from '../../harness/nightly/types.js';
import { makePlan } from '../../harness/plan/plan.js';
import type { Measurement, Verdict } from '../../harness/types.js';
import { REGISTRY } from '../../suites/index.js';
import { departures } from '../records/schemas.js';
import { RUN } from '../records/run-fixture.js';
import { CASE, MACHINE, MEASUREMENT, record, VERIFIED } from '../run/fixtures.js';

const folder = mkdtempSync(path.join(tmpdir(), 'writeproof-night-'));
after(() => {
  rmSync(folder, { recursive: true });
});

test('the newest version is the last release; what is no version is none', () => {
  const tags = [
    'v1.10.0',
    'v1.9.3',
    'v2.0.0-rc.2',
    'v2.0.0-rc.10',
    'v2.0.0-alpha',
    'v-old',
    'version',
    'v3',
    'vnext',
    '4.0.0',
  ];
  const left = [...tags];
  const order: (string | null)[] = [];
  for (;;) {
    const latest = latestTag(left);
    order.push(latest);
    if (latest === null) break;
    left.splice(left.indexOf(latest), 1);
  }
  assert.deepEqual(order, ['v3', 'v2.0.0-rc.10', 'v2.0.0-rc.2', 'v2.0.0-alpha', 'v1.10.0', 'v1.9.3', null]);
  assert.equal(latestTag(['v2.0.0-rc.1', 'v2.0.0', 'v1.9.9']), 'v2.0.0');
});

const block = (id: string, ratios: readonly number[], dropped: string | null = null): Block => ({
  round: 1,
  purpose: 'decide',
  case: id,
  order: 'ABBA',
  canary: { version: 1, writeNs: 1, encodeNs: 1 },
  conditions: { steal: null, cpuPressure: null, ioPressure: null, memoryPressure: null },
  dropped,
  pairs: ratios.map((ratio) => ({ baseNs: 1e9, headNs: ratio * 1e9 })),
});

test('noise is the deviation of the logarithms of pairs that counted, by case', () => {
  const e = Math.E;
  const noise = noiseOf([
    block('a', [1, e]),
    block('a', [e ** 2, e]),
    block('a', [99], 'disturbed'),
    block('b', [1, 2]),
  ]);
  // 0, 1, 2, 1: their squares from 1 add up to 2, of 3 degrees of freedom.
  assert.deepEqual([...noise.keys()], ['a']);
  assert.equal(Math.abs((noise.get('a') ?? 0) - Math.sqrt(2 / 3)) < 1e-12, true);
});

const canary = (writeNs: number, encodeNs: number, version = 2): Canary => ({ version, writeNs, encodeNs });

test('a night has the medians of its canaries, of the latest version', () => {
  assert.deepEqual(canaryOf([canary(1, 9), canary(3, 5), canary(2, 7), canary(50, 50, 1)]), canary(2, 7));
  assert.equal(canaryOf([]), null);
});

test('records of a night become points: medians, and no figure where a repetition is not verified', () => {
  const verified = VERIFIED as Extract<Verdict, { readonly status: 'verified' }>;
  const with_ = (change: Partial<Measurement>): Verdict => ({
    ...verified,
    measurement: { ...MEASUREMENT, ...change },
  });
  const other = { ...CASE, id: 'region@1/parquet/direct', variant: 'direct' } as const;
  const run = { ...RUN, id: 'a-night', cases: [CASE, other] };
  const records = [
    record(1, with_({ durableNs: 4e6 })),
    record(2, with_({ durableNs: 6e6 }), CASE, 2),
    record(3, with_({ durableNs: 5e6 }), CASE, 3),
    record(4, with_({ durableNs: 5e6 }), other),
    record(5, { status: 'skipped', reason: 'no' }, other, 2),
    record(6, { status: 'failed', step: 'write', errno: null, errnoName: null, reason: 'no' }, other, 3),
  ];
  const points = pointsOf(run, records, [canary(1e6, 3e6)], new Map([[CASE.id, 0.05]]));
  const common = {
    schema: 'writeproof.history.v1',
    night: 'a-night',
    at: RUN.startedAt,
    writeproof: RUN.writeproof,
    fingerprint: fingerprintOf(MACHINE),
    repetitions: 3,
    canary: canary(1e6, 3e6),
  };
  assert.deepEqual(points, [
    {
      ...common,
      case: CASE.id,
      status: 'verified',
      durableNs: 5e6,
      peakRssBytes: 30,
      diskBytes: 50_000,
      normalised: 1.25,
      noise: 0.05,
    },
    {
      ...common,
      case: other.id,
      status: 'failed',
      durableNs: null,
      peakRssBytes: null,
      diskBytes: null,
      normalised: null,
      noise: null,
    },
  ]);
  assert.deepEqual(
    points.flatMap((point) => departures('writeproof.history.v1', point)),
    [],
  );
  assert.deepEqual(pointsOf(run, records, [], new Map()), []);
});

const NIGHT: Night = {
  schema: 'writeproof.nightly.v1',
  night: 'one',
  startedAt: '2026-01-31T02:00:00.000Z',
  finishedAt: null,
  writeproof: RUN.writeproof,
  exitCode: 130,
  sentence: 'The night has begun.',
  changePoints: [],
  notes: [],
  trend: null,
  results: [],
};

test('a night is found by its id or as last; what is no night is named', async () => {
  const nights = path.join(folder, 'nights');
  await assert.rejects(findNight(nights, 'last'), { name: 'Misuse', message: /^Unknown night "last"/ });
  for (const name of ['one', 'two']) await keepNight(path.join(nights, name), { ...NIGHT, night: name });
  assert.equal((await readNight(await findNight(nights, 'last'))).night, 'two');
  assert.deepEqual(await readNight(await findNight(nights, 'one')), NIGHT);
  await assert.rejects(findNight(nights, 'tow'), { message: /nearest: two/ });
  const file = path.join(nights, 'two', 'night.json');
  writeFileSync(file, '{"schema":"writeproof.nightly.v9"}');
  await assert.rejects(readNight(path.join(nights, 'two')), {
    message: 'night.json of two has schema writeproof.nightly.v9, expected writeproof.nightly.v1.',
  });
  writeFileSync(file, '{');
  await assert.rejects(readNight(path.join(nights, 'two')), {
    name: 'Misuse',
    message: /^night\.json of two is damaged: /,
  });
});

test('canaries outlive a kill; a line that was cut off is dropped', async () => {
  const own = path.join(folder, 'canaries');
  await keepNight(own, NIGHT);
  assert.deepEqual(await readCanaries(own), []);
  await appendCanary(own, canary(1, 2));
  appendFileSync(path.join(own, 'canary.jsonl'), '{"version":');
  assert.deepEqual(await readCanaries(own), [canary(1, 2)]);
  await appendCanary(own, canary(3, 4));
  assert.deepEqual(await readCanaries(own), [canary(1, 2), canary(3, 4)]);
  assert.equal(readFileSync(path.join(own, 'canary.jsonl'), 'utf8').split('\n').length, 3);
});

test('the matrix has every writer of ours in every variant, thrice', () => {
  const none = { cases: [], tables: [], scales: [], writers: [], formats: [], variants: [], options: {} };
  const plan = makePlan({ ...none, suite: 'nightly', seed: 1 }, REGISTRY);
  const groups = new Set(plan.cases.flatMap((one) => (one.kind === 'write' ? [`${one.writer}/${one.variant}`] : [])));
  assert.deepEqual([plan.cases.length, plan.repeat, plan.leftOut], [80, 3, []]);
  assert.deepEqual(
    [...groups].sort(),
    ['apache-arrow', 'arrow', 'lance', 'parquet', 'parquet-wasm']
      .flatMap((writer) =>
        (['apache-arrow', 'parquet-wasm'].includes(writer)
          ? ['accumulate', 'stream']
          : ['accumulate', 'direct', 'stream', 'zero-copy']
        ).map((variant) => `${writer}/${variant}`),
      )
      .sort(),
  );
});
