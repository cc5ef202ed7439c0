/** Random tables for writers: a schema, values, and batches of many sizes, those without rows among them. */

import fc from 'fast-check';
import type { DescribedColumn, DescribedTable } from '../digest/described.js';
import { randomColumn } from '../digest/random-table.js';

/** Few rows mostly, and more than a bitmap has in a word or two. */
const rowCounts = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 1, arbitrary: fc.integer({ min: 60, max: 140 }) },
);

/** Named apart; required where that is drawn and holds. */
const named = (column: DescribedColumn, index: number, mayBeRequired: boolean): DescribedColumn => {
  const hasNulls = column.type === 'null' || column.values.includes(null);
  return { ...column, name: `c${index}`, nullable: hasNulls || !mayBeRequired };
};

export const randomTableOfBatches: fc.Arbitrary<DescribedTable> = rowCounts.chain((rows) =>
  fc
    .record({
      columns: fc.array(fc.tuple(randomColumn(rows), fc.boolean()), { minLength: 1, maxLength: 6 }),
      chunks: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: Math.floor(rows / 3) })), { maxLength: 3 }),
    })
    .map(({ columns, chunks }) => ({
      columns: columns.map(([column, mayBeRequired], index) => named(column, index, mayBeRequired)),
      chunks,
    })),
);
