/** A writer that misbehaves ends as what it did, and the rest of the run goes on. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Record as RunRecord, Run } from '../../harness/types.js';
import { departures } from '../records/schemas.js';
import { buildWriter } from '../writers/build.js';
import { held, workspace, writeproof } from './command.js';

const { folder, remove } = workspace();
after(remove);
const CACHE = { WRITEPROOF_CACHE: path.join(folder, 'cache') };
const LIBRARY = buildWriter('counting_writer');
const MODES = ['fail-create', 'fail-write', 'fail-close', 'exit', 'abort', 'hang', 'silent'];
const CASES = [
  ...MODES.map((mode) => `region@0.01/counting_writer/stream;mode=${mode}`),
  'region@0.01/parquet/stream',
  'nation@0.01/parquet/direct',
];

interface Document {
  readonly schema: string;
  readonly run: Run;
  readonly results: readonly RunRecord[];
}

/** What of a verdict says how it went. */
function brief({ verdict }: RunRecord): readonly unknown[] {
  switch (verdict.status) {
    case 'failed':
      return [verdict.status, verdict.step, verdict.errnoName];
    case 'crashed':
      return [verdict.status, verdict.signal, verdict.exitCode];
    case 'timeout':
      return [verdict.status, verdict.afterSeconds];
    case 'corrupt':
      return [verdict.status, verdict.findings.some((finding) => finding.detector === 'Z')];
    case 'verified':
      return [verdict.status, verdict.rows, verdict.readers.map((reader) => reader.reader)];
    case 'skipped':
      return [verdict.status];
  }
}

test('crashing, failing, hanging and silent writers beside correct ones', { timeout: 600_000 }, async () => {
  const words = ['run', '--writer', LIBRARY, '--timeout', '10', '--json', ...CASES.flatMap((id) => ['--case', id])];
  const { code, stdout, stderr } = await writeproof(folder, words, CACHE);
  const document = JSON.parse(stdout) as Document;
  const results = CASES.map((id) => document.results.filter((record) => record.case.id === id).map(brief));
  assert.deepEqual(results, [
    [['failed', 'create', 'EACCES']],
    [['failed', 'write', 'ENOSPC']],
    [['failed', 'close', 'EIO']],
    [['crashed', null, 3]],
    [['crashed', 'SIGABRT', null]],
    [['timeout', 10]],
    [['corrupt', true]],
    [['verified', 5, ['duckdb', 'hyparquet']]],
    [['verified', 25, ['duckdb', 'hyparquet']]],
  ]);
  assert.equal(code, 4);
  assert.equal(
    stderr
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('[')).length,
    CASES.length,
  );
  assert.deepEqual(departures('writeproof.records.v1', document), []);
  assert.deepEqual(held(path.join(folder, 'results', 'data')), []);
  assert.equal(document.run.order.length, CASES.length);
});

test('a library that is none, lacks symbols or speaks another version is refused with what it lacks', async () => {
  const refusal = async (name: string): Promise<readonly unknown[]> => {
    const { code, stderr } = await writeproof(
      folder,
      ['run', '--table', 'region', '--writer', buildWriter(name)],
      CACHE,
    );
    return [code, /writeproof_\w+|ABI version \d+/.exec(stderr)?.[0]];
  };
  assert.deepEqual(await refusal('no_symbols'), [1, 'writeproof_abi_version']);
  assert.deepEqual(await refusal('wrong_abi'), [1, 'ABI version 99']);
});

test(
  'a program that writes nothing, and one that writes something else, are corrupt',
  { timeout: 600_000 },
  async () => {
    const run = async (script: string): Promise<readonly unknown[]> => {
      const words = ['run', '--table', 'region', '--scale', '0.01', '--writer', `sh -c '${script}' {target}`, '--json'];
      const { code, stdout } = await writeproof(folder, words, CACHE);
      const { results } = JSON.parse(stdout) as Document;
      return [code, results.length, results[0]?.verdict.status];
    };
    assert.deepEqual(await run('cat > /dev/null'), [4, 1, 'corrupt']);
    assert.deepEqual(await run('cat > "$0"'), [4, 1, 'corrupt']);
    assert.deepEqual(await run('cat > /dev/null; exit 7'), [4, 1, 'failed']);
  },
);

test('what is kept is verified again, and its digest is that of the facts', { timeout: 600_000 }, async () => {
  const target = path.join(folder, 'kept');
  const words = ['run', '--case', 'region@0.01/parquet/zero-copy', '--keep', '--target', target, '--json'];
  const { code, stdout } = await writeproof(folder, words, CACHE);
  const [record] = (JSON.parse(stdout) as Document).results;
  const file = path.join(target, record?.kept ?? '', 'region.parquet');
  const right = await writeproof(folder, ['verify', file, '--table', 'region', '--scale', '0.01', '--json'], CACHE);
  const wrong = await writeproof(folder, ['verify', file, '--table', 'nation', '--scale', '0.01', '--json'], CACHE);
  const same = await writeproof(folder, ['verify', file, '--same-as', file], CACHE);
  const digest = await writeproof(folder, ['digest', file, '--json'], CACHE);
  assert.deepEqual([code, right.code, wrong.code, same.code, digest.code], [0, 0, 4, 0, 0]);
  assert.deepEqual(departures('writeproof.verify.v1', JSON.parse(right.stdout)), []);
  assert.deepEqual(departures('writeproof.verify.v1', JSON.parse(wrong.stdout)), []);
  assert.deepEqual(departures('writeproof.digest.v1', JSON.parse(digest.stdout)), []);
  const [found] = (JSON.parse(digest.stdout) as { results: { digest: { multiset: string } }[] }).results;
  assert.equal(found?.digest.multiset, record?.verdict.status === 'verified' ? record.verdict.digest.multiset : null);
  const again = await writeproof(folder, ['show', 'last', '--json']);
  assert.deepEqual(departures('writeproof.records.v1', JSON.parse(again.stdout)), []);
});
