/** Libraries and programs that somebody names on the command line, and files that stay. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Record as RunRecord, Run } from '../../harness/types.js';
import { departures } from '../records/schemas.js';
import { buildWriter } from '../writers/build.js';
import { workspace, writeproof } from './command.js';

const { folder, remove } = workspace();
after(remove);
const CACHE = { WRITEPROOF_CACHE: path.join(folder, 'cache') };

interface Document {
  readonly schema: string;
  readonly run: Run;
  readonly results: readonly RunRecord[];
}

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
