/** What queries need to know of the rows of an entity store: native/entity-store/ENTITIES.md, written again. */

/** What every entity store is made from. */
export const ENTITY_SEED = 1;

const MASK = (1n << 64n) - 1n;

/** SplitMix64 (Steele, Lea and Flood 2014). */
export function mix(state: bigint): bigint {
  let z = (state + 0x9e37_79b9_7f4a_7c15n) & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn) & MASK;
  return z ^ (z >> 31n);
}

const SEED = BigInt(ENTITY_SEED);
const baseOf = (row: number): bigint => mix(SEED ^ mix(BigInt(row)));

export const idOf = (row: number): number => row * 1000 + Number(mix(baseOf(row)) % 1000n);

export const isDeleted = (row: number): boolean =>
  BigInt(row) === mix(SEED) % 10n || mix((baseOf(row) + 128n) & MASK) % 20n === 0n;

/** From 0 to 63. */
export const groupOf = (row: number, rows: number): number => Math.floor((row * 64) / rows);

/** The first row from this one on that is not deleted. */
export function liveFrom(row: number): number {
  let found = row;
  while (isDeleted(found)) found += 1;
  return found;
}

const CATEGORIES = ['book', 'music', 'garden', 'kitchen', 'travel', 'sport', 'office', 'pet'] as const;

/** Column 8. */
export const categoryOf = (row: number): string => CATEGORIES[Number(mix((baseOf(row) + 8n) & MASK) % 8n)] ?? '';

/** Rows up to the one that completes so many live ones that pass, or all. */
export function rowsUntil(live: number, rows: number, passes: (row: number) => boolean = () => true): number {
  let seen = 0;
  for (let row = 0; row < rows; row += 1) {
    if (!isDeleted(row) && passes(row)) seen += 1;
    if (seen === live) return row + 1;
  }
  return rows;
}
