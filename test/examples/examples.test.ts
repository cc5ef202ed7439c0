/** The worked examples of the four languages: built as their first lines say, run, and held to the contract. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Check } from '../../harness/check-writer/check.js';
import { onPath, PACKAGE_ROOT } from '../../harness/paths.js';
import type { Record as RunRecord } from '../../harness/types.js';
import { writeproof } from '../cli/command.js';
import { complaints, freshFolder, statuses } from '../fixtures.js';

const EXAMPLES = path.join(PACKAGE_ROOT, 'test', 'examples');
/** Set-up knows its folders from where it lies, which is the checkout and not `dist`. */
const SETUP = pathToFileURL(path.join(PACKAGE_ROOT, 'harness', 'setup', 'native.mjs')).href;
const { cargoEnvironment } = (await import(SETUP)) as typeof import('../../harness/setup/native.mjs');
const CASES = { tables: 'nation,lineitem', count: 2 };

interface Example {
  readonly library?: string;
  readonly module?: string;
  readonly command?: string;
  readonly build?: string;
  readonly options?: object;
}

/** Runs two tables in all variants, then the contract; the checks' names, by status. */
async function proved(example: Example, variants: number): Promise<readonly Check[]> {
  const folder = freshFolder();
  const writers = [{ name: 'example', format: 'parquet', ...example }];
  writeFileSync(path.join(folder, 'writeproof.config.json'), JSON.stringify({ writers }));
  const words = ['--table', CASES.tables, '--scale', '0.01', '--writer', 'example'];
  const run = await writeproof(folder, ['run', ...words, '--json']);
  assert.notEqual(run.stdout, '', run.stderr);
  const { results } = JSON.parse(run.stdout) as { readonly results: readonly RunRecord[] };
  const expected = Array.from({ length: CASES.count * variants }, () => 'verified');
  assert.deepEqual([run.code, statuses(results)], [0, expected], complaints(results));
  const contract = await writeproof(folder, ['check-writer', 'example', '--scale', '0.01', '--json']);
  assert.notEqual(contract.stdout, '', contract.stderr);
  const checks = (JSON.parse(contract.stdout) as { readonly results: readonly Check[] }).results;
  const wrong = checks.filter(({ status }) => status === 'wrong');
  assert.deepEqual([contract.code, wrong], [0, []]);
  return checks;
}

const foundBy = (checks: readonly Check[], name: string): string =>
  checks.find(({ check }) => check === name)?.found ?? `no check ${name}`;

test('C++: plain Parquet without any library', async () => {
  const source = path.join(EXAMPLES, 'cpp', 'plain_parquet.cpp');
  const build = `c++ -std=c++17 -O2 -Wall -Wextra -Werror -shared -fPIC -I "$WRITEPROOF_INCLUDE" -o libexample.so "${source}"`;
  const checks = await proved({ library: 'libexample.so', build }, 3);
  assert.match(
    foundBy(checks, 'stream, types@0.01'),
    /^it does not hold all of these types: .* is nullable: this writer has no nulls$/,
  );
  assert.match(foundBy(checks, 'two writers in turn in one process'), /^both files are verified$/);
});

test('Rust: arrow-rs behind the macro, which holds every type', async () => {
  const given = process.env['CARGO_TARGET_DIR'];
  const cargo = given === undefined ? cargoEnvironment() : { CARGO_TARGET_DIR: given, CARGO_BUILD_TARGET: '' };
  const env = { ...process.env, ...cargo };
  if (env.CARGO_BUILD_TARGET === '') Reflect.deleteProperty(env, 'CARGO_BUILD_TARGET');
  const words = ['build', '--release', '--offline', '--locked', '--quiet'];
  execFileSync('cargo', words, { cwd: path.join(EXAMPLES, 'rust'), env, stdio: 'pipe' });
  const library = path.join(cargo.CARGO_TARGET_DIR, cargo.CARGO_BUILD_TARGET, 'release', 'libexample_writer.so');
  const checks = await proved({ library, options: { compression: 'zstd' } }, 3);
  assert.match(foundBy(checks, 'stream, types@0.01'), /^10000 rows verified by /);
});

test('JavaScript: a module with the steps of a writer', async () => {
  const checks = await proved({ module: path.join(EXAMPLES, 'javascript', 'write.mjs') }, 1);
  assert.match(
    foundBy(checks, 'stream, types@0.01'),
    /^it does not hold all of these types: .* expected int32, int64, /,
  );
});

/** Why pyarrow cannot be tried. */
function whyNoPyarrow(): string | false {
  if (onPath('python3') === null) return 'python3 is not on PATH';
  const { status } = spawnSync('python3', ['-c', 'import pyarrow.parquet']);
  return status === 0 ? false : 'python3 has no pyarrow: pip install pyarrow';
}

test('Python: pyarrow on a stream from stdin', { skip: whyNoPyarrow() }, async () => {
  const script = path.join(EXAMPLES, 'python', 'write.py');
  const command = `python3 "${script}" {target} {compression}`;
  const checks = await proved({ command, options: { compression: 'zstd' } }, 1);
  assert.match(foundBy(checks, 'batches without rows between others (stream)'), /^25 rows verified by /);
});
