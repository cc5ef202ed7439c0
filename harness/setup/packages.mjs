/** Installs the locked npm packages when what is installed does not match the lock file. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, step } from './run.mjs';

export function installPackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules/.writeproof-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    return;
  }
  // Not `npm ci`: it refuses a lock file without the optional packages of other platforms, which a registry may not have.
  // With --no-save the locked versions and checksums hold all the same, and the lock file stays as it is.
  step('Installing the npm packages', 'npm', ['install', '--no-save', '--no-fund', '--no-audit', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}
