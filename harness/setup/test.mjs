/**
 * `npm test`: sets up, then runs the tests in Rust and in TypeScript; builds Lance, then those of test/lance and native/lance; then the
 * same of the entity store.
 * `--long` adds those that take minutes.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { finished } from 'node:stream/promises';
import {
  alone,
  buildEntityStore,
  buildLance,
  cargoArguments,
  cargoEnvironment,
  ENGINE,
  ENTITY_STORE,
  LANCE,
} from './native.mjs';
import { root, step } from './run.mjs';
import { reportSkips } from './skips.mjs';
import { setUp } from './setup.mjs';

const long = process.argv.includes('--long');
/** @type {import('./skips.mjs').Skip[]} */
const skips = [];

/** @param {import('./native.mjs').Workspace} workspace */
function testRust(workspace) {
  alone(workspace, () => {
    const args = ['test', '--release', '--locked', '--quiet', '--workspace', ...cargoArguments(workspace)];
    const env = cargoEnvironment(workspace);
    step(`Tests in Rust in ${workspace.folder}`, 'cargo', args, { env, stdout: 'inherit' });
    if (long) {
      const ignored = [...args, '--', '--ignored'];
      step(`Long tests in Rust in ${workspace.folder}`, 'cargo', ignored, { env, stdout: 'inherit' });
    }
  });
}

/**
 * @param {string} what
 * @param {(file: string) => boolean} wanted
 */
async function testTypeScript(what, wanted) {
  const files = readdirSync(join(root, 'dist/test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js') || (long && file.endsWith('.long.js')))
    .filter(wanted)
    .map((file) => join(root, 'dist/test', file))
    .sort();
  if (files.length === 0) {
    console.error(`No test files ${what} under dist/test: the TypeScript was not compiled.`);
    process.exit(1);
  }
  console.error(`── Tests in TypeScript ${what}: ${files.length} files`);
  const results = run({ files, concurrency: 1, timeout: 30 * 60 * 1000 })
    .on('test:fail', () => {
      process.exitCode = 1;
    })
    .on('test:pass', ({ name, skip }) => {
      if (skip !== undefined && skip !== false) skips.push({ name, reason: String(skip) });
    });
  const report = results.compose(new spec());
  report.pipe(process.stdout, { end: false });
  await finished(report);
}

/** @param {string} file */
const needsLance = (file) => file.startsWith('lance/');
/** @param {string} file */
const needsEntityStore = (file) => file.startsWith('scan/') || file === 'mutation/whole.long.js';

setUp();
testRust(ENGINE);
await testTypeScript('without Lance', (file) => !needsLance(file) && !needsEntityStore(file));
buildLance();
testRust(LANCE);
await testTypeScript('of Lance', needsLance);
buildEntityStore();
testRust(ENTITY_STORE);
await testTypeScript('of the entity store', needsEntityStore);
if (reportSkips(skips) > 0 && long) process.exitCode = 1;
