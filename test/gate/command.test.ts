import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { PACKAGE_ROOT } from '../../harness/paths.js';
import { held, workspace, writeproof } from '../cli/command.js';
import { departures } from '../records/schemas.js';

const { folder, remove } = workspace();
after(remove);

const BUILD = path.join(PACKAGE_ROOT, 'native', 'build');
const older = path.join(folder, 'older');
mkdirSync(older);
copyFileSync(path.join(BUILD, 'libwriteproof_parquet.so'), path.join(older, 'libwriteproof_parquet.so'));
const SMALL = ['--table', 'region', '--scale', '0.01', '--writer', 'parquet', '--variant', 'stream'];

/** What a command refuses to do: its exit code and its sentence. */
async function refused(...words: readonly string[]): Promise<readonly [number, string]> {
  const { code, stderr } = await writeproof(folder, words);
  return [code, stderr.trim().split('\n').at(-1) ?? ''];
}

test('what a gate cannot be about is a sentence, and never green', async () => {
  mkdirSync(path.join(folder, 'empty'));
  const found = [
    await refused('gate'),
    await refused('gate', '--base', 'no-such-ref', ...SMALL),
    await refused('gate', '--base', './empty', ...SMALL),
    await refused('gate', '--base', '--help-me', ...SMALL),
    await refused('gate', '--base', './older', '--tolerance', '0'),
    await refused('gate', '--base', './older', '--tolerance', '500%'),
    await refused('gate', '--base', './older', '--budget', 'soon'),
    await refused('gate', '--base', './older', '--repeat', '3'),
    await refused('gate', '--base', './older', '--table', 'region', '--writer', 'arrow', '--variant', 'stream'),
    await refused('gate', '--base', './older', '--whole', ...SMALL),
    await refused('gate', '--from', 'nothing'),
    await refused('compare', 'parquet'),
    await refused('compare', 'parquet', 'parque'),
    await refused('compare', 'parquet', 'parquet', ...SMALL),
  ];
  assert.deepEqual(
    found.map(([code]) => code),
    found.map(() => 1),
  );
  const sentences = [
    /--base is missing/,
    /"no-such-ref" is no git ref here, no folder and no library/,
    /Folder \.\/empty holds no build: expected libwriteproof_parquet\.so/,
    /"--help-me" is no git ref/,
    /--tolerance "0": no number of pairs can show/,
    /--tolerance "500%"/,
    /--budget "soon" is no time/,
    /--repeat is not for a gate/,
    /different cases: base \(older\) has no writer arrow, which region@0\.1\/arrow\/stream needs/,
    /--whole needs a harness on each side: the base is build folder older/,
    /Unknown gate "nothing"/,
    /Two writers are needed/,
    /parque/,
    /parquet and parquet are the same file libwriteproof_parquet\.so with the same settings/,
  ];
  assert.deepEqual(
    found.map(([, text], index) => (sentences[index]?.test(text) === true ? 'as expected' : text)),
    found.map(() => 'as expected'),
  );
  assert.deepEqual(held(folder), ['empty', 'older']);
});

test('a plan is shown without a trace', async () => {
  const { code, stdout } = await writeproof(folder, ['gate', '--base', './older', '--dry-run', '--json', ...SMALL]);
  const document = JSON.parse(stdout) as { readonly results: readonly { readonly case: string }[] };
  assert.deepEqual([code, departures('writeproof.gate-plan.v1', document)], [0, []]);
  assert.deepEqual(
    document.results.map((one) => one.case),
    ['region@0.01/parquet/stream'],
  );
  assert.deepEqual(held(folder), ['empty', 'older']);
});

test('a gate of one case, from its flags to its files', async () => {
  // Five rows: their time says little, and a tolerance of 100 % is all that it can be held to.
  const { code, stdout, stderr } = await writeproof(folder, [
    'gate',
    '--base',
    './older',
    '--tolerance',
    '100%',
    '--json',
    ...SMALL,
  ]);
  const document = JSON.parse(stdout) as {
    readonly gate: {
      readonly id: string;
      readonly verdict: string;
      readonly blocks: number;
      readonly dropped: readonly string[];
    };
    readonly results: readonly { readonly metric: string; readonly verdict: string; readonly pairs: number }[];
  };
  assert.deepEqual(departures('writeproof.gate.v1', document), [], stderr);
  // A machine that other tests keep busy drops its blocks: then the gate must say so, and not be green.
  const quiet = document.gate.blocks >= 6;
  assert.deepEqual([code, document.gate.verdict], quiet ? [0, 'pass'] : [3, 'inconclusive'], stdout);
  assert.ok(quiet || document.gate.dropped.length > 0, stdout);
  const files = readdirSync(path.join(folder, 'results', 'gates', document.gate.id)).sort();
  assert.deepEqual(
    files.filter((name) => name !== 'counters.jsonl'),
    ['base', 'blocks.jsonl', 'gate.json', 'gate.md', 'head', 'junit.xml', 'plan.json'],
  );
  const time = document.results.find(({ metric }) => metric === 'time');
  assert.ok((time?.pairs ?? 0) >= (quiet ? 12 : 0), JSON.stringify(time));
  const records = readFileSync(
    path.join(folder, 'results', 'gates', document.gate.id, 'head', 'records.jsonl'),
    'utf8',
  );
  const statuses = records
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly verdict: { readonly status: string } }).verdict.status);
  assert.ok(statuses.length >= 12, String(statuses.length));
  assert.deepEqual([...new Set(statuses)], ['verified']);
  const again = await writeproof(folder, ['gate', '--from', 'last', '--json']);
  assert.deepEqual(JSON.parse(again.stdout), document);
  assert.match(
    (await refused('gate', '--resume', 'last')).join(' '),
    /^1 Gate .* came to its end \((pass|inconclusive)\)/,
  );
  assert.deepEqual(readdirSync(path.join(folder, 'results', 'data')), []);
});

test('a writer that lies is an integrity failure, however fast it is', async () => {
  const file = path.join(folder, 'writeproof.config.mjs');
  const writer = {
    name: 'liar',
    library: path.join(BUILD, 'libwriteproof_faults.so'),
    format: 'parquet',
    options: { fault: 'ack-only' },
  };
  writeFileSync(file, `export default ${JSON.stringify({ writers: [writer] })};`);
  const words = [
    'compare',
    'parquet',
    'liar',
    '--table',
    'region',
    '--scale',
    '0.01',
    '--variant',
    'stream',
    '--json',
    '--quiet',
  ];
  const { code, stdout } = await writeproof(folder, words);
  const { gate, results } = JSON.parse(stdout) as {
    readonly gate: { readonly verdict: string; readonly blocks: number; readonly sentence: string };
    readonly results: readonly { readonly metric: string; readonly verdict: string }[];
  };
  assert.deepEqual([code, gate.verdict, gate.blocks], [4, 'integrity failure', 0], stdout);
  assert.match(gate.sentence, /^Integrity failure: region@0\.01\/liar\/stream;fault=ack-only \(integrity\)/);
  assert.deepEqual(
    results.filter(({ metric }) => metric === 'time'),
    [],
  );
});

test('a writer of a repository of the user is built at the base and at the head', async () => {
  const own = workspace();
  after(own.remove);
  const git = (...words: readonly string[]): void => {
    execFileSync('git', ['-C', own.folder, '-c', 'user.name=n', '-c', 'user.email=e', ...words], { stdio: 'ignore' });
  };
  const config = (option: string): void => {
    // The "compiler" leaves a trace of what it built from.
    const build = `cp "${path.join(BUILD, 'libwriteproof_parquet.so')}" libmine.so && echo ${option} >> libmine.so`;
    const writer = { name: 'mine', library: 'libmine.so', format: 'parquet', build };
    writeFileSync(path.join(own.folder, 'writeproof.config.json'), JSON.stringify({ writers: [writer] }));
  };
  git('init', '--quiet', '--initial-branch', 'main');
  config('first');
  writeFileSync(path.join(own.folder, '.gitignore'), '*.so\nresults\n');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'first');
  config('second');
  const cache = { WRITEPROOF_CACHE: path.join(own.folder, 'cache') };
  const mine = [
    '--writer',
    'mine',
    '--table',
    'region',
    '--scale',
    '0.01',
    '--variant',
    'stream',
    '--tolerance',
    '100%',
  ];
  const { stdout, stderr } = await writeproof(own.folder, ['gate', '--base', 'main', '--json', ...mine], cache);
  const { gate } = JSON.parse(stdout) as {
    readonly gate: {
      readonly [side in 'base' | 'head']: {
        readonly name: string;
        readonly dirty: boolean;
        readonly libraries: readonly { readonly sha256: string }[];
      };
    };
  };
  assert.deepEqual(
    [gate.base.name, gate.base.dirty, gate.head.name, gate.head.dirty],
    ['main', false, 'working tree', true],
    stderr,
  );
  const built = [gate.base, gate.head].map(({ libraries }) => libraries.map(({ sha256 }) => sha256).join());
  assert.equal(new Set(built).size, 2, stdout);
  assert.ok(
    built.every((one) => one.length === 64),
    stdout,
  );
  const mixed = await writeproof(own.folder, ['gate', '--base', 'main', ...mine, '--writer', 'parquet'], cache);
  assert.deepEqual(
    [mixed.code, mixed.stderr.includes('mine of writeproof.config.json and parquet come from different builds')],
    [1, true],
  );
});

test('the same file on both sides is refused: it would always be green', async () => {
  const words = ['gate', '--base', BUILD, '--dry-run', ...SMALL];
  assert.match(
    (await refused(...words)).join(' '),
    /^1 Writer parquet is the same file libwriteproof_parquet\.so on both sides/,
  );
});
