/** Which reader's values the statistics of a leaf are compared with. */

import type { FileMetaData, SchemaTree } from 'hyparquet';
import type { Field } from '../types.js';
import { leftOutBy } from './allowances.js';
import { storedAs } from './annotation.js';
import { isArrowType, parseArrowType, valueType } from './arrow-type.js';
import { DUCKDB, type Segment, type ValueRange } from './by-duckdb.js';
import type { LeafRange } from './leaf-ranges.js';
import { renditionOf } from './renditions.js';
import { columnTrees } from './schema-tree.js';
import { orderOf, type OrderedValue } from './value-order.js';

/** Types whose extremes in the native digest are the stored values: integers as text, or strings. */
const AS_STORED = /^(u?int\d+|decimal\d+|date\d+|time\d+|timestamp|duration|(large_)?utf8(_view)?)$/;

function isAsStored(field: Field, node: SchemaTree): boolean {
  if (node.children.length > 0 || !isArrowType(field.type) || leftOutBy(DUCKDB, field.type) !== null) return false;
  const type = valueType(parseArrowType(field.type));
  const rendition = renditionOf(type, storedAs(node.element));
  const isUnconverted = rendition !== null && rendition.times === undefined && rendition.dividedBy === undefined;
  return isUnconverted && type.kind === 'leaf' && AS_STORED.test(type.base);
}

/** A leaf that DuckDB's digest has extremes for is the column of this index, else null. In the order of leaves. */
export function columnsOfLeaves(metadata: FileMetaData, fields: readonly Field[]): readonly (number | null)[] {
  const leavesBelow = (node: SchemaTree): number =>
    node.children.length === 0 ? 1 : node.children.reduce((sum, child) => sum + leavesBelow(child), 0);
  return columnTrees(metadata).flatMap((node, index) => {
    const field = fields[index];
    const isCovered = field !== undefined && isAsStored(field, node);
    return new Array<number | null>(leavesBelow(node)).fill(isCovered ? index : null);
  });
}

/** DuckDB's extremes in the order of the leaf. */
export function storedRange(range: ValueRange, node: SchemaTree['element']): LeafRange {
  const isText = orderOf(node) === 'text';
  const value = (text: string | null): OrderedValue | null =>
    text === null ? null : isText ? Buffer.from(text) : BigInt(text);
  return { nulls: range.nulls, nans: null, min: value(range.min), max: value(range.max) };
}

/** What DuckDB read of a column in a row group. */
export const segmentRange = (segments: readonly Segment[], group: number, column: number): ValueRange | null =>
  segments[group]?.columns[column] ?? null;
