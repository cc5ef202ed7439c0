/** `check-writer` on writers that are right and on ones that are wrong in one place each. */

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Check } from '../../harness/check-writer/check.js';
import { PACKAGE_ROOT } from '../../harness/paths.js';
import { SLIPS, type Slip } from '../bad-writers/slips.js';
import { freshFolder } from '../fixtures.js';
import { nativePath } from '../native-path.js';
import { departures } from '../records/schemas.js';
import { buildWriter, compile, freshDirectory } from '../writers/build.js';
import { writeproof } from './command.js';

const EXAMPLE = path.join(PACKAGE_ROOT, 'test', 'examples', 'cpp');
const BRIEFLY = ['--variant', 'stream', '--scale', '0.01'];

interface Answer {
  readonly code: number;
  readonly checks: readonly Check[];
  readonly departures: readonly string[];
  readonly left: readonly string[];
}

async function check(writer: string, words: readonly string[] = BRIEFLY, folder = freshFolder()): Promise<Answer> {
  const held = readdirSync(folder);
  const { code, stdout, stderr } = await writeproof(folder, ['check-writer', writer, ...words, '--json']);
  assert.notEqual(stdout, '', stderr);
  const document = JSON.parse(stdout) as { readonly results: readonly Check[] };
  const left = readdirSync(folder).filter((name) => !held.includes(name) && name !== 'results');
  return { code, checks: document.results, departures: departures('writeproof.check.v1', document), left };
}

const wrongs = (answer: Answer): readonly Check[] => answer.checks.filter(({ status }) => status === 'wrong');

/** The example with these slips, built. */
function wrongExample(slips: readonly Slip[]): string {
  const folder = freshDirectory();
  const sources = readdirSync(EXAMPLE).map((file) => [file, readFileSync(path.join(EXAMPLE, file), 'utf8')] as const);
  for (const { line } of slips) {
    const holders = sources.filter(([, source]) => source.includes(line)).map(([file]) => file);
    assert.equal(holders.length, 1, `the line ${line} is in ${holders.join(' and ')}`);
  }
  for (const [file, source] of sources) {
    const changed = slips.reduce((text, { line, instead }) => text.replace(line, instead), source);
    writeFileSync(path.join(folder, file), changed);
  }
  const library = path.join(folder, 'libwrong.so');
  compile('cxx', ['-include', 'cstdlib', '-shared', '-fPIC', '-o', library, path.join(folder, 'plain_parquet.cpp')]);
  return library;
}

const answers = new Map<Slip['library'], Promise<Answer>>();

async function answerOf(library: Slip['library']): Promise<Answer> {
  const slips = Object.values(SLIPS).filter((slip) => slip.library === library);
  const answer = answers.get(library) ?? check(wrongExample(slips));
  answers.set(library, answer);
  return answer;
}

const seen = { slips: 0 };
after(() => {
  assert.equal(seen.slips, Object.keys(SLIPS).length);
});

for (const [name, slip] of Object.entries(SLIPS)) {
  test(`${name}: said in plain words`, async () => {
    const answer = await answerOf(slip.library);
    const found = wrongs(answer).find((one) => slip.check.test(one.check) && slip.found.test(one.found));
    assert.ok(found !== undefined, JSON.stringify(wrongs(answer), null, 1));
    assert.match(found.advice ?? '', slip.advice);
    assert.deepEqual([answer.code, answer.departures, answer.left], [4, [], []]);
    seen.slips += 1;
  });
}

test('our own writer is right in every check, in every variant', async () => {
  const answer = await check('parquet', ['--scale', '0.01']);
  const named = answer.checks.map((one) => one.check);
  assert.deepEqual([wrongs(answer), answer.code, answer.departures, answer.left], [[], 0, [], []]);
  for (const expected of [
    'it loads',
    'capabilities',
    'accumulate, nation@0.01',
    'stream, orders@0.01',
    'zero-copy, types@0.01',
    'zero-copy, by pointer',
    'batches of one row (stream)',
    'batches without rows between others (stream)',
    'flush after every third batch (stream)',
    'the same content twice',
    'an unknown option',
    'a target that cannot be written',
    'abort after two batches',
    'a target that is taken',
    'two writers in turn in one process',
    'memory',
  ]) {
    assert.ok(named.includes(expected), `${expected} is not among ${named.join('; ')}`);
  }
});

const FLUSH = 'flush after every third batch (stream)';

async function flushOf(writer: string): Promise<readonly [code: number, wrong: number, flush: Check | undefined]> {
  const answer = await check(writer);
  return [answer.code, wrongs(answer).length, answer.checks.find((one) => one.check === FLUSH)];
}

test('flush is optional: a module without it, a library that says ENOTSUP and a command get a note', async () => {
  const source = readFileSync(path.join(EXAMPLE, '..', 'javascript', 'write.mjs'), 'utf8');
  const [cut, whole] = [source.replaceAll('flush()', 'endRowGroup()'), source.match(/flush\(\)/g)?.length];
  assert.equal(whole, 3);
  // Beside the packages that it imports.
  const module = path.join(PACKAGE_ROOT, 'dist', 'test', 'no-flush.mjs');
  writeFileSync(module, cut);
  const library = wrongExample([
    {
      library: 'first',
      line: 'return guarded(writer->error, [&] { writer->end_row_group(); });',
      instead: 'return guarded(writer->error, [&] { throw Failure(ENOTSUP, "row groups end where they want"); });',
      check: /^$/,
      found: /^$/,
      advice: /^$/,
    },
  ]);
  const command = `${process.execPath} "${path.join(PACKAGE_ROOT, 'test', 'bad-writers', 'command.mjs')}" {target}`;
  for (const [writer, sentence] of [
    [
      module,
      /^flush is not offered: a case with --flush-every fails, create of hyparquet-writer returned no step flush/,
    ],
    [library, /^flush is not offered: a case with --flush-every fails, .*row groups end where they want/],
    [command, /^flush is not offered: a command has no such step/],
  ] as const) {
    const [code, wrong, flush] = await flushOf(writer);
    assert.deepEqual([code, wrong, flush?.status], [0, 0, 'note'], JSON.stringify(flush));
    assert.match(flush?.found ?? '', sentence);
  }
});

test('a writer that makes missing folders is no liar', async () => {
  const command = path.join(PACKAGE_ROOT, 'test', 'bad-writers', 'command.mjs');
  const answer = await check(`${process.execPath} "${command}" {target} make-folders`);
  const target = answer.checks.find((one) => one.check === 'a target that cannot be written');
  assert.deepEqual(
    [answer.code, wrongs(answer), target?.found],
    [0, [], 'it makes missing folders: all rows are there'],
  );
});

test('a lying writer of a config is wrong where its data are, and the process says 4', async () => {
  const folder = freshFolder();
  const library = nativePath('libwriteproof_faults.so');
  const writers = [{ name: 'liar', library, format: 'parquet', options: { fault: 'row-shuffle' } }];
  writeFileSync(path.join(folder, 'mine.json'), JSON.stringify({ writers }));
  const answer = await check('liar', [...BRIEFLY, '--config', 'mine.json'], folder);
  const orders = wrongs(answer).find((one) => one.check === 'stream, orders@0.01');
  assert.match(orders?.found ?? '', /^corrupt: O digest of the order of rows/);
  assert.equal(orders?.advice, 'write rows in the order in which they come.');
  assert.equal(answer.code, 4);
});

/** A library that does this when it is loaded. */
function libraryThat(what: string): string {
  const folder = freshDirectory();
  const source = path.join(folder, 'odd.c');
  writeFileSync(source, `#include <stdlib.h>\n__attribute__((constructor)) static void odd(void) { ${what}; }\n`);
  const library = path.join(folder, 'libodd.so');
  compile('c', ['-shared', '-fPIC', '-o', library, source]);
  return library;
}

test('what ends the process while it is loaded is named by its file', async () => {
  const found = await Promise.all([check(libraryThat('abort()')), check(libraryThat('exit(0)'))]);
  assert.deepEqual(
    found.map(({ code, checks }) => [code, checks.map((one) => `${one.check}: ${one.found}`)]),
    [
      [1, ['it loads: Loading library libodd.so ended with signal SIGABRT: it said nothing']],
      [1, ['it loads: Loading library libodd.so gave no JSON document, but nothing.']],
    ],
  );
});

test('what does not load is one wrong check and exit code 1; what is not there is misuse', async () => {
  const found = [await check(buildWriter('wrong_abi')), await check(buildWriter('no_symbols'))];
  assert.deepEqual(
    found.map((answer) => [answer.code, answer.checks.length, answer.checks[0]?.check, answer.departures]),
    found.map(() => [1, 1, 'it loads', []]),
  );
  assert.match(found[0]?.checks[0]?.found ?? '', /ABI version 99/);
  assert.match(found[1]?.checks[0]?.found ?? '', /does not export `writeproof_abi_version`/);
  const folder = freshFolder();
  writeFileSync(path.join(folder, 'none.mjs'), 'export default { name: "none" };\n');
  const module = await check('./none.mjs', BRIEFLY, folder);
  assert.deepEqual([module.code, module.checks[0]?.check], [1, 'it loads']);
  assert.match(module.checks[0]?.found ?? '', /wrong format: expected parquet/);
  const absent = await writeproof(folder, ['check-writer', './absent.so']);
  assert.deepEqual([absent.code, absent.stdout], [1, '']);
  assert.match(absent.stderr, /^Writer library \.\/absent\.so does not exist/);
});

test('lines for people say what is right, what is wrong, and what to do', async () => {
  const slip = SLIPS['abort leaves the file'];
  assert.ok(slip !== undefined);
  const { code, stdout } = await writeproof(freshFolder(), ['check-writer', wrongExample([slip]), ...BRIEFLY]);
  assert.equal(code, 4);
  assert.match(stdout, /^right {4}stream, nation@0\.01: 25 rows verified by duckdb \+ hyparquet$/m);
  assert.match(stdout, /^WRONG {4}abort after two batches: it left nation\.parquet\n {9}to do: remove in abort/m);
  assert.match(stdout, /^\d+ checks: \d+ right, 1 wrong, \d+ notes, 0 skipped\n$/m);
});
