import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { frozen } from '../page/runs.js';

const folder = mkdtempSync(path.join(tmpdir(), 'writeproof-report-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const COMMAND = fileURLToPath(new URL('../../../harness/cli/writeproof.mjs', import.meta.url));

function stored(name: 'mixed' | 'faults'): string {
  const { run, records } = frozen(name);
  const own = path.join(folder, name);
  mkdirSync(own);
  writeFileSync(path.join(own, 'run.json'), JSON.stringify(run));
  writeFileSync(path.join(own, 'records.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return run.id;
}

function report(...args: readonly string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'report', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

const [mixed, faults] = [stored('mixed'), stored('faults')];

test('a page goes below results/reports, and its name is printed', () => {
  const file = path.join('results', 'reports', mixed, `${mixed}.html`);
  assert.deepEqual(report('mixed'), { code: 0, stdout: `${file}\n`, stderr: '' });
  assert.ok(readFileSync(path.join(folder, file), 'utf8').startsWith('<!doctype html>'));
});

test('Markdown alone goes to stdout', () => {
  const { code, stdout } = report('mixed', '--to', 'md');
  assert.equal(code, 0);
  assert.ok(stdout.startsWith(`# ${mixed}\n\n8 cases: 4 verified, 2 corrupt, 2 failed.\n`));
});

test('all formats of several runs: one page and one JUnit file, Markdown and pictures of each', () => {
  const { code, stdout } = report('mixed', 'faults', '--to', 'html,png,md,junit', '--out', 'out');
  assert.equal(code, 0);
  const files = readdirSync(path.join(folder, 'out'));
  assert.deepEqual(stdout.trim().split('\n').sort(), files.map((file) => path.join('out', file)).sort());
  const others = files.filter((file) => !file.endsWith('.png'));
  const both = `${mixed}-and-1-more`;
  assert.deepEqual(others.sort(), [`${both}.html`, `${both}.junit.xml`, `${mixed}.md`, `${faults}.md`].sort());
  const pictures = files.filter((file) => file.endsWith('.png'));
  assert.deepEqual([pictures.length, pictures.includes(`${mixed}.throughput-nation-0-1.png`)], [20, true]);
});

test('a format that there is none of, and a run that there is none of, are named', () => {
  const format = report('mixed', '--to', 'html,pdf');
  assert.equal(format.code, 1);
  assert.ok(format.stderr.includes('"pdf"') && format.stderr.includes('junit'), format.stderr);
  const run = report('nothing-here');
  assert.deepEqual([run.code, run.stderr.startsWith('Unknown run "nothing-here"')], [1, true]);
});
