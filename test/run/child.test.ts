import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runChild } from '../../harness/run/child.js';

const LONG = { timeoutSeconds: 60 };
const shell = (script: string): [string, ...string[]] => ['sh', '-c', script];
const nothing = (): string => '';

test('input, output, exit code and time of a child', async () => {
  const end = await runChild(shell('cat; echo said >&2; exit 3'), (spawnedAtNs) => `at ${typeof spawnedAtNs}`, LONG);
  assert.deepEqual(
    { stdout: end.stdout, stderr: end.stderr, exitCode: end.exitCode, signal: end.signal, timedOut: end.timedOut },
    { stdout: 'at number', stderr: 'said\n', exitCode: 3, signal: null, timedOut: false },
  );
  assert.equal(end.wallNs > 0, true);
});

test('a child that ends by a signal, and one that cannot start', async () => {
  const killed = await runChild(shell('kill -SEGV $$'), nothing, LONG);
  assert.deepEqual([killed.exitCode, killed.signal], [null, 'SIGSEGV']);
  const missing = await runChild(['/nonexistent/program'], nothing, LONG);
  assert.match(missing.spawnError ?? '', /ENOENT/);
});

test('a child that never reads a large job is judged by its exit', async () => {
  const end = await runChild(shell('exit 0'), () => 'x'.repeat(4e6), LONG);
  assert.equal(end.exitCode, 0);
});

test('a timeout ends the whole group, also one that ignores SIGTERM', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'writeproof-child-'));
  const file = path.join(folder, 'pids');
  const script = `trap '' TERM; (trap '' TERM; echo $$ >> ${file}; while :; do sleep 1; done) & echo $! >> ${file}; while :; do sleep 1; done`;
  const end = await runChild(shell(script), nothing, { timeoutSeconds: 1 });
  assert.deepEqual([end.timedOut, end.signal], [true, 'SIGKILL']);
  await sleep(200);
  const pids = readFileSync(file, 'utf8').trim().split('\n');
  assert.equal(pids.length, 2);
  const state = (pid: string): string => {
    const stat = `/proc/${pid}/stat`;
    return existsSync(stat) ? (readFileSync(stat, 'utf8').split(') ')[1]?.[0] ?? '') : 'gone';
  };
  // A zombie that nobody has waited for yet runs no more.
  assert.deepEqual(
    pids.map(state).filter((letter) => letter !== 'gone' && letter !== 'Z'),
    [],
  );
  rmSync(folder, { recursive: true });
});

test('an interruption ends the child at once', async () => {
  const controller = new AbortController();
  const running = runChild(shell('sleep 600'), nothing, { timeoutSeconds: 600, signal: controller.signal });
  setTimeout(() => {
    controller.abort();
  }, 100);
  const end = await running;
  assert.deepEqual([end.aborted, end.signal, end.timedOut], [true, 'SIGKILL', false]);
});

test('a process that outlives its leader does not keep us waiting, and is ended when asked', async () => {
  const end = await runChild(shell('sleep 600 & echo $!'), nothing, LONG);
  const pid = end.stdout.trim();
  assert.equal(end.exitCode, 0);
  assert.equal(existsSync(`/proc/${pid}`), true);
  end.endLeftovers();
  await sleep(200);
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ') Z';
  assert.match(stat, /\) Z/);
});

test('a flood is bounded: the start of stdout and the end of stderr are kept', async () => {
  const script = 'i=0; while [ $i -lt 40000 ]; do echo line$i; echo line$i >&2; i=$((i+1)); done';
  const end = await runChild(shell(script), nothing, { ...LONG, stdoutLimitBytes: 100 });
  assert.equal(end.stdout.length, 100);
  assert.equal(end.stdout.startsWith('line0\nline1\n'), true);
  assert.equal(end.stderr.length, 65_536);
  assert.equal(end.stderr.endsWith('line39999\n'), true);
});
