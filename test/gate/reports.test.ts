import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GateLine, GateResult } from '../../harness/gate/types.js';
import { verdictOf } from '../../harness/gate/verdict.js';
import { gateAnnotations } from '../../reports/gate/annotations.js';
import { gateJunit } from '../../reports/gate/junit.js';
import { gateMarkdown } from '../../reports/gate/markdown.js';
import { gateDocument } from '../../harness/cli/gate-output.js';
import { departures } from '../records/schemas.js';
import { MACHINE } from '../run/fixtures.js';

const LINE: GateLine = {
  case: 'lineitem@0.1/parquet/stream',
  metric: 'time',
  verdict: 'pass',
  estimate: 1.002,
  interval: [0.98, 1.03],
  pairs: 20,
  mde: 0.04,
  tolerance: 0.05,
  decides: true,
  note: '',
};
const RED: GateLine = {
  ...LINE,
  case: 'orders@0.1/parquet/stream',
  verdict: 'regression',
  estimate: 1.1,
  note: 'confirmed by 20 fresh pairs',
};
const CORRUPT: GateLine = {
  ...LINE,
  case: 'a<b>&"c"',
  metric: 'integrity',
  verdict: 'unverified',
  estimate: null,
  interval: null,
  note: 'head: corrupt: 10 rows expected,\n0 found | 100 %',
};
const HINT: GateLine = { ...LINE, case: 'x', verdict: 'inconclusive', decides: false };
const BLIND: GateLine = {
  ...LINE,
  case: 'y',
  metric: 'instructions',
  verdict: 'not detectable',
  estimate: null,
  interval: null,
  mde: null,
  decides: false,
  note: 'valgrind is not on PATH',
};

const SIDE = {
  name: 'main',
  kind: 'ref',
  commit: 'a'.repeat(40),
  tree: 'b'.repeat(40),
  dirty: false,
  libraries: [],
} as const;

function resultOf(lines: readonly GateLine[]): GateResult {
  const gate = {
    id: '2026-01-31T12-30-45Z-gate',
    command: 'gate',
    suite: 'gate',
    startedAt: '2026-01-31T12:30:45.000Z',
    finishedAt: '2026-01-31T12:40:45.000Z',
    base: SIDE,
    head: { ...SIDE, name: 'working tree', kind: 'working tree', dirty: true },
    whole: false,
    tolerance: 0.05,
    seed: 7,
    machine: MACHINE,
    blocks: 20,
    dropped: [],
    plans: [
      { pool: 'parquet/stream', cases: [LINE.case], sigma: 0.08, pairs: 60, looks: [{ pairs: 12, alpha: 0.002 }] },
    ],
    notes: [],
    ...verdictOf(lines, 0.05, false),
  } as const;
  return { gate, lines };
}

const GREEN = resultOf([LINE, HINT, BLIND]);
const BAD = resultOf([LINE, RED, CORRUPT]);

test('the verdict is the worst line that decides, in the order of the exit codes', () => {
  const codes = [
    [LINE],
    [LINE, HINT],
    [LINE, { ...HINT, decides: true }],
    [LINE, RED],
    [LINE, RED, CORRUPT],
    [BLIND],
    [],
  ];
  assert.deepEqual(
    codes.map((lines) => verdictOf(lines, 0.05, false).exitCode),
    [0, 0, 3, 2, 4, 5, 5],
  );
  assert.equal(verdictOf([LINE], 0.05, true).exitCode, 130);
});

test('the document is that of its schema, and a file of it is the same', () => {
  assert.deepEqual(departures('writeproof.gate.v1', gateDocument(GREEN)), []);
  assert.deepEqual(departures('writeproof.gate.v1', gateDocument(BAD)), []);
  assert.notDeepEqual(departures('writeproof.gate.v1', gateDocument({ ...BAD, lines: [{ ...LINE, pairs: -1 }] })), []);
});

test('JUnit: a test a decision, failures where they block, and the verdict among them', () => {
  const green = gateJunit(GREEN);
  const bad = gateJunit(BAD);
  const counts = (text: string): readonly string[] =>
    /<testsuites tests="(\d+)" failures="(\d+)" errors="0" skipped="(\d+)">/.exec(text)?.slice(1) ?? [];
  assert.deepEqual(counts(green), ['4', '0', '2']);
  assert.deepEqual(counts(bad), ['4', '3', '0']);
  assert.match(bad, /<testcase name="a&lt;b>&amp;&quot;c&quot;" classname="integrity" time="0">/);
  assert.doesNotMatch(bad, /name="a<b>/);
});

test('annotations keep to one line each', () => {
  assert.deepEqual(
    gateAnnotations(GREEN)
      .split('\n')
      .map((text) => text.slice(0, 35)),
    ['::notice title=writeproof gate%3A p'],
  );
  const bad = gateAnnotations(BAD).split('\n');
  assert.equal(bad.length, 3);
  assert.deepEqual(
    bad.map((text) => /^::(error|warning|notice) title=/.exec(text)?.[1]),
    ['error', 'error', 'error'],
  );
  assert.match(bad[1] ?? '', /10 rows expected,%0A0 found \| 100 %25/);
});

test('Markdown says the verdict, then what blocks, and keeps tables whole', () => {
  const text = gateMarkdown(BAD);
  const lines = text.split('\n');
  assert.match(lines[0] ?? '', /integrity failure/);
  assert.match(lines[2] ?? '', /^Integrity failure: a<b>&"c" \(integrity\)/);
  assert.ok(
    lines.some((line) => line.includes('0 found \\| 100 %')),
    text,
  );
  assert.match(text, /with changes that no commit holds/);
  const columns = lines
    .filter((line) => line.startsWith('| '))
    .map((line) => line.replaceAll('\\|', '').split('|').length);
  assert.deepEqual([...new Set(columns)], [11]);
});
