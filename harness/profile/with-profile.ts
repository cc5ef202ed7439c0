/** The samples of a case's workers, put into categories, in its verdict. */

import type { Evidence } from '../run/judge.js';
import type { SampledStacks, Verdict } from '../types.js';
import { categorise, readRules } from './categories.js';

/** Samples of several workers as those of one. */
export function mergeStacks(all: readonly SampledStacks[]): SampledStacks | null {
  const [first, ...others] = all;
  if (first === undefined || others.length === 0) return first ?? null;
  const frames: string[] = [];
  const stacks: SampledStacks['stacks'][number][] = [];
  for (const one of all) {
    const offset = frames.length;
    frames.push(...one.frames);
    stacks.push(...one.stacks.map((stack) => ({ ...stack, frames: stack.frames.map((frame) => offset + frame) })));
  }
  return { hz: first.hz, dropped: all.reduce((sum, { dropped }) => sum + dropped, 0), frames, stacks };
}

/** Only a verified case has a profile, and only where each of its workers was sampled. */
export function withProfile(verdict: Verdict, parts: readonly Evidence[]): Verdict {
  if (verdict.status !== 'verified') return verdict;
  const sampled = parts.flatMap(({ worker: { report } }) =>
    report?.outcome === 'done' && report.stacks !== undefined ? [report.stacks] : [],
  );
  const merged = sampled.length === parts.length ? mergeStacks(sampled) : null;
  if (merged === null) return verdict;
  return { ...verdict, measurement: { ...verdict.measurement, profile: categorise(merged, readRules()) } };
}
