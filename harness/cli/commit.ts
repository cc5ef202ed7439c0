import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { packageJson } from '../machine.js';
import { PACKAGE_ROOT } from '../paths.js';
import type { Run } from '../types.js';

/** The version of writeproof, and the commit when it runs from a checkout. */
export function ownVersion(): Run['writeproof'] {
  const { version } = packageJson();
  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-C', PACKAGE_ROOT, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  if (!existsSync(path.join(PACKAGE_ROOT, '.git'))) return { version, commit: null, dirty: null };
  try {
    return { version, commit: git('rev-parse', 'HEAD'), dirty: git('status', '--porcelain') !== '' };
  } catch {
    // No git, or a checkout of another user that git refuses to read.
    return { version, commit: null, dirty: null };
  }
}
