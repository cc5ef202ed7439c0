/** Stacks → shares of CPU time by category. Pure; the rules are data (rules.json). */

import { readFileSync } from 'node:fs';
import { CATEGORIES, type Category, type Profile, type SampledStacks } from '../types.js';
import { messageOf, Misuse } from '../misuse.js';
import { PROFILE_RULES } from '../paths.js';

/** Which category a frame stands for. The first rule that matches a frame decides for it. */
export interface Rule {
  readonly category: Category;
  /** A regular expression, searched for in the demangled name. */
  readonly pattern: string;
  /** Why. */
  readonly note: string;
}

interface CompiledRule {
  readonly category: Category;
  readonly pattern: RegExp;
}

/** Names of unclassified frames that are told. */
const TOLD = 5;

/** The rules of a document, or a sentence that says which is wrong. */
export function parseRules(text: string): readonly Rule[] {
  const { rules } = JSON.parse(text) as { readonly rules: readonly Partial<Rule>[] };
  return rules.map((rule, index) => {
    const { category, pattern, note } = rule;
    const known = CATEGORIES.find((one) => one === category);
    const wrong = (what: string): Misuse => new Misuse(`Rule ${index + 1} of the profile's rules ${what}.`);
    if (known === undefined) {
      throw wrong(`has the category "${String(category)}": expected one of ${CATEGORIES.join(', ')}`);
    }
    if (pattern === undefined || pattern === '' || note === undefined || note === '') {
      throw wrong('lacks its pattern or its note: expected text for both');
    }
    try {
      new RegExp(pattern);
    } catch (error) {
      throw wrong(`has a pattern that is no regular expression: ${messageOf(error)}`);
    }
    return { category: known, pattern, note };
  });
}

export const readRules = (): readonly Rule[] => parseRules(readFileSync(PROFILE_RULES, 'utf8'));

/**
 * The innermost frame that any rule matches decides for its stack: an allocation within an encoder is memory, and a function of
 * no rule counts for the one that called it. A stack without such a frame is unclassified, and its innermost frame is told.
 */
export function categorise({ hz, dropped, frames, stacks }: SampledStacks, rules: readonly Rule[]): Profile {
  const compiled = rules.map(({ category, pattern }): CompiledRule => ({ category, pattern: new RegExp(pattern) }));
  const byFrame = frames.map((name) => compiled.find(({ pattern }) => pattern.test(name))?.category ?? null);
  const counts = new Map<Category, number>(CATEGORIES.map((category) => [category, 0]));
  const unclassified = new Map<string, number>();
  let [samples, known] = [0, 0];
  for (const stack of stacks) {
    samples += stack.samples;
    const decisive = stack.frames.find((frame) => (byFrame[frame] ?? null) !== null);
    const category = decisive === undefined ? null : (byFrame[decisive] ?? null);
    if (category === null) {
      const innermost = frames[stack.frames[0] ?? -1] ?? '[no frame]';
      unclassified.set(innermost, (unclassified.get(innermost) ?? 0) + stack.samples);
      continue;
    }
    known += stack.samples;
    counts.set(category, (counts.get(category) ?? 0) + stack.samples);
  }
  const share = (count: number): number => (samples === 0 ? 0 : count / samples);
  return {
    samples,
    hz,
    dropped,
    categories: Object.fromEntries(
      [...counts].map(([category, count]) => [category, share(count)]),
    ) as Profile['categories'],
    unclassifiedShare: share(samples - known),
    topUnclassified: [...unclassified]
      .sort(([, one], [, other]) => other - one)
      .slice(0, TOLD)
      .map(([name]) => name),
  };
}
