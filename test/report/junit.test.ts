import assert from 'node:assert/strict';
import { test } from 'node:test';
import { junitOfRun, junitXml } from '../../reports/junit.js';
import { runReport } from '../../harness/report/run-report.js';
import { frozen, frozenReport, REPORTED } from '../page/runs.js';

test('every case is a test: the unverified ones fail, with what was found', () => {
  const suite = junitOfRun(frozenReport('mixed'));
  assert.deepEqual(
    suite.cases.map(({ name, outcome }) => [name, outcome.kind]),
    [
      ['nation@0.01/parquet/stream', 'passed'],
      ['nation@0.01/parquet/direct', 'passed'],
      ['nation@0.01/loses-a-row/stream', 'failure'],
      ['nation@0.01/fails-in-markup/stream', 'failure'],
      ['nation@0.1/parquet/stream', 'passed'],
      ['nation@0.1/parquet/direct', 'passed'],
      ['nation@0.1/loses-a-row/stream', 'failure'],
      ['nation@0.1/fails-in-markup/stream', 'failure'],
    ],
  );
  const xml = junitXml([suite]);
  assert.ok(xml.includes('tests="8" failures="4" errors="0" skipped="0"'), xml.slice(0, 300));
  assert.ok(xml.includes('N rows by reading: expected 25, found 24'));
  assert.equal(
    xml.includes(
      'message="nation@0.1/fails-in-markup/stream (repetition 1) failed: in close: close of fails-in-markup failed: &lt;/script&gt;',
    ) || xml.includes('failed: &lt;/script>'),
    true,
  );
});

test('a case that was skipped or never run has not passed', () => {
  const { run, records } = frozen('mixed');
  const [first] = records.filter(({ case: one }) => one.id === 'nation@0.01/parquet/stream');
  assert.ok(first);
  const skipped = { ...first, verdict: { status: 'skipped', reason: 'no O_DIRECT here' } } as typeof first;
  const suite = junitOfRun(runReport(run, [skipped], REPORTED));
  assert.equal(suite.cases.length, 8);
  assert.deepEqual(suite.cases[0]?.outcome, {
    kind: 'skipped',
    text: 'nation@0.01/parquet/stream skipped: no O_DIRECT here',
  });
  assert.equal(suite.cases.filter(({ outcome }) => outcome.kind === 'skipped').length, 8);
  assert.ok(junitXml([suite]).includes('skipped="8"'));
});

test('a lie that was caught has passed, one that was verified fails', () => {
  const { run, records } = frozen('faults');
  const verified = records.find(({ verdict }) => verdict.status === 'verified')?.verdict;
  assert.ok(verified);
  const lie = 'orders@0.01/faulty-parquet/stream;fault=ack-only';
  const seen = junitOfRun(runReport(run, records, REPORTED)).cases.find(({ name }) => name === lie);
  assert.equal(seen?.outcome.kind, 'passed');
  const unseen = records.map((record) => (record.case.id === lie ? { ...record, verdict: verified } : record));
  const found = junitOfRun(runReport(run, unseen as typeof records, REPORTED)).cases.find(({ name }) => name === lie);
  assert.deepEqual(found?.outcome, {
    kind: 'failure',
    type: 'hole',
    message: `${lie} lies and was verified: the verifier does not see this fault.`,
    text: `${lie} lies and was verified: the verifier does not see this fault.`,
  });
});

test('what XML has no place for does not get into it', () => {
  const outcome = { kind: 'failure', type: 'failed', message: 'a\u0000b<&"\n]]>', text: 'c\u0001]]>d' } as const;
  const one = { name: 'x', group: 'y', seconds: 1.5, outcome };
  const xml = junitXml([{ name: 'z', startedAt: '2026-01-31T12:30:45.000Z', properties: [['k', 'v']], cases: [one] }]);
  assert.deepEqual(
    Array.from(xml).filter((letter) => letter < ' ' && letter !== '\n'),
    [],
  );
  assert.equal(xml.includes('<testcase name="x" classname="y" time="1.5">'), true);
});
