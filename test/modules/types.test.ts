/** Authors of modules get the types of the interface from the package: `import('writeproof')`. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { PACKAGE_ROOT } from '../../harness/paths.js';

const OPTIONS: ts.CompilerOptions = {
  allowJs: true,
  checkJs: true,
  noEmit: true,
  strict: true,
  // The worked example has JSDoc types where its reader needs them, and not everywhere.
  noImplicitAny: false,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  types: ['node'],
};

/** What the compiler says of each file, a line each. */
function complaints(files: readonly string[]): readonly string[] {
  const program = ts.createProgram([...files], OPTIONS);
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const [first] = ts.flattenDiagnosticMessageText(messageText, '\n').split('\n');
    return `${path.basename(file?.fileName ?? '')}: ${first ?? ''}`;
  });
}

const STEPS = 'async write(batch) { void batch.numRows; }, async close() {}';
const writer = (fields: string, steps: string): string =>
  `/** @type {import('writeproof').WriterModule} */\n` +
  `const writer = { name: 'w', ${fields}, variants: ['stream'], create: ({ target }) => ({ ${steps} }) };\nexport default writer;\n`;

test('the worked example and a small module type-check; a slip in a field, a value or a step does not', () => {
  // Below the package, where its own name is known as it is to whoever installed it.
  const folder = mkdtempSync(path.join(PACKAGE_ROOT, 'dist', 'test', 'types-'));
  try {
    const sources = {
      'right.mjs': writer(`format: 'parquet', extension: 'parquet'`, `${STEPS}, async abort() {}`),
      'field.mjs': writer(`format: 'parquet', extention: 'parquet'`, `${STEPS}, async abort() {}`),
      'value.mjs': writer(`format: 'parket', extension: 'parquet'`, `${STEPS}, async abort() {}`),
      'step.mjs': writer(`format: 'parquet', extension: 'parquet'`, STEPS),
    };
    for (const [name, source] of Object.entries(sources)) writeFileSync(path.join(folder, name), source);
    const files = Object.keys(sources).map((name) => path.join(folder, name));
    const found = complaints([...files, path.join(PACKAGE_ROOT, 'test', 'examples', 'javascript', 'write.mjs')]);
    const named = found.map((line) => line.split(':')[0]);
    assert.deepEqual(named.sort(), ['field.mjs', 'step.mjs', 'value.mjs'], found.join('\n'));
    assert.match(found.join('\n'), /^field\.mjs: .*extention/m);
    assert.match(found.join('\n'), /^value\.mjs: .*"parket"/m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
