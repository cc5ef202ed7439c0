/** Commands that do not take the stream, write where they should not, print, or leave work behind: each is named, and harms no other case. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { PACKAGE_ROOT } from '../../harness/paths.js';
import type { Finding } from '../../harness/types.js';
import {
  casesOf,
  complaints,
  findingsOf,
  fired,
  freshFolder,
  recordOf,
  runCases,
  statuses,
  type RunDocument,
} from '../fixtures.js';

const COMMAND = path.join(PACKAGE_ROOT, 'test', 'bad-writers', 'command.mjs');
const HONEST = 'orders@0.01/parquet/stream';
/** orders is larger than a pipe, nation fits in it. */
const idOf = (mode: string, table = 'orders'): string =>
  `${table}@0.01/command/stream${mode === 'honest' ? '' : `;mode=${mode}`}`;
const IDS = [
  HONEST,
  ...['honest', 'print', 'ignore', 'pass-on', 'early', 'elsewhere', 'second-file', 'remove-folder', 'background'].map(
    (mode) => idOf(mode),
  ),
  idOf('ignore', 'nation'),
];

let run: RunDocument;

before(async () => {
  const folder = freshFolder();
  const command = `"${process.execPath}" "${COMMAND}" {target} {mode}`;
  const writers = [{ name: 'command', command, format: 'parquet', options: { mode: 'honest' } }];
  writeFileSync(path.join(folder, 'writeproof.config.json'), JSON.stringify({ writers }));
  run = await runCases(casesOf(IDS), folder);
});

function reasonOf(id: string): readonly [status: string, reason: string] {
  const { verdict } = recordOf(run.records, id);
  return [verdict.status, 'reason' in verdict ? verdict.reason : ''];
}

const textsOf = (id: string): readonly string[] =>
  findingsOf(recordOf(run.records, id)).map(
    ({ detector, what, expected, actual }: Finding) => `${detector} ${what}: expected ${expected}, found ${actual}`,
  );

test('an honest command is verified, and so is one that prints megabytes', () => {
  const records = [recordOf(run.records, idOf('honest')), recordOf(run.records, idOf('print'))];
  assert.deepEqual(statuses(records), ['verified', 'verified'], complaints(records));
  const said = records[1]?.writerSays as { readonly stdout: string; readonly stderr: string };
  assert.deepEqual(
    [said.stdout.length <= 4096, said.stderr.length <= 2048, said.stdout.length > 1000],
    [true, true, true],
  );
});

test('a command that never reads its stdin has failed, whether the stream fits in the pipe or not', () => {
  const [large, small] = [reasonOf(idOf('ignore')), reasonOf(idOf('ignore', 'nation'))];
  assert.deepEqual([large[0], small[0]], ['failed', 'failed']);
  assert.match(
    large[1],
    /^command `\S+` closed its stdin after \d+ batches \(\d+ rows\), before the end of the stream/,
  );
  assert.match(
    small[1],
    /^command `\S+` read none of the \d+ bytes of its stdin \(1 batches, 25 rows\) and exited with status 0/,
  );
});

test('a command whose stdin a process of it holds unread has failed once it has ended', () => {
  const [status, reason] = reasonOf(idOf('pass-on'));
  assert.equal(status, 'failed');
  assert.match(reason, /^command `\S+` read none of the \d+ bytes of its stdin .* and exited with status 0/);
});

test('a command that closes its stdin early has failed, and the rows that were sent are named', () => {
  const [status, reason] = reasonOf(idOf('early'));
  assert.equal(status, 'failed');
  assert.match(reason, /closed its stdin after \d+ batches \(\d+ rows\)|read \d+ of the \d+ bytes of its stdin/);
});

test('a file elsewhere and a second file are corrupt, and named', () => {
  const elsewhere = textsOf(idOf('elsewhere'));
  assert.ok(
    elsewhere.includes('F what lies at the target: expected a Parquet file, found nothing'),
    elsewhere.join('\n'),
  );
  assert.match(
    elsewhere.join('\n'),
    /^Z files beside the target orders\.parquet: expected none, found elsewhere\.parquet of \d+ bytes$/m,
  );
  const second = recordOf(run.records, idOf('second-file'));
  assert.deepEqual(fired(second), ['Z']);
  assert.match(textsOf(idOf('second-file')).join('\n'), /expected none, found orders\.parquet\.bak of \d+ bytes$/);
});

test('a command that removes the folder of its target has failed, and the run goes on', () => {
  const [status, reason] = reasonOf(idOf('remove-folder'));
  assert.equal(status, 'failed');
  assert.match(reason, /^looking at the files below \.: No such file or directory/);
});

test('a command that returns while a process of it goes on is corrupt, and the process was ended', () => {
  const found = textsOf(idOf('background'));
  assert.equal(found.length, 1, found.join('\n'));
  assert.match(
    found[0] ?? '',
    /^E end of the command: expected with the last of its processes, found command `\S+` left 1 process running; it was killed$/,
  );
});

test('the other case is verified, and the run ends with exit code 4', () => {
  assert.deepEqual(
    [recordOf(run.records, HONEST).verdict.status, run.code, run.records.length],
    ['verified', 4, IDS.length],
  );
});
