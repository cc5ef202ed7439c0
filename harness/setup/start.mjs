/** `npm start`: sets up, then runs the quick suite and prints its report. */
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { root } from './run.mjs';
import { setUp } from './setup.mjs';

setUp();
const result = spawnSync(
  process.execPath,
  [join(root, 'harness/cli/writeproof.mjs'), 'run', '--suite', 'quick', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
process.exit(result.status ?? 130);
