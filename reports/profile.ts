/** Where the CPU time of profiled cases went, by category. */

import { isWriteSummary, type CaseSummary } from '../harness/summary.js';
import { CATEGORIES, type Profile } from '../harness/types.js';
import { countText } from './format.js';

const shareText = (share: number): string => `${(100 * share).toFixed(1)} %`;

export const PROFILE_HEADINGS = ['CPU time of', ...CATEGORIES, 'unclassified', 'samples'] as const;

/** Samples of all repetitions together. */
export function mergeProfiles(profiles: readonly Profile[]): Profile | null {
  const [first, ...others] = profiles;
  if (first === undefined || others.length === 0) return first ?? null;
  const samples = profiles.reduce((sum, one) => sum + one.samples, 0);
  const share = (of: (one: Profile) => number): number =>
    samples === 0 ? 0 : profiles.reduce((sum, one) => sum + of(one) * one.samples, 0) / samples;
  return {
    ...first,
    samples,
    dropped: profiles.reduce((sum, { dropped }) => sum + dropped, 0),
    categories: Object.fromEntries(
      CATEGORIES.map((category) => [category, share((one) => one.categories[category])]),
    ) as Profile['categories'],
    unclassifiedShare: share((one) => one.unclassifiedShare),
    topUnclassified: [...new Set(profiles.flatMap(({ topUnclassified }) => topUnclassified))],
  };
}

/** A row for each case whose repetitions were sampled. */
export function profileRows(summaries: readonly CaseSummary[]): readonly (readonly string[])[] {
  return summaries.filter(isWriteSummary).flatMap(({ case: one, figures }) => {
    const profile = mergeProfiles(figures?.profiles ?? []);
    if (profile === null) return [];
    const shares = CATEGORIES.map((category) => shareText(profile.categories[category]));
    return [[one.id, ...shares, shareText(profile.unclassifiedShare), countText(profile.samples)]];
  });
}

/** What is to be known of profiled cases; nothing where there are none. */
export function profileTexts(summaries: readonly CaseSummary[]): readonly string[] {
  const profiled = summaries.filter(isWriteSummary).filter(({ case: one, figures }) => {
    return one.options.profile && figures !== null;
  });
  if (profiled.length === 0) return [];
  const of = profiled.flatMap(({ case: one, figures }): readonly string[] => {
    const profile = mergeProfiles(figures?.profiles ?? []);
    if (profile === null) return [`${one.id}: profile not measured (its notes say why)`];
    const dropped = profile.dropped === 0 ? [] : [`${one.id}: ${countText(profile.dropped)} samples found no room`];
    if (profile.topUnclassified.length === 0) return dropped;
    return [...dropped, `${one.id}: unclassified are ${profile.topUnclassified.join('; ')}`];
  });
  return ['profile=on: sampling slows what is measured, so these times are compared with none', ...of];
}
