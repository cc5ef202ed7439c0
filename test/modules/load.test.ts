/** A module that is no writer is refused before anything is run, in one sentence that names what is missing. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { askCapabilities } from '../../harness/run/worker.js';
import { REGISTRY } from '../../suites/index.js';
import { held, writeproof } from '../cli/command.js';
import { freshFolder } from '../fixtures.js';

const RIGHT = `name: 'mine', format: 'parquet', extension: 'parquet', variants: ['stream']`;
const made = (fields: string): string => `export default { ${fields}, create() {} };`;

/** Source of a module, and what must be said of it. */
const REFUSED: Readonly<{ [what: string]: readonly [source: string, sentence: RegExp] }> = {
  'throws at import': [`throw new Error('not today');`, /load: module w\.mjs cannot be imported: not today$/],
  'is not JavaScript': [`export default {`, /load: module w\.mjs cannot be imported: Unexpected end of input$/],
  'imports what is not there': [
    `import 'no-such-package';`,
    /cannot be imported: Cannot find package 'no-such-package'/,
  ],
  'ends the process': [
    `process.exit(0);`,
    /ended with exit code 1: the module ended the process by process\.exit\(0\) during import$/,
  ],
  'waits for ever': [
    `await new Promise(() => {});`,
    /ended with exit code 1: the promise of import is pending, and nothing is left that could settle it$/,
  ],
  'exports nothing': [
    `const writer = { ${RIGHT} };`,
    / module w\.mjs exports no writer: expected a default export, or one named "writer", .*; found no export at all$/,
  ],
  'exports another name': [`export const mine = 1;`, /exports no writer: .*; found mine$/],
  'exports a function': [`export default () => {};`, /exports no writer: .*; found a function as default$/],
  'has no create': [
    `export default { ${RIGHT} };`,
    / the writer of module w\.mjs has a wrong step create: expected a function, found undefined$/,
  ],
  'has no name': [
    made(RIGHT.replace(`'mine'`, `'a/b'`)),
    /wrong name: expected letters, digits, "\.", "_" and "-", found "a\/b"$/,
  ],
  'has an unknown format': [
    made(RIGHT.replace(`'parquet'`, `'orc'`)),
    /wrong format: expected parquet or .*, found "orc"$/,
  ],
  'has no variants': [
    made(RIGHT.replace(`'stream'`, '')),
    /wrong variants: expected a list of accumulate and stream, .*, found \[\]$/,
  ],
  'claims zero-copy': [made(RIGHT.replace(`'stream'`, `'zero-copy'`)), /wrong variants: .*, found \["zero-copy"\]$/],
  'has a dot in its extension': [
    made(RIGHT.replace(`extension: 'parquet'`, `extension: '.parquet'`)),
    /wrong extension: expected one without its dot, found "\.parquet"$/,
  ],
  'has an option without default': [
    made(`${RIGHT}, options: { level: { help: 'x' } }`),
    /wrong option level: expected a default that is a text, number or boolean, found undefined$/,
  ],
  'has an option whose default is none of its values': [
    made(`${RIGHT}, options: { level: { default: 1, values: [2, 3] } }`),
    /wrong option level: expected values that hold the default, found \[2,3\]$/,
  ],
};

for (const [what, [source, sentence]] of Object.entries(REFUSED)) {
  test(`a module that ${what} is refused`, async () => {
    const folder = freshFolder();
    writeFileSync(path.join(folder, 'w.mjs'), source);
    const places = ['--target', 'data', '--out', 'records'];
    const { code, stdout, stderr } = await writeproof(folder, [
      'run',
      '--table',
      'nation',
      '--writer',
      './w.mjs',
      ...places,
    ]);
    assert.match(stderr.trimEnd(), sentence);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    assert.deepEqual([code, stdout, held(folder)], [1, '', ['w.mjs']]);
  });
}

test('a module that prints while it is imported, and exports its writer by name, is taken', async () => {
  const file = path.join(freshFolder(), 'w.mjs');
  writeFileSync(file, `console.log('{}'); export const writer = { ${RIGHT}, create() {} };`);
  const expected = { name: 'mine', format: 'parquet', extension: 'parquet', variants: ['stream'], options: {} };
  assert.deepEqual(await askCapabilities('module', file), expected);
});

test('a module in CommonJS is taken', async () => {
  const file = path.join(freshFolder(), 'w.cjs');
  writeFileSync(file, `module.exports = { ${RIGHT}, create() {} };`);
  const { name } = (await askCapabilities('module', file)) as { readonly name: string };
  assert.equal(name, 'mine');
});

const modules = REGISTRY.writers.filter((writer) => writer.holder.kind === 'module');

test('the registered modules declare what the registry says', async () => {
  assert.deepEqual(
    modules.map((writer) => writer.name),
    ['apache-arrow', 'parquet-wasm'],
  );
  for (const { name, format, extension, variants, options, holder } of modules) {
    assert.ok(holder.kind === 'module');
    const declared = await askCapabilities('module', holder.file);
    assert.deepEqual(declared, { name, format, extension, variants, options });
  }
});
