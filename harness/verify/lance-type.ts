/** Logical types of Lance's manifest (lance-core 14, `LogicalType`) as Arrow's names, and what they no longer say of an Arrow type. */

import type { Field } from '../types.js';
import { arrowTypeName, isArrowType, parseArrowType, type ArrowField, type ArrowType } from './arrow-type.js';

/** A field of the manifest, which lists them flat, each with the id of the one around it. */
export interface LogicalField {
  readonly id: number;
  /** −1 at the top. */
  readonly parentId: number;
  readonly name: string;
  readonly logicalType: string;
  readonly nullable: boolean;
}

/** Types with another name here than there. */
const PLAIN: Readonly<{ [logical: string]: string }> = {
  null: 'null',
  bool: 'bool',
  halffloat: 'float16',
  float: 'float32',
  double: 'float64',
  string: 'utf8',
  large_string: 'large_utf8',
  binary: 'binary',
  large_binary: 'large_binary',
  'date32:day': 'date32',
  'date64:ms': 'date64',
};

/** The name of a type without children; null for one that is not known. */
function leafName(logical: string): string | null {
  const plain = PLAIN[logical];
  if (plain !== undefined) return plain;
  if (/^u?int(8|16|32|64)$/.test(logical)) return logical;
  const [base = '', ...args] = logical.split(':');
  const [first = '', second = '', third = ''] = args;
  switch (base) {
    case 'decimal':
      return `decimal${first}(${second}, ${third})`;
    case 'time32':
    case 'time64':
    case 'duration':
      return `${base}[${first}]`;
    case 'timestamp': {
      // A zone such as +05:30 has the separator in it.
      const zone = args.slice(1).join(':');
      return zone === '-' ? `timestamp[${first}]` : `timestamp[${first}, ${zone}]`;
    }
    case 'fixed_size_binary':
      return `fixed_size_binary(${first})`;
    case 'dict': {
      const [values, keys] = [leafName(first), leafName(second)];
      return values === null || keys === null ? null : `dictionary<${keys}, ${values}>`;
    }
    case 'fixed_size_list': {
      const values = leafName(args.slice(0, -1).join(':'));
      return values === null ? null : `fixed_size_list<item: ${values}, ${args.at(-1) ?? ''}>`;
    }
    default:
      return null;
  }
}

function leafType(logical: string): ArrowType {
  const name = leafName(logical);
  if (name === null || !isArrowType(name)) throw new Error(`logical type "${logical}" is not known`);
  return parseArrowType(name);
}

function typeOf(field: LogicalField, children: readonly ArrowField[]): ArrowType {
  const { logicalType, name } = field;
  const only = (): ArrowField => {
    const [child, ...more] = children;
    if (child !== undefined && more.length === 0) return child;
    throw new Error(`field ${name} of logical type "${logicalType}" has ${children.length} children: expected 1`);
  };
  if (logicalType === 'struct') return { kind: 'struct', fields: children };
  if (logicalType === 'map') return { kind: 'map', entries: only(), isSorted: false };
  const list = /^(list|large_list)(\.struct)?$/.exec(logicalType)?.[1];
  if (list === 'list' || list === 'large_list') return { kind: 'list', base: list, item: only(), size: null };
  const size = /^fixed_size_list:struct:(\d+)$/.exec(logicalType)?.[1];
  if (size !== undefined) return { kind: 'list', base: 'fixed_size_list', item: only(), size: Number(size) };
  if (children.length > 0) throw new Error(`field ${name} of logical type "${logicalType}" has children`);
  return leafType(logicalType);
}

/** The columns that the manifest's fields describe. Throws the sentence of fields that do not fit together. */
export function columnsOf(fields: readonly LogicalField[]): readonly Field[] {
  const below = new Map<number, LogicalField[]>();
  for (const field of fields) below.set(field.parentId, [...(below.get(field.parentId) ?? []), field]);
  let placed = 0;
  const build = (field: LogicalField, depth: number): ArrowField => {
    placed += 1;
    if (placed > fields.length || depth > fields.length) throw new Error('fields are children of each other');
    const children = (below.get(field.id) ?? []).map((child) => build(child, depth + 1));
    return { name: field.name, type: typeOf(field, children), nullable: field.nullable };
  };
  const columns = (below.get(-1) ?? []).map((field) => build(field, 0));
  if (placed !== fields.length) throw new Error(`${fields.length - placed} fields belong to no column`);
  return columns.map((column) => ({ ...column, type: arrowTypeName(column.type) }));
}

/** What Lance does not say of a type. Its readers return what is left: a note says so. A test counts them. */
export const LANCE_LOSSES = {
  views: 'that values are views',
  items: 'name and nullability of the items of lists of fixed size',
} as const;

/** A type as Lance keeps it; `lost` takes what it does not say. */
function kept(type: ArrowType, lost: (what: string) => void): ArrowType {
  const child = (field: ArrowField): ArrowField => ({ ...field, type: kept(field.type, lost) });
  switch (type.kind) {
    case 'leaf': {
      const base = type.base.replace(/_view$/, '');
      if (base !== type.base) lost(LANCE_LOSSES.views);
      return { ...type, base };
    }
    case 'list': {
      const item = child(type.item);
      if (type.base !== 'fixed_size_list' || item.type.kind === 'struct') return { ...type, item };
      if (item.name !== 'item' || !item.nullable) lost(LANCE_LOSSES.items);
      return { ...type, item: { ...item, name: 'item', nullable: true } };
    }
    case 'struct':
      return { ...type, fields: type.fields.map(child) };
    case 'map':
      return { ...type, entries: child(type.entries) };
    case 'dictionary':
      return { ...type, values: kept(type.values, lost) };
    case 'run_end_encoded':
      return { ...type, values: child(type.values) };
  }
}

/** How Lance keeps the expected columns, and a note on what it then does not say. */
export function asKept(expected: readonly Field[]): {
  readonly fields: readonly Field[];
  readonly notes: readonly string[];
} {
  const losses = new Map<string, string[]>();
  const fields = expected.map((field) => {
    if (!isArrowType(field.type)) return field;
    const lost = new Set<string>();
    const type = arrowTypeName(kept(parseArrowType(field.type), (what) => lost.add(what)));
    for (const what of lost) losses.set(what, [...(losses.get(what) ?? []), field.name]);
    return { ...field, type };
  });
  const notes = [...losses].map(([what, columns]) => `Lance does not say ${what} (${columns.join(', ')})`);
  return { fields, notes };
}
