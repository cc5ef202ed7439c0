import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { after, test } from 'node:test';
import { PACKAGE_ROOT } from '../../harness/paths.js';
import type { Record as RunRecord } from '../../harness/types.js';
import { buildWriter } from '../writers/build.js';
import { held, workspace, writeproof } from './command.js';

const { folder, remove } = workspace();
after(remove);
const env = { ...process.env, WRITEPROOF_CACHE: path.join(folder, 'cache') };
const LIBRARY = buildWriter('counting_writer');

test('Ctrl-C ends the children, keeps the records, and --resume finishes', { timeout: 600_000 }, async () => {
  // The second writer hangs, so that there is something to interrupt; seed 1 puts it last.
  const cases = ['region@0.01/parquet/stream', 'region@0.01/counting_writer/stream;mode=hang'];
  const words = ['run', '--writer', LIBRARY, '--seed', '1', '--out', 'out', ...cases.flatMap((id) => ['--case', id])];
  const program = path.join(PACKAGE_ROOT, 'harness', 'cli', 'writeproof.mjs');
  const child = spawn(process.execPath, [program, ...words], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.includes('[1/2]')) setTimeout(() => child.kill('SIGINT'), 500);
  });
  await once(child, 'close');
  assert.equal(child.exitCode, 130);
  assert.match(said, /Interrupted after 1 of 2; go on with: writeproof run --resume out/);
  assert.deepEqual(held(path.join(folder, 'results', 'data')), []);

  const resume = ['run', '--resume', 'out', '--writer', LIBRARY, '--timeout', '5', '--json'];
  const resumed = await writeproof(folder, resume, env);
  const { results } = JSON.parse(resumed.stdout) as { readonly results: readonly RunRecord[] };
  assert.deepEqual(
    results.map((record) => [record.position, record.verdict.status]),
    [
      [1, 'verified'],
      [2, 'timeout'],
    ],
  );
  assert.equal(resumed.code, 4);
  const unknown = await writeproof(folder, ['run', '--resume', 'out'], env);
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /has cases of writer counting_writer, which is not registered/);
});
