/** `npm run check`: formatters, type-aware linters and type checks of both languages; changes nothing. */
import { join } from 'node:path';
import { cargoArguments, cargoEnvironment, ENGINE, ENTITY_STORE, LANCE, manifestOf } from './native.mjs';
import { installPackages } from './packages.mjs';
import { requirePrerequisites } from './prerequisites.mjs';
import { root, step } from './run.mjs';

/** @param {string} path */
const bin = (path) => join(root, 'node_modules', path);

requirePrerequisites();
installPackages();
step('Format of TypeScript, JSON and Markdown', process.execPath, [bin('prettier/bin/prettier.cjs'), '--check', '.']);
step('Types of TypeScript', process.execPath, [bin('typescript/bin/tsc'), '--noEmit', '--project', root]);
step('Lint of TypeScript', process.execPath, [bin('eslint/bin/eslint.js'), '--max-warnings', '0', '.']);
for (const workspace of [ENGINE, LANCE, ENTITY_STORE]) {
  const manifest = manifestOf(workspace);
  step(`Format of Rust in ${workspace.folder}`, 'cargo', ['fmt', '--check', '--all', ...manifest]);
  step(
    `Lint of Rust in ${workspace.folder}`,
    'cargo',
    [
      'clippy',
      '--release',
      '--locked',
      '--workspace',
      '--all-targets',
      ...cargoArguments(workspace),
      '--',
      '-D',
      'warnings',
    ],
    { env: cargoEnvironment(workspace) },
  );
}
