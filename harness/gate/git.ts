/** What git says of the checkout that this harness runs from. */

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Misuse } from '../misuse.js';
import { PACKAGE_ROOT } from '../paths.js';

export interface Revision {
  readonly commit: string;
  readonly tree: string;
}

/** Runs git in the checkout; throws where it fails. */
export function git(...words: readonly string[]): string {
  return execFileSync('git', ['-C', PACKAGE_ROOT, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

export const isCheckout = (): boolean => existsSync(path.join(PACKAGE_ROOT, '.git'));

/** The commit that a ref names, or null. */
export function revisionOf(ref: string): Revision | null {
  if (ref.startsWith('-')) throw new Misuse(`"${ref}" is no git ref: expected a branch, a tag or a commit.`);
  if (!isCheckout()) return null;
  try {
    const commit = git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
    return { commit, tree: git('rev-parse', '--verify', '--quiet', `${commit}^{tree}`) };
  } catch {
    return null;
  }
}

/** Branches and tags, for the sentence about one that does not exist. */
export function knownRefs(): readonly string[] {
  if (!isCheckout()) return [];
  return git('for-each-ref', '--format=%(refname:short)', 'refs/heads', 'refs/tags').split('\n').filter(Boolean);
}
