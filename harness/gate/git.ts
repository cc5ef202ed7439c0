/** What git says of a repository: that of this harness, or the user's own. */

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Misuse } from '../misuse.js';
import { PACKAGE_ROOT } from '../paths.js';
import { nearest } from '../plan/names.js';

export interface Revision {
  readonly commit: string;
  readonly tree: string;
}

/** Runs git in a folder; throws where it fails. */
export function git(folder: string, ...words: readonly string[]): string {
  return execFileSync('git', ['-C', folder, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

function tried(folder: string, ...words: readonly string[]): string | null {
  try {
    return git(folder, ...words);
  } catch {
    return null;
  }
}

/** The top folder of the repository that a folder lies in, or null. */
export const repositoryOf = (folder: string): string | null => tried(folder, 'rev-parse', '--show-toplevel');

/** The repository that this harness runs from; null where it was installed as a package, which may lie in somebody else's. */
export const harnessRepository = (): string | null =>
  existsSync(path.join(PACKAGE_ROOT, '.git')) ? PACKAGE_ROOT : null;

/** The commit that a ref names, or null. */
export function revisionOf(repository: string, ref: string): Revision | null {
  if (ref.startsWith('-')) throw new Misuse(`"${ref}" is no git ref: expected a branch, a tag or a commit.`);
  const commit = tried(repository, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
  return commit === null ? null : { commit, tree: git(repository, 'rev-parse', `${commit}^{tree}`) };
}

/** The commit of a working tree, and whether files differ from it. */
export function stateOf(repository: string): (Revision & { readonly dirty: boolean }) | null {
  const head = revisionOf(repository, 'HEAD');
  return head === null ? null : { ...head, dirty: git(repository, 'status', '--porcelain') !== '' };
}

/** Branches and tags like a name, for the sentence about one that does not exist. */
export function nearestRefs(repository: string, text: string): readonly string[] {
  const names = tried(repository, 'for-each-ref', '--format=%(refname:short)', 'refs/heads', 'refs/tags') ?? '';
  return nearest(text, names.split('\n').filter(Boolean));
}
