/** What must not be after a kill, an injected failure, a power cut and a limit: each rule, without a worker. */

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { remainsOf, type Remains } from '../../harness/crash/attempt.js';
import { INJECTIONS, wrongAfterInjection, type Injection, type Suffered } from '../../harness/crash/calls.js';
import { wrongAfterKill } from '../../harness/crash/kills.js';
import { wrongUnderLimit } from '../../harness/crash/limits.js';
import type { WorkerStep } from '../../harness/crash/phases.js';
import { wrongAfterCut } from '../../harness/crash/power.js';
import { exitCodeOfCrash, skippedResult, tally, type CrashResult } from '../../harness/crash/results.js';
import { spreadOf } from '../../harness/crash/spread.js';
import type { Facts, Finding, Verdict } from '../../harness/types.js';
import { isHint } from '../../suites/crash.js';
import { freshFolder } from '../fixtures.js';
import { FACTS, VERIFIED } from '../run/fixtures.js';

const WHOLE: Remains = { is: 'new whole' };
const NONE: Remains = { is: 'no dataset' };
const ROWS: Finding = { detector: 'N', what: 'rows by reading', expected: '1000', actual: '400' };
const HALF: Remains = { is: 'half, refused', findings: [ROWS] };
const previous = (version: number): Remains => ({ is: 'previous version whole', version });
const after = (step: WorkerStep, flushes: number, remains: Remains, versions = 0): string | null =>
  wrongAfterKill({ step, flushes }, remains, versions);

test('half a file after a kill is refused, and none or all of it may be there', () => {
  assert.deepEqual(
    [after('write', 0, HALF), after('create', 0, NONE), after('close', 0, WHOLE), after('sync', 0, WHOLE)],
    [null, null, null, null],
  );
});

test('a verifier that passes what cannot be whole yet is found out', () => {
  assert.match(after('create', 0, WHOLE) ?? '', /^killed in create after 0 flushes, before the writer had all rows/);
  assert.match(after('write', 0, WHOLE) ?? '', /verified as whole$/);
  assert.match(after('flush', 2, WHOLE, 3) ?? '', /verified as whole$/);
});

test('what was durable before the kill must be there', () => {
  assert.equal(after('durable', 0, HALF), 'killed in durable after 0 flushes, when all was durable: half, refused');
  assert.equal(after('durable', 0, WHOLE), null);
});

test('a dataset of versions keeps the last one that a flush returned for, or has the next', () => {
  assert.deepEqual(
    [previous(2), previous(3)].map((remains) => after('write', 2, remains, 3)),
    [null, null],
  );
  assert.match(after('write', 2, previous(1), 3) ?? '', /version 1 stands, expected 2 or the one after it$/);
  assert.match(after('flush', 1, NONE, 3) ?? '', /version 0 stands, expected 1/);
  assert.match(
    after('flush', 1, HALF, 3) ?? '',
    /its latest version is refused: rows by reading, expected 1000, found 400$/,
  );
  assert.equal(after('flush', 0, NONE, 3), null);
});

const failed = (errno: number | null, errnoName: string | null): Verdict => ({
  status: 'failed',
  step: 'write',
  errno,
  errnoName,
  reason: 'writing',
});
const injectionOf = (name: string): Injection => {
  const found = INJECTIONS.find((one) => one.name === name);
  assert.ok(found !== undefined, name);
  return found;
};
const FULL = injectionOf('ENOSPC at write');
const sufferedOf = (verdict: Verdict, own: Partial<Suffered> = {}): Suffered => ({
  verdict,
  left: [],
  hits: ['case/orders.parquet'],
  ...own,
});
const injected = (suffered: Suffered, injection = FULL): string | null =>
  wrongAfterInjection(injection, suffered, isHint);

test('a writer that meets an error fails with its errno, and leaves nothing', () => {
  assert.equal(injected(sufferedOf(failed(28, 'ENOSPC'))), null);
  assert.equal(injected(sufferedOf(failed(null, null))), null);
  assert.match(injected(sufferedOf(failed(5, 'EIO'))) ?? '', /^failed with EIO, injected was errno 28: writing$/);
  assert.equal(
    injected(sufferedOf(failed(28, 'ENOSPC'), { left: ['orders.parquet'] })),
    'failed, and left orders.parquet',
  );
});

test('a writer that overlooks an error is wrong, whatever became of its data', () => {
  assert.match(injected(sufferedOf(VERIFIED)) ?? '', /^verified, although a call on case\/orders\.parquet failed$/);
  const corrupt: Verdict = { status: 'corrupt', findings: [ROWS], refused: null };
  assert.match(
    injected(sufferedOf(corrupt)) ?? '',
    /^corrupt: rows by reading, expected 1000, found 400, expected failed/,
  );
});

test('short writes may be healed, and hints left out', () => {
  assert.equal(injected(sufferedOf(VERIFIED), injectionOf('short write')), null);
  const hint = 'case/orders.lance/_versions/latest_version_hint.json';
  assert.equal(injected(sufferedOf(VERIFIED, { hits: [hint] })), null);
  assert.match(
    injected(sufferedOf(VERIFIED, { hits: [hint, 'case/orders.lance/_versions/1.manifest'] })) ?? '',
    /1\.manifest failed$/,
  );
});

test('an injection that hit nothing proves nothing, and spoils nothing', () => {
  assert.equal(injected(sufferedOf(VERIFIED, { hits: [] })), null);
  assert.match(
    injected(sufferedOf(failed(28, 'ENOSPC'), { hits: [] })) ?? '',
    /^nothing was injected, and it is failed/,
  );
});

test('what was said to be durable is there after a power cut, else detector K says so', () => {
  assert.equal(wrongAfterCut({ saidDurable: true, remains: WHOLE }), null);
  assert.match(
    wrongAfterCut({ saidDurable: true, remains: NONE }) ?? '',
    /^detector K: durable, it said, .*: no dataset$/,
  );
  assert.match(
    wrongAfterCut({ saidDurable: true, remains: HALF }) ?? '',
    /^detector K: .*: half, refused: rows by reading/,
  );
  assert.deepEqual(
    [NONE, HALF, WHOLE].map((remains) => wrongAfterCut({ saidDurable: false, remains })),
    [null, null, null],
  );
});

test('under a limit nothing is verified that had not enough', () => {
  const own = { left: [], saysLeft: false };
  assert.equal(wrongUnderLimit({ verdict: failed(27, 'EFBIG'), ...own }, ['EFBIG'], false), null);
  assert.match(
    wrongUnderLimit({ verdict: failed(5, 'EIO'), ...own }, ['EFBIG'], false) ?? '',
    /expected EFBIG: writing$/,
  );
  assert.equal(
    wrongUnderLimit({ verdict: VERIFIED, ...own }, ['EFBIG'], false),
    'verified, although it had not enough',
  );
  assert.equal(wrongUnderLimit({ verdict: VERIFIED, ...own }, ['EMFILE'], true), null);
  assert.equal(
    wrongUnderLimit({ verdict: failed(24, 'EMFILE'), left: ['a'], saysLeft: false }, ['EMFILE'], true),
    'failed, and left a',
  );
});

const factsOf = (rows: number): Facts => ({ ...FACTS, rows });
const VERSIONS = [factsOf(300), factsOf(600)];

/** What is left, as a verifier sees it that is content with so many rows and reads so many. */
async function left(folder: string, format: 'parquet' | 'lance', reads: number, content: number): Promise<Remains> {
  return remainsOf(path.join(folder, 'target'), format, factsOf(1000), VERSIONS, async (facts) =>
    Promise.resolve(facts.rows === content ? [] : [{ ...ROWS, expected: String(facts.rows), actual: String(reads) }]),
  );
}

test('what is left is told by the verifier: nothing, an older version, all, or what it refuses', async () => {
  const [none, file, dataset] = [freshFolder(), freshFolder(), freshFolder()];
  writeFileSync(path.join(file, 'target'), 'PAR1');
  const versions = path.join(dataset, 'target', '_versions');
  mkdirSync(versions, { recursive: true });
  const noManifest = await left(dataset, 'lance', 0, -1);
  writeFileSync(path.join(versions, '1.manifest'), '');
  assert.deepEqual(
    [
      await left(none, 'parquet', 0, 1000),
      await left(file, 'parquet', 1000, 1000),
      await left(dataset, 'lance', 600, 600),
      noManifest,
    ],
    [NONE, WHOLE, previous(2), NONE],
  );
  // As many rows as an older version has, and not its rows.
  assert.equal((await left(dataset, 'lance', 600, -1)).is, 'half, refused');
  assert.equal((await left(file, 'parquet', 400, -1)).is, 'half, refused');
});

test('every call is tried where they are few, and the first and last always', () => {
  assert.deepEqual(spreadOf(3), [1, 2, 3]);
  assert.deepEqual(spreadOf(0), []);
  assert.deepEqual(spreadOf(1000).slice(48), [49, 50, 145, 240, 335, 430, 525, 620, 715, 810, 905, 1000]);
  assert.deepEqual(spreadOf(1000, 2), [1, 1000]);
  assert.deepEqual(spreadOf(31, 3), [1, 16, 31]);
});

test('what must not be ends with 4, too few kills with 3, nothing tried with 5', () => {
  const kills = tally([{ outcome: 'new whole', wrong: null }]);
  const good: CrashResult = { ...skippedResult('kills', 'w', 'c', 'write', ''), ...kills, skipped: null };
  const wrong: CrashResult = { ...good, wrong: ['half'] };
  const few: CrashResult = { ...good, inconclusive: 'few' };
  const skipped = skippedResult('calls', 'w', 'c', 'failing calls', 'no FUSE');
  assert.deepEqual(
    [[good], [good, skipped], [few, wrong], [few, good], [skipped], []].map(exitCodeOfCrash),
    [0, 0, 4, 3, 5, 5],
  );
});
