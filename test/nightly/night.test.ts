import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT, type ExitCode } from '../../harness/exit-code.js';
import type { Canary, GateLine, GateResult } from '../../harness/gate/types.js';
import type { ChangePoint } from '../../harness/history/types.js';
import { Misuse } from '../../harness/misuse.js';
import { runNight } from '../../harness/nightly/night.js';
import type { MatrixEnd, Night, NightParts } from '../../harness/nightly/types.js';
import type { Verdict } from '../../harness/types.js';
import { nightMarkdown, nightTexts } from '../../reports/night.js';
import { GATE, RESULT } from '../query/folder.js';
import { departures } from '../records/schemas.js';
import { RUN } from '../records/run-fixture.js';
import { CASE, record, VERIFIED } from '../run/fixtures.js';

const CANARY: Canary = { version: 1, writeNs: 1e6, encodeNs: 1e6 };
const [LINE] = RESULT.lines as readonly [GateLine];

type Interval = NonNullable<GateLine['interval']>;

/** A gate with one decision of time a case. */
function gate(verdict: GateResult['gate']['verdict'], exitCode: ExitCode, intervals: readonly Interval[]): GateResult {
  const lines = intervals.map((interval, index): GateLine => ({
    ...LINE,
    case: `case-${index}`,
    verdict: 'pass',
    interval,
  }));
  return { gate: { ...GATE, verdict, exitCode, sentence: `it is ${verdict}` }, lines };
}

const ALIKE = gate('pass', EXIT.pass, [
  [0.98, 1.02],
  [0.97, null],
]);
const SLOWER = gate('pass', EXIT.pass, [
  [1.01, 1.03],
  [0.97, 1.01],
]);
const FASTER = gate('pass', EXIT.pass, [
  [0.95, 0.98],
  [0.97, 1.01],
]);
const RED = gate('regression', EXIT.regression, [[1.05, 1.2]]);

const CHANGE: ChangePoint = {
  case: CASE.id,
  metric: 'normalised',
  index: 40,
  at: '2026-01-31T02:00:00.000Z',
  before: 2,
  after: 3,
  pValue: 0.002,
};

function matrixOf(verdict: Verdict, interrupted = false): MatrixEnd {
  return { run: { ...RUN, suite: 'nightly' }, records: [record(1, verdict)], interrupted, canaries: [CANARY] };
}

const BEGUN: Night = {
  schema: 'writeproof.nightly.v1',
  night: RUN.id,
  startedAt: '2026-01-31T02:00:00.000Z',
  finishedAt: null,
  writeproof: RUN.writeproof,
  exitCode: EXIT.interrupted,
  sentence: 'The night has begun.',
  changePoints: [],
  notes: [],
  trend: null,
  results: [],
};

interface Done {
  readonly night: Night;
  /** Parts in the order in which they were asked, and how often the night was kept. */
  readonly asked: readonly string[];
  readonly kept: readonly Night[];
}

async function nightOf(change: Partial<NightParts>, begun: Night = BEGUN): Promise<Done> {
  const asked: string[] = [];
  const kept: Night[] = [];
  const usual: NightParts = {
    equalBuilds: async () => Promise.resolve(ALIKE),
    lastRelease: () => ({ tag: 'v1.0.0' }),
    releaseGate: async () => Promise.resolve(ALIKE),
    matrix: async () => Promise.resolve(matrixOf(VERIFIED)),
    history: async () =>
      Promise.resolve({
        added: 1,
        droppedNights: 0,
        changePoints: [CHANGE],
        notes: ['a note'],
        trend: 'history/trend.html',
      }),
    noise: async () => Promise.resolve(new Map([[CASE.id, 0.03]])),
    keep: async (night) => {
      kept.push(night);
      return Promise.resolve();
    },
    tell: () => undefined,
    now: () => '2026-01-31T03:00:00.000Z',
  };
  const parts = { ...usual, ...change };
  const night = await runNight(begun, {
    ...parts,
    equalBuilds: async (name) => {
      asked.push(name);
      return parts.equalBuilds(name);
    },
    releaseGate: async (tag) => {
      asked.push(tag);
      return parts.releaseGate(tag);
    },
    matrix: async () => {
      asked.push('matrix');
      return parts.matrix();
    },
    history: async (matrix, noise) => {
      asked.push(`history with σ ${String(noise.get(CASE.id))}`);
      return parts.history(matrix, noise);
    },
  });
  return { night, asked, kept };
}

const steps = ({ results }: Night): readonly (readonly [string, number])[] =>
  results.map(({ step, exitCode }) => [step, exitCode]);

const ALL = ['equal', 'matrix', 'v1.0.0', 'history with σ 0.03'];

test('a green night does all its steps in order, keeps each, and is as its schema says', async () => {
  const { night, asked, kept } = await nightOf({});
  assert.deepEqual(asked, ALL);
  assert.deepEqual(steps(night), [
    ['equal builds', 0],
    ['matrix', 0],
    ['last release', 0],
    ['history', 0],
  ]);
  assert.deepEqual([night.exitCode, night.finishedAt], [0, '2026-01-31T03:00:00.000Z']);
  assert.match(night.sentence, /^The night is green \(equal builds: they measure alike; smallest slowdown .* 3\.0 %; /);
  assert.deepEqual(
    kept.map(({ results, finishedAt }) => [results.length, finishedAt === null]),
    [
      [0, true],
      [1, true],
      [2, true],
      [3, true],
      [4, true],
      [4, false],
    ],
  );
  assert.deepEqual(
    kept.flatMap((one) => departures('writeproof.nightly.v1', one)),
    [],
  );
  assert.deepEqual(night.changePoints, [CHANGE]);
});

test('change points are said, and change no exit code', async () => {
  const { night } = await nightOf({});
  assert.equal(night.exitCode, 0);
  const advice = `advice, since 2026-01-31, ${CASE.id}: Time until durable 2.000× → 3.000× (+50.0 %, p 0.002)`;
  assert.deepEqual(nightTexts(night).slice(-3), [advice, 'a note', 'trend: results/history/trend.html']);
  assert.match(
    nightMarkdown(night),
    /\n\| region@1\/parquet\/stream \| Time until durable \| 2026-01-31 \| 2\.000× \| 3\.000× \| \+50\.0 % \| 0\.002 \|\n/,
  );
});

test('equal builds that differ are measured again; once is chance, twice on one side ends the night', async () => {
  const chance = await nightOf({ equalBuilds: async (name) => Promise.resolve(name === 'equal' ? SLOWER : ALIKE) });
  assert.deepEqual(chance.asked, ['equal', 'equal-again', ...ALL.slice(1)]);
  assert.equal(chance.night.exitCode, 0);
  const turned = await nightOf({ equalBuilds: async (name) => Promise.resolve(name === 'equal' ? SLOWER : FASTER) });
  assert.deepEqual([turned.night.exitCode, turned.asked.length], [0, 5]);
  for (const shifted of [SLOWER, FASTER]) {
    const { night, asked } = await nightOf({ equalBuilds: async () => Promise.resolve(shifted) });
    assert.deepEqual(asked, ['equal', 'equal-again']);
    assert.deepEqual(steps(night), [
      ['equal builds', 0],
      ['equal builds again', 3],
    ]);
    assert.equal(night.exitCode, EXIT.inconclusive);
    assert.match(
      night.sentence,
      /^The night does not decide \(equal builds again: the night stops, .*: case-0: second ÷ first \d/,
    );
    assert.notEqual(night.finishedAt, null);
  }
});

test('a gate of equal builds that is inconclusive lets the night go on; one that is not verified ends it', async () => {
  const open = await nightOf({
    equalBuilds: async () => Promise.resolve(gate('inconclusive', EXIT.inconclusive, [[0.9, 1.1]])),
  });
  assert.deepEqual([open.night.exitCode, open.asked], [0, ALL]);
  const found = await Promise.all(
    (
      [
        ['integrity failure', EXIT.integrity],
        ['nothing measured', EXIT.nothingMeasured],
      ] as const
    ).map(async ([verdict, code]) => {
      const { night, asked } = await nightOf({ equalBuilds: async () => Promise.resolve(gate(verdict, code, [])) });
      return [night.exitCode, asked];
    }),
  );
  assert.deepEqual(found, [
    [EXIT.integrity, ['equal']],
    [EXIT.nothingMeasured, ['equal']],
  ]);
});

test('equal builds of which nothing was timed make no night green, and let it go on', async () => {
  const { night, asked } = await nightOf({ equalBuilds: async () => Promise.resolve(gate('pass', EXIT.pass, [])) });
  assert.deepEqual([night.exitCode, asked], [EXIT.inconclusive, ALL]);
  assert.match(night.sentence, /\(equal builds: too few pairs to say whether they measure alike/);
});

test('the exit code is the first of those of the steps', async () => {
  const corrupt: Verdict = { status: 'corrupt', findings: [], refused: null };
  const skipped: Verdict = { status: 'skipped', reason: 'no' };
  const codeOf = async (change: Partial<NightParts>): Promise<number> => (await nightOf(change)).night.exitCode;
  const red = { releaseGate: async (): Promise<GateResult> => Promise.resolve(RED) };
  const open = {
    releaseGate: async (): Promise<GateResult> => Promise.resolve(gate('inconclusive', EXIT.inconclusive, [])),
  };
  const bad = { matrix: async (): Promise<MatrixEnd> => Promise.resolve(matrixOf(corrupt)) };
  const empty = { matrix: async (): Promise<MatrixEnd> => Promise.resolve(matrixOf(skipped)) };
  const found = [
    await codeOf(red),
    await codeOf(open),
    await codeOf(bad),
    await codeOf({ ...bad, ...red }),
    await codeOf(empty),
    await codeOf({ ...empty, ...red }),
  ];
  assert.deepEqual(found, [2, 3, 4, 4, 5, 5]);
  const both = await nightOf({ ...bad, ...red });
  // What is bad is no reason to forget the night.
  assert.deepEqual(both.asked, ALL);
  assert.match(both.night.sentence, /^Data are not what they should be \(matrix: 1 case: 1 corrupt\)\.$/);
});

test('without a release nothing is compared, which is said and blocks nothing', async () => {
  const { night, asked } = await nightOf({ lastRelease: () => ({ why: 'no tag such as v1.2.3' }) });
  assert.deepEqual(asked, ['equal', 'matrix', 'history with σ 0.03']);
  assert.deepEqual(
    [night.exitCode, night.results[2]?.sentence],
    [0, 'not compared, which blocks nothing: no tag such as v1.2.3'],
  );
});

test('a release that cannot be built leaves the rest of the night, and is tried again', async () => {
  const broken = async (): Promise<GateResult> => Promise.reject(new Misuse('v1.0.0 does not build.'));
  const { night, asked } = await nightOf({ releaseGate: broken });
  assert.deepEqual([night.exitCode, asked], [EXIT.misuse, ALL]);
  assert.match(night.sentence, /last release: v1\.0\.0 does not build\./);
  const again = await nightOf({}, night);
  assert.deepEqual([again.night.exitCode, again.asked], [0, ['matrix', 'v1.0.0']]);
});

test('an interrupted night keeps what is done, and goes on after it', async () => {
  const interruptedGate = gate('interrupted', EXIT.interrupted, []);
  const places: readonly Partial<NightParts>[] = [
    { equalBuilds: async () => Promise.resolve(interruptedGate) },
    { matrix: async () => Promise.resolve(matrixOf(VERIFIED, true)) },
    { releaseGate: async () => Promise.resolve(interruptedGate) },
  ];
  const found: unknown[] = [];
  for (const change of places) {
    const cut = await nightOf(change);
    const after = await nightOf({}, cut.night);
    found.push([cut.night.exitCode, cut.night.finishedAt, steps(cut.night).length, after.asked, after.night.exitCode]);
    assert.deepEqual(departures('writeproof.nightly.v1', cut.night), []);
  }
  assert.deepEqual(found, [
    [130, null, 0, ALL, 0],
    [130, null, 1, ALL.slice(1), 0],
    [130, null, 2, ALL.slice(1), 0],
  ]);
});

test('a night that was killed goes on from what it had kept', async () => {
  const killed = new Error('killed');
  const kept: Night[] = [];
  const keep = async (night: Night): Promise<void> => {
    kept.push(night);
    return Promise.resolve();
  };
  await assert.rejects(nightOf({ keep, history: async () => Promise.reject(killed) }), killed);
  const last = kept.at(-1);
  assert.ok(last !== undefined);
  const again = await nightOf({}, last);
  assert.deepEqual([again.asked, again.night.exitCode], [['matrix', 'history with σ 0.03'], 0]);
});
