import { distance } from 'fastest-levenshtein';
import { Misuse } from '../misuse.js';

/** At most three known names, nearest first, none further away than half of its own length. */
export function nearest(name: string, known: readonly string[]): readonly string[] {
  return known
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= Math.max(2, Math.floor(candidate.length / 2)))
    .sort((one, other) => one.edits - other.edits)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

function sentence(kind: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const hint = near.length > 0 ? `; did you mean ${near.map((text) => `"${text}"`).join(' or ')}?` : '.';
  return `Unknown ${kind} "${name}": expected ${known.length > 0 ? `one of ${known.join(', ')}` : 'none'}${hint}`;
}

/** The named entry of a registry, or a sentence with the nearest names. */
export function find<Entry extends { readonly name: string }>(
  kind: string,
  name: string,
  entries: readonly Entry[],
): Entry {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry !== undefined) return entry;
  throw new Misuse(
    sentence(
      kind,
      name,
      entries.map((candidate) => candidate.name),
    ),
  );
}

/** `name` as one of a closed list. */
export function oneOf<Name extends string>(kind: string, name: string, names: readonly Name[]): Name {
  const known = names.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  throw new Misuse(sentence(kind, name, names));
}
