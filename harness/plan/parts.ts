import type { Case } from '../types.js';

/** A case of one worker for each part that is written at once, in order; the case itself where it has one worker. */
export function partCases<Kind extends Case>(one: Kind): readonly Kind[] {
  const { parts: count } = one.options;
  if (!(count > 1)) return [one];
  return Array.from({ length: count }, (_, index) => ({
    ...one,
    options: { ...one.options, part: { index: index + 1, count }, parts: 1 },
  }));
}
