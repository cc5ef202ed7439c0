/** The verify process from outside: what it reports, and what becomes of its crash and its silence. */

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { Misuse } from '../../harness/misuse.js';
import { ALLOWANCES } from '../../harness/verify/allowances.js';
import { verifyTarget, type Unobserved } from '../../harness/verify/verify.js';
import type { Observation } from '../../harness/types.js';
import { facts, ROWS, scene, write } from './fixture.js';

const TIMEOUT_SECONDS = 120;

async function withScript(source: string, timeoutSeconds: number): Promise<Observation | Unobserved> {
  return scene(async ({ directory, target, job }) => {
    write(target);
    const made = await job();
    const script = path.join(path.dirname(directory), 'process.mjs');
    await writeFile(script, source);
    return verifyTarget(made, { timeoutSeconds, script });
  });
}

test('an honest file is observed by a process of its own', async () => {
  const observation = await scene(async ({ target, job }) => {
    write(target);
    return verifyTarget(await job(), { timeoutSeconds: TIMEOUT_SECONDS });
  });
  assert.ok('findings' in observation);
  assert.deepEqual(observation.findings, []);
  assert.equal(observation.rows, ROWS);
});

test('a process that crashes, exits, babbles or hangs is a value', async () => {
  const crashed = await withScript(
    "process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1000);",
    TIMEOUT_SECONDS,
  );
  const exited = await withScript("process.stderr.write('out of paper\\n'); process.exitCode = 9;", TIMEOUT_SECONDS);
  const babbled = await withScript("process.stdout.write('all is well');", TIMEOUT_SECONDS);
  const hung = await withScript('setInterval(() => {}, 1000);', 1);
  assert.deepEqual(crashed, { crashed: 'it was ended by SIGSEGV', byFile: true });
  assert.deepEqual(exited, { crashed: 'it ended with exit code 9: out of paper', byFile: true });
  assert.ok('crashed' in babbled);
  assert.match(babbled.crashed, /^its report is not JSON: /);
  assert.deepEqual(hung, { crashed: 'no report after 1 s, its process group was ended', byFile: false });
});

test('facts of zero rows, and of a table that raw bytes do not hold, cannot be judged', async () => {
  const expected = (pattern: RegExp) => (error: unknown) => error instanceof Misuse && pattern.test(error.message);
  await scene(async ({ target, job }) => {
    write(target);
    const none = await job({ facts: { ...facts(), rows: 0 } });
    const raw = await job({ format: 'raw' });
    await assert.rejects(verifyTarget(none, { timeoutSeconds: TIMEOUT_SECONDS }), expected(/hold no rows/));
    await assert.rejects(
      verifyTarget(raw, { timeoutSeconds: TIMEOUT_SECONDS }),
      expected(/is not one column of binary/),
    );
  });
});

test('the list of what readers cannot carry has four entries', () => {
  assert.equal(ALLOWANCES.length, 4);
});
