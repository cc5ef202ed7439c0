/** Input that cannot be run gets one sentence and nothing is written; what ends a run in its middle leaves what it had. */

import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { readMount } from '../harness/mounts.js';
import { PACKAGE_ROOT } from '../harness/paths.js';
import { interleave } from '../harness/plan/order.js';
import type { Case, Record as RunRecord } from '../harness/types.js';
import { held, writeproof } from './cli/command.js';
import {
  casesOf,
  complaints,
  freshFolder,
  misbehavingWriter,
  recordOf,
  runCases,
  start,
  statuses,
  until,
} from './fixtures.js';
import { departures } from './records/schemas.js';
import { buildWriter } from './writers/build.js';

const FOLDERS = { library: path.join(freshFolder(), 'folder.so'), module: path.join(freshFolder(), 'folder.mjs') };
for (const folder of Object.values(FOLDERS)) mkdirSync(folder);

/** What a slip is answered with; the exact words are cli/misuse.test.ts's affair. */
const SLIPS: readonly (readonly [slip: readonly string[], sentence: RegExp])[] = [
  [['--table', 'linitem'], /^Unknown table "linitem": .*"lineitem"/],
  [['--writer', 'parqet'], /^Unknown writer "parqet": .*"parquet"/],
  [['--format', 'parket'], /^Unknown format "parket": .*"parquet"/],
  [['--variant', 'zerocopy'], /^Unknown variant "zerocopy": .*"zero-copy"/],
  [['--suite', 'smok'], /^Unknown suite "smok": .*"smoke"/],
  [['--scale', '0'], /^--scale "0" is not a number above 0/],
  [['--scale=-1'], /^--scale "-1" is not a number above 0/],
  [['--scale', 'abc'], /^--scale "abc" is not a number above 0/],
  [['--part', '4/3'], /^--part "4\/3" is not a part I\/N/],
  [['--batch-rows', '0'], /^--batch-rows "0" is not a whole number of 1 or more/],
  [['--compression', 'zip'], /^Option compression of writer parquet cannot be "zip": expected none or snappy or zstd/],
  [['--option', 'colour=red'], /^Unknown option of writer parquet "colour": expected one of compression, /],
  [['--max-bytes', '1kB'], /^The plan may need [\d.]+ [kMG]B of disk, --max-bytes allows/],
  [['--scale', '1000000', '--table', 'lineitem'], /^The plan may need [\d.]+ GB of disk, .* GB free/],
  [['--writer', ''], /^A flag has an empty value: expected names, or no flag where all are meant\.$/],
  [['--writer', FOLDERS.library], /^Writer library .* is a folder: expected the path of a shared library/],
  [['--writer', FOLDERS.module], /^Writer module .* is a folder: expected the path of a JavaScript module/],
  [['--writer', './absent.so'], /^Writer library \.\/absent\.so does not exist/],
  [['--writer', buildWriter('wrong_abi')], /ABI version 99 of writeproof\.h; this engine speaks version 1: /],
  [['--writer', buildWriter('no_symbols')], /does not export `writeproof_abi_version`/],
];

for (const [slip, sentence] of SLIPS) {
  const words = slip.map((word) => (word.startsWith('/') ? path.basename(word) : word)).join(' ');
  test(`${words}: one sentence, exit code 1, and neither data, records nor cache are begun`, async () => {
    const folder = freshFolder();
    const places = ['--target', 'data', '--out', 'records'];
    const table = slip.includes('--table') || slip.includes('--suite') ? [] : ['--table', 'nation'];
    const cache = { WRITEPROOF_CACHE: path.join(folder, 'cache') };
    const { code, stdout, stderr } = await writeproof(folder, ['run', ...table, ...slip, ...places], cache);
    assert.match(stderr.trimEnd(), sentence);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    assert.deepEqual([code, stdout, held(folder)], [1, '', []]);
  });
}

test('a target that holds files is left as it is, unless --overwrite says otherwise', async () => {
  const folder = freshFolder();
  const data = path.join(folder, 'data');
  mkdirSync(data);
  writeFileSync(path.join(data, 'mine'), 'precious');
  const words = ['run', '--case', 'nation@0.01/parquet/stream', '--target', 'data', '--out', 'records', '--json'];
  const refused = await writeproof(folder, words);
  assert.match(refused.stderr, /^--target .*data holds 1 file, expected an empty folder: .*--overwrite\.\n$/);
  assert.deepEqual([refused.code, held(folder), held(data)], [1, ['data'], ['mine']]);
  const allowed = await writeproof(folder, [...words, '--overwrite']);
  const { results } = JSON.parse(allowed.stdout) as { readonly results: readonly RunRecord[] };
  assert.deepEqual([allowed.code, statuses(results)], [0, ['verified']]);
  assert.equal(readFileSync(path.join(data, 'mine'), 'utf8'), 'precious');
});

test('a target where nobody can write is refused', async (context) => {
  const folder = freshFolder();
  writeFileSync(path.join(folder, 'file'), '');
  const targets = [path.join('file', 'below'), '/proc/self/below'];
  if (process.getuid?.() === 0) {
    context.diagnostic('root may write below a read-only folder: that target is not tried');
  } else {
    mkdirSync(path.join(folder, 'locked'));
    chmodSync(path.join(folder, 'locked'), 0o555);
    targets.push(path.join('locked', 'below'));
  }
  for (const target of targets) {
    const before = held(folder);
    const { code, stderr, stdout } = await writeproof(folder, ['run', '--table', 'nation', '--target', target]);
    assert.match(stderr, /^--target .* (is a file, expected a folder|is not writable|cannot be made).*\n$/, target);
    assert.deepEqual([code, stdout, held(folder)], [1, '', before], target);
  }
});

const IN_MEMORY = '/dev/shm';
const noMemoryDisk =
  existsSync(IN_MEMORY) && readMount(IN_MEMORY)?.fileSystem === 'tmpfs' ? false : `${IN_MEMORY} is no tmpfs here`;

test(
  'direct on a disk in memory is skipped with the reason, and fails the run under --strict only',
  { skip: noMemoryDisk },
  async () => {
    const target = path.join(freshFolder(IN_MEMORY), 'data');
    const direct = 'nation@0.01/parquet/direct';
    const words = [...casesOf([direct, 'nation@0.01/parquet/zero-copy']), '--target', target];
    const [lenient, strict] = [await runCases(words), await runCases([...words, '--strict'])];
    for (const { records } of [lenient, strict]) {
      const { verdict, files, crossed } = recordOf(records, direct);
      assert.equal(verdict.status, 'skipped');
      assert.match('reason' in verdict ? verdict.reason : '', /^the target's file system \(tmpfs\) has no O_DIRECT: /);
      assert.deepEqual([files, crossed], [[], null]);
      assert.equal(recordOf(records, 'nation@0.01/parquet/zero-copy').verdict.status, 'verified');
    }
    assert.deepEqual([lenient.code, strict.code], [0, 3]);
    const alone = await runCases(['--case', direct, '--target', target]);
    assert.deepEqual([alone.code, statuses(alone.records)], [5, ['skipped']]);
  },
);

/** A shell in which `disk` is a file system in memory of 16 MiB, seen by nobody else. Needs no root where user namespaces are allowed. */
const UNSHARE = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c'] as const;
const SMALL_DISK = 'mount -t tmpfs -o size=16m small disk';
function whyNoSmallDisk(): string | false {
  const folder = freshFolder();
  mkdirSync(path.join(folder, 'disk'));
  const [program, ...words] = [...UNSHARE, SMALL_DISK];
  const { status, stderr, error } = spawnSync(program, words, { cwd: folder, encoding: 'utf8' });
  return status === 0 ? false : `no disk of 16 MiB can be made here: ${(error?.message ?? stderr).trim()}`;
}

test(
  'a disk that fills up fails the case with errno and offset, and no partial file stays',
  { skip: whyNoSmallDisk() },
  async () => {
    const folder = freshFolder();
    mkdirSync(path.join(folder, 'disk'));
    // The plan fits when it is checked; then somebody else fills the disk but for a little.
    const filler = 'sh -c "cat > /dev/null; head -c 15800000 /dev/zero > $1/../../filler" sh {dir}';
    const ids = ['nation@0.01/sh/stream', 'lineitem@0.01/parquet/stream'] as const;
    const seed = [0, 1, 2, 3, 4, 5, 6, 7].find(
      (candidate) =>
        interleave(
          ids.map((id) => ({ id }) as Case),
          1,
          candidate,
        )[0]?.case.id === ids[0],
    );
    const words = [
      'run',
      '--writer',
      filler,
      ...casesOf(ids),
      '--seed',
      String(seed),
      '--target',
      'disk/data',
      '--out',
      'records',
    ];
    const program = path.join(PACKAGE_ROOT, 'harness', 'cli', 'writeproof.mjs');
    const script = `${SMALL_DISK} && { "$@"; echo "code $?"; find disk -type f; }`;
    const [command, ...rest] = [...UNSHARE, script, 'sh', process.execPath, program, ...words];
    const { stdout } = await promisify(execFile)(command, rest, { cwd: folder });
    const lines = stdout.trimEnd().split('\n');
    assert.deepEqual(lines.slice(-2), ['code 4', 'disk/filler'], stdout);
    const records = readFileSync(path.join(folder, 'records', 'records.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    const { verdict } = recordOf(
      records.map((line) => JSON.parse(line) as RunRecord),
      ids[1],
    );
    assert.ok(verdict.status === 'failed', JSON.stringify(verdict));
    assert.deepEqual([verdict.errno, verdict.errnoName], [28, 'ENOSPC']);
    assert.match(verdict.reason, /lineitem\.parquet: pwrite failed at byte [1-9]\d*: No space left/);
  },
);

/** Eight runs of a worker. */
const LONG = ['run', ...casesOf(['lineitem@0.01/parquet/stream', 'lineitem@0.01/parquet/zero-copy']), '--repeat', '4'];

test('Ctrl-C in the middle keeps the records, ends the children, and --resume finishes', async () => {
  const folder = freshFolder();
  const running = start(folder, [...LONG, '--target', 'data', '--out', 'records']);
  await until('the second record', () => running.stderr().includes('[2/8]'));
  running.signal('SIGINT');
  const { code } = await running.ended;
  assert.deepEqual(running.processes(), []);
  assert.equal(code, 130);
  assert.match(running.stderr(), /Interrupted after \d+ of 8; go on with: writeproof run --resume records\n$/);
  const lines = readFileSync(path.join(folder, 'records', 'records.jsonl'), 'utf8').split('\n');
  assert.equal(lines.pop(), '');
  assert.equal(lines.length >= 2 && lines.length < 8, true, `${lines.length} records`);
  assert.equal(existsSync(path.join(folder, 'data')), false);

  const resumed = await writeproof(folder, ['run', '--resume', 'records', '--json']);
  const document = JSON.parse(resumed.stdout) as { readonly results: readonly RunRecord[] };
  const { results } = document;
  assert.deepEqual([resumed.code, departures('writeproof.records.v1', document)], [0, []], complaints(results));
  assert.deepEqual(
    results.map((record) => record.position),
    Array.from({ length: 8 }, (_, index) => index + 1),
  );
  // What was recorded before is kept as it was.
  assert.deepEqual(
    results.slice(0, lines.length).map((record) => JSON.stringify(record)),
    lines,
  );
  assert.equal(
    statuses(results).every((status) => status === 'verified'),
    true,
    complaints(results),
  );
});

test('Ctrl-C while a worker hangs ends it at once and records nothing of it', async () => {
  const folder = freshFolder();
  mkdirSync(path.join(folder, 'data'));
  const id = 'nation@0.01/misbehaving/stream;mode=hang';
  const words = ['run', '--writer', misbehavingWriter(), '--case', id, '--target', 'data', '--out', 'records'];
  const running = start(folder, words);
  await until('the worker', () => running.processes().some((line) => line.includes('writeproof-worker write')));
  running.signal('SIGINT');
  const { code } = await running.ended;
  assert.deepEqual([code, running.processes(), readdirSync(path.join(folder, 'data'))], [130, [], []]);
  assert.deepEqual(held(path.join(folder, 'records')), ['run.json']);
  assert.match(running.stderr(), /Interrupted after 0 of 1; /);
});

test('a damaged records file is refused by the number of its line; a last line cut off is run again', async () => {
  const { out } = await runCases(['--case', 'nation@0.01/parquet/stream', '--repeat', '3']);
  const folder = path.dirname(out);
  const file = path.join(out, 'records.jsonl');
  const whole = readFileSync(file, 'utf8');
  const lines = whole.trimEnd().split('\n');
  assert.equal(lines.length, 3);

  writeFileSync(file, [lines[0], lines[1]?.slice(0, 100), lines[2], ''].join('\n'));
  for (const words of [
    ['show', out],
    ['report', out],
    ['run', '--resume', out],
  ]) {
    const { code, stdout, stderr } = await writeproof(folder, words);
    assert.match(stderr, /^records\.jsonl is damaged in line 2: .*\n$/, words[0]);
    assert.deepEqual([code, stdout, held(folder)], [1, '', ['run']], words[0]);
  }

  writeFileSync(file, whole.slice(0, -100));
  const shown = await writeproof(folder, ['show', out]);
  assert.deepEqual([shown.code, shown.stderr], [0, 'Line 3 of records.jsonl is cut off and not shown.\n']);
  const resumed = await writeproof(folder, ['run', '--resume', out, '--json']);
  assert.match(resumed.stderr, /^Line 3 of records\.jsonl was cut off when the run ended; its case is run again\.\n/);
  const { results } = JSON.parse(resumed.stdout) as { readonly results: readonly RunRecord[] };
  assert.deepEqual([resumed.code, statuses(results)], [0, ['verified', 'verified', 'verified']]);
  const stored = readFileSync(file, 'utf8').split('\n');
  assert.deepEqual(stored.slice(0, 2), lines.slice(0, 2));
  const again = await writeproof(folder, ['show', out, '--json']);
  assert.deepEqual([again.code, again.stderr], [0, '']);
  assert.deepEqual((JSON.parse(again.stdout) as { readonly results: unknown }).results, results);
});
