/**
 * Honest writers that are slower or larger by a known amount: they prove that a gate sees it. They lose nothing, and so are no faults
 * and not in the catalogue, though the library of the faults holds them (test/faults/src/handicap.rs).
 */

import { faultyWriter } from './faults/faulty-writer.js';
import type { OptionValue, WriterSpec } from './types.js';

export const HANDICAPS = ['slow-spin', 'slow-sleep', 'more-memory'] as const;

export type Handicap =
  /** Time of a processor, or time alone: a share of what each call of the honest writer takes. */
  | { readonly kind: 'slow-spin' | 'slow-sleep'; readonly share?: number }
  /** Until close: a share of each batch's bytes where the writer accumulates, so many bytes from create on where it streams. */
  | { readonly kind: 'more-memory'; readonly share?: number; readonly bytes?: number };

/**
 * An honest library writer with a handicap, under the honest one's name: cases of both have the same ids. Its settings are what a
 * job's writer options must hold beside those of the case; a plan puts them into the case, and with it into its id.
 */
export function handicapped(
  honest: WriterSpec,
  { kind, ...costs }: Handicap,
): WriterSpec & { readonly settings: Readonly<{ [name: string]: OptionValue }> } {
  if (honest.holder.kind !== 'library') throw new RangeError(`${honest.name} is no library: it takes no handicap`);
  const faulty = faultyWriter(honest);
  const settings = { ...honest.settings, over: honest.name, fault: kind, ...costs };
  return { ...faulty, name: honest.name, about: `${honest.name}, ${kind}`, settings };
}
