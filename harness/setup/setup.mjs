/** `npm run setup`: makes a checkout ready to run; does nothing that is already done. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildEngine, buildEntityStore, buildLance } from './native.mjs';
import { installPackages } from './packages.mjs';
import { requirePrerequisites } from './prerequisites.mjs';
import { root, step } from './run.mjs';

/** All but Lance and the entity store, for which nothing else waits. */
export function setUp() {
  requirePrerequisites();
  installPackages();
  buildEngine();
  // What a removed file was compiled to must not be found as a test.
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  step('Compiling the TypeScript', process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    '--project',
    root,
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setUp();
  buildLance();
  buildEntityStore();
}
