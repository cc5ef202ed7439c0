import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ownHistory, seriesByCase } from '../../harness/history/series.js';
import { appendPoints, keepNights, readHistory } from '../../harness/history/store.js';
import type { HistoryPoint } from '../../harness/history/types.js';
import { fingerprintOf, firstDifference } from '../../harness/machine-fingerprint.js';
import type { Machine } from '../../harness/types.js';
import { departures } from '../records/schemas.js';
import { MACHINE } from '../run/fixtures.js';
import { CANARY, point } from './points.js';

const root = mkdtempSync(path.join(tmpdir(), 'writeproof-history-'));
after(() => {
  rmSync(root, { recursive: true });
});

let folders = 0;
const fresh = (): string => path.join(root, String((folders += 1)));
const nights = (points: readonly HistoryPoint[]): readonly string[] => points.map(({ night }) => night);

test('points come back as they were written, oldest first, one file a month, each as its schema says', async () => {
  const folder = fresh();
  const february = point(33);
  assert.equal(await appendPoints(folder, [february], MACHINE), 1);
  assert.equal(await appendPoints(folder, [point(2), point(2, { case: 'other' })], MACHINE), 2);
  assert.equal(await appendPoints(folder, [point(1)], MACHINE), 1);
  const { points, machines, sentences } = await readHistory(folder);
  assert.deepEqual(points, [point(1), point(2), point(2, { case: 'other' }), february]);
  assert.deepEqual([...machines], [[fingerprintOf(MACHINE), MACHINE]]);
  assert.deepEqual(sentences, []);
  assert.deepEqual(readdirSync(folder).sort(), ['2026-01.jsonl', '2026-02.jsonl', 'machines']);
  assert.deepEqual(departures('writeproof.history.v1', points[0]), []);
  const machine = JSON.parse(
    readFileSync(path.join(folder, 'machines', `${fingerprintOf(MACHINE)}.json`), 'utf8'),
  ) as unknown;
  assert.deepEqual(departures('writeproof.machine.v1', machine), []);
});

test('a figure of a night that is not verified is no point', () => {
  const wrong: readonly Partial<HistoryPoint>[] = [
    { status: 'corrupt' },
    { durableNs: null },
    { normalised: null },
    { fingerprint: 'none' },
    { canary: { ...CANARY, writeNs: 0 } },
    { at: '2026-01-31' },
  ];
  assert.deepEqual(
    wrong.map((change) => departures('writeproof.history.v1', point(1, change)).length > 0),
    wrong.map(() => true),
  );
  const none = { durableNs: null, normalised: null, peakRssBytes: null, diskBytes: null };
  assert.deepEqual(departures('writeproof.history.v1', point(1, { status: 'corrupt', ...none })), []);
});

test('a line that was cut off is named, and dropped before the next one; a night is completed, not doubled', async () => {
  const folder = fresh();
  const file = path.join(folder, '2026-01.jsonl');
  await appendPoints(folder, [point(1)], MACHINE);
  appendFileSync(file, JSON.stringify(point(2)).slice(0, 40));
  const cut = await readHistory(folder);
  assert.deepEqual(nights(cut.points), ['night-1']);
  assert.deepEqual(cut.sentences, ['Line 2 of 2026-01.jsonl in the history is cut off and left out.']);
  const both = [point(1), point(2), point(2, { case: 'other' })];
  assert.equal(await appendPoints(folder, both, MACHINE), 2);
  assert.equal(await appendPoints(folder, both, MACHINE), 0);
  assert.deepEqual((await readHistory(folder)).sentences, []);
  assert.equal(readFileSync(file, 'utf8'), both.map((one) => `${JSON.stringify(one)}\n`).join(''));
});

test('lines that are no points are named with file and line, and stay', async () => {
  const folder = fresh();
  await appendPoints(folder, [point(1)], MACHINE);
  const strange = [
    '{"schema":"writeproof.history.v9","night":"x"}',
    'nonsense',
    '[]',
    JSON.stringify({ ...point(2), speed: 1 }),
    JSON.stringify({ ...point(2), durableNs: 'fast' }),
  ];
  appendFileSync(path.join(folder, '2026-01.jsonl'), strange.map((line) => `${line}\n`).join(''));
  const { points, sentences } = await readHistory(folder);
  assert.deepEqual(nights(points), ['night-1']);
  assert.deepEqual(
    sentences.map((text) => text.replace(/\(.*\)/, '(…)')),
    [
      'Line 2 of 2026-01.jsonl in the history is left out: schema is "writeproof.history.v9", expected writeproof.history.v1 or writeproof.history.v0.',
      'Line 3 of 2026-01.jsonl in the history is left out: it is not JSON (…).',
      'Line 4 of 2026-01.jsonl in the history is left out: it is no JSON object.',
      'Line 5 of 2026-01.jsonl in the history is left out: it has the unknown field speed.',
      'Line 6 of 2026-01.jsonl in the history is left out: durableNs must be number.',
    ],
  );
  await appendPoints(folder, [point(3)], MACHINE);
  assert.equal(await keepNights(folder, 1), 1);
  const left = readFileSync(path.join(folder, '2026-01.jsonl'), 'utf8').trimEnd().split('\n');
  assert.deepEqual(left, [...strange, JSON.stringify(point(3))]);
});

test('lines of the format before are read as ones of this', async () => {
  const folder = fresh();
  await appendPoints(folder, [point(1)], MACHINE);
  const { noise, status, ...rest } = point(2);
  const old = { ...rest, schema: 'writeproof.history.v0' };
  const lines = [old, { ...old, durableNs: null, normalised: null }];
  appendFileSync(path.join(folder, '2026-01.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const { points, sentences } = await readHistory(folder);
  assert.deepEqual([noise, status], [0.03, 'verified']);
  assert.deepEqual(points, [point(1), point(2, { noise: null })]);
  assert.deepEqual(sentences, [
    'Line 3 of 2026-01.jsonl in the history is left out: writeproof.history.v0 does not say how a case without a time ended.',
  ]);
});

test('the last nights are kept; files and machines of which nothing is left go', async () => {
  const folder = fresh();
  const other: Machine = { ...MACHINE, kernel: '1.0.0' };
  await appendPoints(folder, [point(1, { fingerprint: fingerprintOf(other) })], other);
  await appendPoints(folder, [point(31), point(31, { case: 'other' }), point(32), point(33), point(60)], MACHINE);
  assert.equal(await keepNights(folder, 5), 0);
  assert.equal(await keepNights(folder, 3), 2);
  const { points, machines } = await readHistory(folder);
  assert.deepEqual(nights(points), ['night-32', 'night-33', 'night-60']);
  assert.deepEqual([...machines.keys()], [fingerprintOf(MACHINE)]);
  assert.equal(await keepNights(folder, 2), 1);
  assert.deepEqual(readdirSync(folder).sort(), ['2026-02.jsonl', '2026-03.jsonl', 'machines']);
});

const CHANGES: readonly [Partial<Machine>, string][] = [
  [{ cpuModel: 'x' }, 'CPU model'],
  [{ cpuFlagsSha256: 'x' }, 'CPU flags (SHA-256)'],
  [{ cores: 99 }, 'cores'],
  [{ memoryBytes: 1 }, 'memory in bytes'],
  [{ memoryLimitBytes: 1 }, 'memory limit in bytes'],
  [{ kernel: 'x' }, 'kernel'],
  [{ architecture: 'x' }, 'architecture'],
  [{ fileSystem: 'x' }, 'file system'],
  [{ mountOptions: 'x' }, 'mount options'],
  [{ device: 'x' }, 'device'],
  [{ governor: 'x' }, 'governor'],
  [{ node: 'x' }, 'Node.js'],
  [{ rustc: 'x' }, 'rustc'],
  [{ versions: { ...MACHINE.versions, ajv: 'x' } }, 'version of ajv'],
  [{ versions: { ...MACHINE.versions, zzz: 'x' } }, 'version of zzz'],
];

test('machines that differ in anything have different fingerprints, and the difference is named', () => {
  const found = CHANGES.map(([change]) => {
    const other = { ...MACHINE, ...change };
    return [fingerprintOf(other) === fingerprintOf(MACHINE), firstDifference(MACHINE, other)?.split(':')[0]];
  });
  assert.deepEqual(
    found,
    CHANGES.map(([, name]) => [false, name]),
  );
  // Every field of a machine is one of them.
  assert.deepEqual(new Set(CHANGES.flatMap(([change]) => Object.keys(change))), new Set(Object.keys(MACHINE)));
  const other = { ...MACHINE, kernel: '6.8.0', node: 'x' };
  assert.equal(firstDifference({ ...MACHINE, kernel: '6.1.0' }, other), 'kernel: expected 6.1.0, found 6.8.0');
  const turned = Object.fromEntries(Object.entries(MACHINE).reverse()) as unknown as Machine;
  assert.equal(firstDifference(MACHINE, turned), null);
  assert.equal(fingerprintOf(turned), fingerprintOf(MACHINE));
});

test('points of another machine are refused with the first difference', () => {
  const other: Machine = { ...MACHINE, kernel: '6.8.0', node: 'v1' };
  const [own, foreign] = [fingerprintOf(MACHINE), fingerprintOf(other)];
  const points = [
    point(1),
    point(2, { fingerprint: foreign }),
    point(2, { fingerprint: foreign, case: 'other' }),
    point(3, { fingerprint: 'f'.repeat(64) }),
  ];
  const found = ownHistory({ points, machines: new Map([[foreign, other]]) }, { ...MACHINE, kernel: MACHINE.kernel });
  assert.deepEqual(nights(found.points), ['night-1']);
  assert.equal(found.points[0]?.fingerprint, own);
  assert.deepEqual(found.refused, [
    `2 points of 1 night on another machine not compared: kernel: expected ${MACHINE.kernel}, found 6.8.0.`,
    `1 point of 1 night on another machine not compared: its machine ${'f'.repeat(64)} is not stored.`,
  ]);
});

test('a machine that was changed by hand is named, and compared with none', async () => {
  const folder = fresh();
  await appendPoints(folder, [point(1)], MACHINE);
  const name = `${fingerprintOf(MACHINE)}.json`;
  const file = path.join(folder, 'machines', name);
  writeFileSync(file, readFileSync(file, 'utf8').replace(MACHINE.kernel, '0.0.1'));
  const { machines, sentences } = await readHistory(folder);
  assert.equal(machines.size, 0);
  assert.equal(sentences.length, 1);
  assert.match(
    sentences[0] ?? '',
    new RegExp(`^machines/${name} of the history is left out: its machine has the fingerprint`),
  );
});

test('a case has one series, of the latest canary only, in the order of time', () => {
  const old = { ...CANARY, version: 0 };
  const points = [point(3), point(1, { canary: old }), point(2), point(2, { case: 'other' })];
  const series = [...seriesByCase(points)].map(([id, own]) => [id, nights(own)]);
  assert.deepEqual(series, [
    [point(1).case, ['night-2', 'night-3']],
    ['other', ['night-2']],
  ]);
});
