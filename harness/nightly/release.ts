/** The newest release that this tree comes after. */

import { git, harnessRepository } from '../gate/git.js';
import type { LastRelease } from './types.js';

interface Version {
  readonly tag: string;
  readonly numbers: readonly number[];
  /** After the hyphen, such as `rc.1`; empty for a release proper, which comes after them. */
  readonly early: readonly string[];
}

/** `v1.2.3`, `v1.2` or `v1.2.3-rc.1`; other tags are no versions. */
function versionOf(tag: string): Version | null {
  const match = /^v(\d+(?:\.\d+)*)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/.exec(tag);
  if (match === null) return null;
  return { tag, numbers: (match[1] ?? '').split('.').map(Number), early: match[2]?.split('.') ?? [] };
}

function compareParts(one: string, other: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
  if (isNumber && isOtherNumber) return Number(one) - Number(other);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return one < other ? -1 : Number(one > other);
}

/** The order of Semantic Versioning 2.0.0, section 11. */
function compare(one: Version, other: Version): number {
  for (let place = 0; place < Math.max(one.numbers.length, other.numbers.length); place += 1) {
    const difference = (one.numbers[place] ?? 0) - (other.numbers[place] ?? 0);
    if (difference !== 0) return difference;
  }
  if (one.early.length === 0 || other.early.length === 0) {
    return Number(one.early.length === 0) - Number(other.early.length === 0);
  }
  for (let place = 0; place < Math.max(one.early.length, other.early.length); place += 1) {
    const [mine, others] = [one.early[place], other.early[place]];
    if (mine === undefined || others === undefined) return mine === undefined ? -1 : 1;
    const difference = compareParts(mine, others);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The last of the tags in the order of versions; null where none is one. */
export function latestTag(tags: readonly string[]): string | null {
  const versions = tags.flatMap((tag) => versionOf(tag) ?? []);
  return versions.sort(compare).at(-1)?.tag ?? null;
}

/** Of the tags that git knows as ancestors of what is checked out. */
export function lastRelease(): LastRelease {
  const repository = harnessRepository();
  if (repository === null) return { why: 'this is no git checkout, so no release can be built' };
  const tags = git(repository, 'tag', '--list', 'v*', '--merged', 'HEAD').split('\n').filter(Boolean);
  const tag = latestTag(tags);
  if (tag !== null) return { tag };
  return {
    why: 'no tag such as v1.2.3 among the ancestors of this commit (in a shallow clone: git fetch --unshallow --tags)',
  };
}
