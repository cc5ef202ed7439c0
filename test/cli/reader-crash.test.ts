/** A reader that crashes over a file ends its own process, and no other. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { departures } from '../records/schemas.js';
import { write } from '../verify/fixture.js';
import { workspace, writeproof } from './command.js';

const { folder, remove } = workspace();
after(remove);
write(path.join(folder, 'a.parquet'), { nonce: null });

/** Loaded into every Node process below: that of the script ends as native code does that panics or runs out of memory. */
function crashing(script: string, how: string): object {
  const file = path.join(folder, `crash-${script}-${how}.mjs`);
  const crash = how === 'SIGABRT' ? 'process.abort()' : `process.kill(process.pid, '${how}')`;
  writeFileSync(file, `if (process.argv[1]?.endsWith('/verify/${script}.js')) ${crash};\n`);
  return { NODE_OPTIONS: `--import ${pathToFileURL(file).href}` };
}

const SAME = ['verify', 'a.parquet', '--same-as', 'a.parquet'];

test('verify: a crash of the reader is an integrity failure, in one sentence', async () => {
  for (const how of ['SIGABRT', 'SIGKILL', 'SIGSEGV']) {
    const { code, stdout, stderr } = await writeproof(folder, SAME, crashing('process', how));
    assert.deepEqual([code, stderr], [4, '']);
    const [sentence, letters, last, ...more] = stdout.trimEnd().split('\n');
    const expected = 'X reading in the verify process, which crashed on it: expected a report, found it was ended by ';
    assert.equal(sentence?.startsWith(`${expected}${how}`), true, sentence);
    assert.deepEqual([letters, last, more], ['X second, independent reader', 'corrupt: a.parquet', []]);
  }
});

test('verify --json: the document of a crash says that nothing was verified', async () => {
  const { code, stdout } = await writeproof(folder, [...SAME, '--json'], crashing('process', 'SIGKILL'));
  const document = JSON.parse(stdout) as { readonly results: readonly { readonly verified: boolean }[] };
  assert.deepEqual(departures('writeproof.verify.v1', document), []);
  assert.deepEqual([code, document.results.map(({ verified }) => verified)], [4, [false]]);
});

test('digest, --same-as and --table file: the crash is named with the file', async () => {
  const crash = crashing('contents-process', 'SIGABRT');
  const sentence =
    /^(facts of a\.parquet\n|preparing .*\n)*a\.parquet crashes the process that reads it: it was ended by SIGABRT/;
  const digest = await writeproof(folder, ['digest', 'a.parquet'], crash);
  const same = await writeproof(folder, SAME, crash);
  const run = await writeproof(folder, ['run', '--table', 'file:a.parquet'], crash);
  for (const { stderr } of [digest, same, run]) assert.match(stderr, sentence);
  assert.deepEqual([digest.code, same.code, run.code], [4, 1, 1]);
});

test('verify --timeout: it holds for the reading of the reference too', async () => {
  const file = path.join(folder, 'slow.mjs');
  const wait = 'await new Promise((resolve) => setTimeout(resolve, 60_000))';
  writeFileSync(file, `if (process.argv[1]?.endsWith('/verify/contents-process.js')) ${wait};\n`);
  const slow = { NODE_OPTIONS: `--import ${pathToFileURL(file).href}` };
  const { code, stderr } = await writeproof(folder, [...SAME, '--timeout', '1'], slow, 20_000);
  assert.equal(code, 1);
  assert.match(stderr, /^a\.parquet was not read: no report after 1 s/);
});
