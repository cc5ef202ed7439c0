/** The mutation score from the command to its document: every fault over the native writers, streaming, and what must fail. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { SwitchedOff } from '../../harness/faults/detectors.js';
import type { FaultResult } from '../../harness/faults/results.js';
import { FAULTS } from '../../suites/faults/index.js';
import { writeproof, type Ended } from '../cli/command.js';
import { freshFolder, PATIENCE_MS } from '../fixtures.js';
import { departures } from '../records/schemas.js';

interface Document {
  readonly score: { readonly caught: number; readonly run: number; readonly skipped: number };
  readonly results: readonly FaultResult[];
  readonly detectors: readonly SwitchedOff[];
}

const TINY = fileURLToPath(new URL('tiny.js', import.meta.url));
const folder = freshFolder();

async function tiny(...argv: readonly string[]): Promise<Ended> {
  const options = { cwd: folder, env: { ...process.env, NO_COLOR: '1' }, timeout: PATIENCE_MS };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [TINY, 'faults', ...argv], options, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

let ended: Ended;
let document: Document;

before(async () => {
  ended = await writeproof(folder, ['faults', '--writer', 'parquet,arrow', '--variant', 'stream', '--json', '--quiet']);
  document = JSON.parse(ended.stdout) as Document;
});

test('every fault over Parquet and Arrow is caught by the detectors that must fire', () => {
  const wrong = document.results
    .filter(({ applies, reason }) => applies && reason === null)
    .filter(({ caught, silent, unexpected, control }) => {
      return caught !== true || silent.length > 0 || unexpected.length > 0 || control?.status !== 'verified';
    })
    .map(({ case: id, what, detectors }) => `${id ?? ''}: ${detectors.join('')} ${what}`);
  assert.deepEqual(wrong, []);
  assert.equal(ended.code, 0, ended.stderr);
  const { caught, run } = document.score;
  assert.deepEqual([caught, run > 100], [run, true]);
  const skips = document.results.filter(({ applies, caught: found }) => applies && found === null);
  assert.deepEqual(
    skips.filter(({ reason }) => reason?.includes('cachestat') !== true),
    [],
  );
  const faults = new Set(document.results.map(({ fault }) => fault));
  assert.equal(faults.size, FAULTS.filter(({ scan }) => scan === undefined).length);
});

test('the document follows its schema', () => {
  assert.deepEqual(departures('writeproof.faults.v1', document), []);
});

test('text and Markdown come from the run, and measure nothing again', async () => {
  const read = ['--writer', 'parquet,arrow', '--variant', 'stream', '--from', 'last'];
  const [text, marked] = await Promise.all([
    writeproof(folder, ['faults', ...read]),
    writeproof(folder, ['faults', ...read, '--to', 'md']),
  ]);
  assert.deepEqual([text.code, marked.code, text.stderr], [0, 0, '']);
  assert.match(text.stdout, /│ row-shuffle +│ apache\/arrow#26818 +│ O +│ 1\/1 OX +│ 1\/1 OX +│/);
  assert.match(
    text.stdout,
    /\nMutation score: (\d+) of \1 cases caught \(100 %\); \d+ cases without a fault verified\n$/,
  );
  assert.match(marked.stdout, /^# Writers that lie/);
  assert.match(marked.stdout, /\n\| stats-lie \| pola-rs\/polars#29321 \| P \| 1\/1 P \| – \|\n/);
});

test('a lie that is verified, and a detector that stays silent, fail the command', async () => {
  const { code, stdout } = await tiny(
    '--writer',
    'parquet',
    '--variant',
    'stream',
    '--quiet',
    '--fault',
    'slow-sleep,row-shuffle',
  );
  assert.equal(code, 4, stdout);
  assert.match(stdout, /fault=slow-sleep;share=1 lies and was verified: the verifier does not see this fault\./);
  assert.match(stdout, /fault=row-shuffle: expected N O, found O X; N stayed silent/);
  assert.match(stdout, /Mutation score: 1 of 2 cases caught \(50 %\); 2 cases without a fault verified; 2 holes\n$/);
});

test('a fault that had nothing to damage is an error of ours', async () => {
  const { code, stdout } = await tiny('--writer', 'parquet', '--variant', 'stream', '--quiet', '--fault', 'null-lost');
  assert.equal(code, 1, stdout);
  assert.match(stdout, /fault=null-lost: in close: .*fault changed nothing: null-lost: no column of numbers/);
  assert.match(stdout, /1\/1|0\/1 NOT TOLD/);
});

test('names are checked before anything runs', async () => {
  const { code, stderr } = await writeproof(folder, ['faults', '--fault', 'ack-onyl']);
  assert.deepEqual([code, stderr.includes('did you mean "ack-only"?')], [1, true], stderr);
});
