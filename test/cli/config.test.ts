/** Writers of a `writeproof.config.{js,mjs,json}`: found, checked, built once, and held to what the config says of them. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Record as RunRecord } from '../../harness/types.js';
import { complaints, freshFolder, statuses } from '../fixtures.js';
import { nativePath } from '../native-path.js';
import { held, writeproof } from './command.js';

const LIBRARY = nativePath('libwriteproof_parquet.so');
const MINE = { name: 'mine', library: LIBRARY, format: 'parquet' };

function folderWith(config: unknown, name = 'writeproof.config.json'): string {
  const folder = freshFolder();
  writeFileSync(path.join(folder, name), typeof config === 'string' ? config : JSON.stringify(config));
  return folder;
}

/** A config, and the sentence that it is answered with. */
const SLIPS: readonly (readonly [config: unknown, sentence: RegExp])[] = [
  ['{ "writers": ', /^writeproof\.config\.json is not JSON: /],
  [[], /: the config is \[\]: expected object\.$/],
  [{}, /: the config has no key "writers": it is needed; there are none\.$/],
  [{ writers: {} }, /: writers is \{\}: expected array\.$/],
  [{ writer: [] }, /: unknown key "writer" in the config: expected one of writers; did you mean "writers"\?$/],
  [
    { writers: [{ name: 'mine', libary: 'x.so', format: 'parquet' }] },
    /: unknown key "libary" in writers\[0\]: expected one of name, library, .*; did you mean "library"\?$/,
  ],
  [
    { writers: [MINE, { ...MINE, format: 5 }] },
    /: writers\[1\]\.format is 5: expected parquet or arrow or lance or raw\.$/,
  ],
  [{ writers: [{ ...MINE, name: 'a/b' }] }, /: writers\[0\]\.name is "a\/b": expected letters, digits, /],
  [{ writers: [{ ...MINE, build: ['make'] }] }, /: writers\[0\]\.build is \["make"\]: expected string\.$/],
  [
    { writers: [{ ...MINE, options: { compression: null } }] },
    /: writers\[0\]\.options\.compression is null: expected string or number or boolean\.$/,
  ],
  [
    { writers: [{ ...MINE, variants: ['zerocopy'] }] },
    /: writers\[0\]\.variants\[0\] is "zerocopy": expected accumulate or /,
  ],
  [
    { writers: [{ name: 'mine', format: 'parquet' }] },
    /: writers\[0\] must have exactly one of library, module and command: it has none of them\.$/,
  ],
  [
    { writers: [{ ...MINE, command: 'x {target}' }] },
    /: writers\[0\] must have exactly one of library, module and command: it has library and command\.$/,
  ],
  [
    { writers: [{ name: 'mine', library: 'x.so' }] },
    /: writers\[0\] has no key "format": it is needed; there are name, library\.$/,
  ],
  [{ writers: [MINE, MINE] }, /: writers\[1\]\.name "mine" is there twice: choose another name\.$/],
  [{ writers: [{ ...MINE, name: 'parquet' }] }, /: writers\[0\]\.name "parquet" is that of a registered writer: /],
  [
    { writers: [{ ...MINE, format: 'arrow' }] },
    /^writer mine of .*: its format is "arrow", the library .* says "parquet": correct one\.$/,
  ],
  [
    { writers: [{ name: 'mine', command: 'cat {target}', format: 'parquet', options: { level: 3 } }] },
    /has an option level that its command does not take: expected \{level\} in it\.$/,
  ],
  [
    { writers: [{ name: 'mine', command: 'cat {dir} {threads}', format: 'parquet', options: { threads: 3 } }] },
    /has an option threads, which is filled in otherwise: choose another name for it\.$/,
  ],
  [
    { writers: [{ name: 'mine', command: 'cat {target}', format: 'parquet', variants: ['direct'] }] },
    /lists variant direct, the command cat has stream: leave it out\.$/,
  ],
  [
    { writers: [{ ...MINE, options: { compresion: 'zstd' } }] },
    /^Unknown option of writer mine "compresion": expected one of .*did you mean "compression"\?/,
  ],
];

for (const [config, sentence] of SLIPS) {
  test(`${String(sentence)}: one sentence, exit code 1, and nothing is begun`, async () => {
    const folder = folderWith(config);
    const { code, stdout, stderr } = await writeproof(folder, ['run', '--table', 'nation', '--writer', 'mine']);
    assert.match(stderr.trimEnd(), sentence);
    assert.deepEqual([code, stdout, stderr.trimEnd().split('\n').length], [1, '', 1], stderr);
    assert.deepEqual(held(folder), ['writeproof.config.json']);
  });
}

test('two configs in one folder, and one that is not there, are refused', async () => {
  const folder = folderWith({ writers: [] });
  writeFileSync(path.join(folder, 'writeproof.config.mjs'), 'export default { writers: [] };');
  const two = await writeproof(folder, ['list', 'writers']);
  assert.deepEqual(
    [two.code, two.stderr],
    [1, 'There are writeproof.config.mjs and writeproof.config.json here: keep one, or name one by --config.\n'],
  );
  const none = await writeproof(folder, ['list', 'writers', '--config', 'other.json']);
  assert.match(none.stderr, /^--config other\.json does not exist: /);
});

test('what no JSON holds is named in a config of JavaScript', async () => {
  const said = async (source: string): Promise<string> => {
    const folder = folderWith(`export default ${source};`, 'writeproof.config.mjs');
    const { code, stderr } = await writeproof(folder, ['list', 'writers']);
    return `${code} ${stderr}`;
  };
  assert.deepEqual(await Promise.all(['() => ({ writers: [] })', '{ writers: 1n }'].map(said)), [
    '1 writeproof.config.mjs: the config is a function: expected object.\n',
    '1 writeproof.config.mjs: writers is a bigint: expected array.\n',
  ]);
});

test('writers of a config are listed without being built, also those of a module', async () => {
  const config = { writers: [{ ...MINE, build: 'touch built' }] };
  const folder = folderWith(`export default ${JSON.stringify(config)};`, 'writeproof.config.mjs');
  const { code, stdout } = await writeproof(folder, ['list', 'writers', '--json']);
  const { results } = JSON.parse(stdout) as { readonly results: readonly { name: string; about: string }[] };
  const about = `parquet by the library ${LIBRARY}, of writeproof.config.mjs`;
  assert.deepEqual([code, results.at(-1)], [0, { name: 'mine', about }]);
  assert.deepEqual(held(folder), ['writeproof.config.mjs']);
});

test('a build that fails is a sentence with its last lines, and no case begins', async () => {
  const build = 'echo line 1; for i in 2 3 4 5 6 7; do echo "line $i" >&2; done; exit 3';
  const folder = folderWith({ writers: [{ ...MINE, build }] });
  const { code, stdout, stderr } = await writeproof(folder, [
    'run',
    '--table',
    'nation',
    '--writer',
    'mine',
    '--quiet',
  ]);
  assert.deepEqual([code, stdout, held(folder)], [1, '', ['writeproof.config.json']]);
  assert.match(
    stderr,
    /^The build of writer mine, ".*", exited with status 3; it ends:\nline 3\nline 4\nline 5\nline 6\nline 7\n$/,
  );
});

test('a config in another folder: paths start there, the build runs there and once, options and variants hold', async () => {
  const folder = freshFolder();
  const config = {
    writers: [
      {
        name: 'mine',
        library: 'libmine.so',
        format: 'parquet',
        build: `cp "${LIBRARY}" libmine.so; test -f "$WRITEPROOF_INCLUDE/writeproof.h" && echo built | tee -a builds`,
        options: { compression: 'zstd' },
        variants: ['stream', 'zero-copy'],
      },
      { ...MINE, name: 'unasked', build: 'echo unasked >> builds' },
    ],
  };
  const elsewhere = folderWith(config, 'my.json');
  const words = ['run', '--table', 'nation,region', '--scale', '0.01', '--writer', 'mine'];
  const { code, stdout, stderr } = await writeproof(folder, [
    ...words,
    '--config',
    path.join(elsewhere, 'my.json'),
    '--json',
  ]);
  const { results } = JSON.parse(stdout) as { readonly results: readonly RunRecord[] };
  assert.equal(code, 0, complaints(results));
  assert.deepEqual(results.map((record) => record.case.id).sort(), [
    'nation@0.01/mine/stream;compression=zstd',
    'nation@0.01/mine/zero-copy;compression=zstd',
    'region@0.01/mine/stream;compression=zstd',
    'region@0.01/mine/zero-copy;compression=zstd',
  ]);
  assert.deepEqual(
    statuses(results),
    Array.from({ length: 4 }, () => 'verified'),
  );
  assert.equal(readFileSync(path.join(elsewhere, 'builds'), 'utf8'), 'built\n');
  assert.match(stderr, /^building mine: cp .*\nbuilt\n/);

  const plain = ['--case', 'nation@0.01/mine/stream;compression=snappy', '--config', path.join(elsewhere, 'my.json')];
  const again = await writeproof(folder, ['run', ...plain, '--json']);
  const [record] = (JSON.parse(again.stdout) as { readonly results: readonly RunRecord[] }).results;
  assert.deepEqual([again.code, record?.case.id], [0, 'nation@0.01/mine/stream']);
});
