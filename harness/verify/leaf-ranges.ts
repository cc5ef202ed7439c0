import type { SchemaElement } from 'hyparquet';
import type { LeafValues } from './chunk-values.js';
import { compareValues, orderOf, valueOfPage, type OrderedValue } from './value-order.js';

/** The values of one leaf in one row group. */
export interface LeafRange {
  readonly nulls: number;
  /** Null where nobody counted them. */
  readonly nans: number | null;
  /** Smallest and largest in Parquet's order, NaN left out; null where there is none. */
  readonly min: OrderedValue | null;
  readonly max: OrderedValue | null;
}

/** What was read of a leaf. Entries without a value count as nulls, also where a list or struct around them is null or empty. */
export function rangeOf(element: SchemaElement, leaf: LeafValues): LeafRange {
  const order = orderOf(element);
  const present = leaf.values.reduce((sum, chunk) => sum + chunk.length, 0);
  let min: OrderedValue | null = null;
  let max: OrderedValue | null = null;
  let nans = 0;
  for (const chunk of order === null ? [] : leaf.values) {
    for (const stored of chunk as Iterable<unknown>) {
      const value = valueOfPage(stored, order ?? 'bytes');
      if (Number.isNaN(value)) {
        nans += 1;
        continue;
      }
      if (min === null || compareValues(value, min) < 0) min = value;
      if (max === null || compareValues(value, max) > 0) max = value;
    }
  }
  return { nulls: leaf.entries - present, nans, min, max };
}
