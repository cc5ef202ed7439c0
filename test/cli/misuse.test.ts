import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { held, workspace, writeproof } from './command.js';

const { folder, remove } = workspace();
after(remove);
mkdirSync(path.join(folder, 'full'));
writeFileSync(path.join(folder, 'full', 'file'), 'x');

/** Arguments and the start of the one sentence that they get. */
const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['run --suite quik', /^Unknown suite "quik": .*did you mean "quick"\?$/],
  ['run --table linitem', /^Unknown table "linitem": .*did you mean "lineitem"\?$/],
  ['run --table part --writer parqet', /^Unknown writer "parqet": .*did you mean "parquet" or "parquet-wasm"\?$/],
  ['run --table part --format parket', /^Unknown format "parket": .*did you mean "parquet"\?$/],
  ['run --table part --variant strem', /^Unknown variant "strem": .*did you mean "stream"\?$/],
  ['run --table part --scale 0', /^--scale "0" is not a number above 0/],
  ['run --table part --scale big', /^--scale "big" is not a number above 0/],
  ['run --table part --scale=-1', /^--scale "-1" is not a number above 0/],
  ['run --table part --part 3/2', /^--part "3\/2" is not a part I\/N/],
  ['run --table part --parts 0', /^--parts "0" is not a whole number from 1 to 64/],
  ['run --table part --part 1/2 --parts 2', /^--part 1\/2 is one part by one worker, --parts 2 all parts/],
  ['run --table part --batch-rows 0', /^--batch-rows "0" is not a whole number of 1 or more/],
  ['run --table part --repeat 0', /^--repeat "0" is not a whole number of 1 or more/],
  ['run --table part --target full', /^--target .*full holds 1 file, expected an empty folder/],
  ['run --table part --out full', /^--out .*full holds 1 file, expected an empty folder/],
  ['run --table part --target full/file', /^--target .*file: .* is a file, expected a folder/],
  ['run --table lineitem --scale 1000000', /^The plan may need [\d.]+ GB of disk, .* has [\d.]+ GB free/],
  ['run --table part --max-bytes 1kB', /^The plan may need [\d.]+ MB of disk, --max-bytes allows 1\.0 kB:/],
  ['run --table part --writer ./absent.so', /^Writer library \.\/absent\.so does not exist/],
  [
    'run --table part --writer ./module.mjs',
    /^Writer module \.\/module\.mjs does not exist: expected the path of a JavaScript module/,
  ],
  ['run --table part --target /proc/x/y', /^--target \/proc\/x\/y is not writable/],
  ['run --table part --out /proc/x', /^--out \/proc\/x is not writable/],
  ['run --table part --format raw', /^Writers of format raw do not write table part\.$/],
  ['run --resume last', /^Unknown run "last"/],
  ['show 2026', /^Unknown run "2026"/],
  ['list things', /^Unknown list "things": expected one of tables, writers/],
  ['verify nothing.parquet', /^verify needs what the file must hold/],
  ['verify nothing.parquet --table part --scale 1', /^nothing\.parquet does not exist/],
  ['verify full --table part --scale 1', /^full is a folder: expected a Parquet or Arrow file/],
  ['verify full/file --table part --scale 1 --same-as full/file', /^--same-as already says what the file must hold/],
  ['verify full/file --part 1/2 --same-as full/file', /^--same-as already says what the file must hold/],
  ['digest nothing.parquet', /^nothing\.parquet does not exist/],
  ['digest full', /^full is a folder: expected a Parquet or Arrow file/],
  ['doctor --target absent', /^--target .*absent does not exist: expected the folder to look at/],
  ['run --tabel part', /^error: unknown option '--tabel'/],
  ['rum', /^error: unknown command 'rum'/],
];

for (const [words, sentence] of REFUSED) {
  test(`${words} gets one sentence, exit code 1, and nothing is written`, async () => {
    const before = held(folder);
    const ended = await writeproof(folder, words.split(' '));
    assert.match(ended.stderr.trim(), sentence);
    assert.deepEqual({ code: ended.code, stdout: ended.stdout }, { code: 1, stdout: '' });
    assert.equal(/\n\s+at /.test(ended.stderr), false);
    assert.deepEqual(held(folder), before);
  });
}

test('a selection of which nothing remains is exit code 5, and writes nothing', async () => {
  const before = held(folder);
  const ended = await writeproof(folder, ['run', '--writer', 'tpchgen-cli', '--variant', 'direct']);
  assert.match(ended.stderr, /^Nothing to measure: writer tpchgen-cli does not declare variant direct/);
  assert.equal(ended.code, 5);
  assert.deepEqual(held(folder), before);
});

test('a command for a writer must be on PATH and say where it writes', async () => {
  const absent = await writeproof(folder, ['run', '--table', 'part', '--writer', 'no-such-program {target}']);
  assert.match(absent.stderr, /^Program "no-such-program" of --writer .* is not on PATH/);
  const blind = await writeproof(folder, ['run', '--table', 'part', '--writer', 'cat -']);
  assert.match(blind.stderr, /does not say where to write: expected \{target\} or \{dir\}/);
  assert.deepEqual([absent.code, blind.code], [1, 1]);
});
