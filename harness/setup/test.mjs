/** `npm test`: sets up, then runs the tests in Rust and in TypeScript. `--long` adds those that take minutes. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { cargoEnvironment } from './native.mjs';
import { root, step } from './run.mjs';
import { setUp } from './setup.mjs';

const long = process.argv.includes('--long');

/**
 * @param {string} ending
 * @returns {string[]}
 */
function testFiles(ending) {
  return readdirSync(join(root, 'dist/test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(root, 'dist/test', file))
    .sort();
}

setUp();
const native = [
  'test',
  '--release',
  '--locked',
  '--quiet',
  '--workspace',
  '--manifest-path',
  join(root, 'native/Cargo.toml'),
];
const env = cargoEnvironment();
step('Tests in Rust', 'cargo', native, { env, stdout: 'inherit' });
if (long) {
  step('Long tests in Rust', 'cargo', [...native, '--', '--ignored'], { env, stdout: 'inherit' });
}

const files = [...testFiles('.test.js'), ...(long ? testFiles('.long.js') : [])];
if (files.length === 0) {
  console.error('No test files under dist/test: the TypeScript was not compiled.');
  process.exit(1);
}
console.error(`── Tests in TypeScript: ${files.length} files`);
run({ files, concurrency: 1, timeout: 30 * 60 * 1000 })
  .on('test:fail', () => {
    process.exitCode = 1;
  })
  .compose(new spec())
  .pipe(process.stdout);
