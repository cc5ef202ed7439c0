/**
 * `npm start`: sets up and runs the quick suite. Where Lance is not built yet, its cases are skipped first; it is built once the
 * others stand in a table, and completes that.
 */
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { buildLance, isLanceBuilt } from './native.mjs';
import { root } from './run.mjs';
import { setUp } from './setup.mjs';

/** @param {string[]} args */
function run(args) {
  const result = spawnSync(process.execPath, [join(root, 'harness/cli/writeproof.mjs'), 'run', ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return result.status ?? 130;
}

setUp();
const own = process.argv.slice(2);
// With flags of the user's own nobody knows which run to go on with.
if (own.length > 0) buildLance();
const early = !isLanceBuilt();
let status = run(['--suite', 'quick', ...own]);
if (early && status === 0) {
  buildLance();
  status = run(['--resume', 'last']);
}
process.exit(status);
