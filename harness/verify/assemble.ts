/**
 * Nested columns from the levels of their leaves (Melnik et al., "Dremel", 2010, section 4). A *slot* is a place at which a node may have
 * a value: a row, or an element of the list around it.
 */

import type { SchemaTree } from 'hyparquet';
import type { ColumnBuffers } from '../native.js';
import { storedAs } from './annotation.js';
import { valueType, type ArrowType } from './arrow-type.js';
import type { LeafValues } from './chunk-values.js';
import { leafBuffers } from './leaf-buffers.js';
import { renditionOf } from './renditions.js';
import { hasElementInside } from './schema-tree.js';

/** Where the slots of a node begin: at entries of at most this repetition, where the list around is defined so far. */
interface Place {
  readonly repetition: number;
  /** Definition of an element of the nearest list around; 0 at the top. */
  readonly element: number;
  /** Definition of the node's parent. */
  readonly parent: number;
}

interface Built {
  readonly rows: number;
  readonly buffers: ColumnBuffers;
}

/** What one leaf says of a node: a byte for each slot, 1 where the node is defined, and of a list where its elements begin. */
interface Structure {
  readonly rows: number;
  readonly validity: Uint8Array | null;
  readonly offsets: Int32Array | null;
}

function slotsOf(leaf: LeafValues, place: Place): readonly number[] | null {
  // Every entry is a slot.
  if (leaf.repetition === null) return null;
  const slots: number[] = [];
  for (let entry = 0; entry < leaf.entries; entry += 1) {
    const isStart = (leaf.repetition[entry] ?? 0) <= place.repetition;
    if (isStart && (leaf.definition?.[entry] ?? leaf.maxDefinition) >= place.element) slots.push(entry);
  }
  return slots;
}

/** Which slots are defined to `level`. */
function validityOf(leaf: LeafValues, slots: readonly number[] | null, level: number): Uint8Array | null {
  const { definition } = leaf;
  if (definition === null) return null;
  const rows = slots?.length ?? leaf.entries;
  const validity = new Uint8Array(rows);
  let nulls = 0;
  for (let row = 0; row < rows; row += 1) {
    const isDefined = (definition[slots === null ? row : (slots[row] ?? 0)] ?? 0) >= level;
    if (isDefined) validity[row] = 1;
    else nulls += 1;
  }
  return nulls === 0 ? null : validity;
}

/** Where the elements of each slot's list begin. */
function offsetsOf(leaf: LeafValues, slots: readonly number[], repetition: number, element: number): Int32Array {
  const offsets = new Int32Array(slots.length + 1);
  let count = 0;
  for (const [row, start] of slots.entries()) {
    const end = slots[row + 1] ?? leaf.entries;
    offsets[row] = count;
    for (let entry = start; entry < end; entry += 1) {
      const isElement = (leaf.repetition?.[entry] ?? 0) <= repetition;
      if (isElement && (leaf.definition?.[entry] ?? leaf.maxDefinition) >= element) count += 1;
    }
  }
  offsets[slots.length] = count;
  return offsets;
}

const equal = (one: ArrayLike<number> | null, other: ArrayLike<number> | null): boolean =>
  one === other ||
  (one !== null && other !== null && one.length === other.length && Buffer.compare(bytesOf(one), bytesOf(other)) === 0);

const bytesOf = (numbers: ArrayLike<number>): Buffer => Buffer.from(Int32Array.from(numbers).buffer);

/** All leaves below a node must say the same of it. */
function structureOf(
  node: SchemaTree,
  leaves: readonly LeafValues[],
  describe: (leaf: LeafValues) => Structure,
): Structure {
  const [first, ...others] = leaves;
  if (first === undefined) throw new Error(`${node.path.join('.')} has no leaves`);
  const structure = describe(first);
  for (const leaf of others) {
    const other = describe(leaf);
    const isSame =
      other.rows === structure.rows &&
      equal(other.validity, structure.validity) &&
      equal(other.offsets, structure.offsets);
    if (!isSame) {
      const name = (one: LeafValues): string => one.path.at(-1)?.path.join('.') ?? '';
      throw new Error(`levels of ${name(first)} and ${name(leaf)} describe ${node.path.join('.')} differently`);
    }
  }
  return structure;
}

const isBelow = (leaf: LeafValues, node: SchemaTree): boolean => leaf.path.includes(node);

function leafOf(type: ArrowType, node: SchemaTree, leaf: LeafValues, place: Place): Built {
  const value = valueType(type);
  const rendition = renditionOf(value, storedAs(node.element));
  if (value.kind !== 'leaf' || rendition === null) {
    throw new Error(`${node.path.join('.')}, stored as ${storedAs(node.element)}, cannot be read as its declared type`);
  }
  const slots = slotsOf(leaf, place);
  const rows = slots?.length ?? leaf.entries;
  const validity = validityOf(leaf, slots, leaf.maxDefinition);
  return { rows, buffers: leafBuffers(value, rendition, { rows, validity, values: leaf.values }) };
}

function structOf(
  types: readonly ArrowType[],
  nodes: readonly SchemaTree[],
  leaves: readonly LeafValues[],
  place: Place,
): { readonly rows: number; readonly children: readonly ColumnBuffers[] } {
  const built = nodes.map((child, index) => {
    const type = types[index];
    if (type === undefined) throw new Error(`${child.path.join('.')} is no field of the declared struct`);
    return build(
      type,
      child,
      leaves.filter((leaf) => isBelow(leaf, child)),
      place,
    );
  });
  return { rows: built[0]?.rows ?? 0, children: built.map(({ buffers }) => buffers) };
}

/** The buffers of a node and of all below it. */
function build(type: ArrowType, node: SchemaTree, leaves: readonly LeafValues[], place: Place): Built {
  const [only, ...others] = leaves;
  if (only !== undefined && others.length === 0 && node.children.length === 0) return leafOf(type, node, only, place);
  const value = valueType(type);
  const level = place.parent + (node.element.repetition_type === 'OPTIONAL' ? 1 : 0);
  const nulls = (validity: Uint8Array | null): Pick<ColumnBuffers, 'validity'> =>
    validity === null ? {} : { validity };
  if (value.kind === 'struct') {
    const structure = structureOf(node, leaves, (leaf) => {
      const slots = slotsOf(leaf, place);
      return { rows: slots?.length ?? leaf.entries, validity: validityOf(leaf, slots, level), offsets: null };
    });
    const types = value.fields.map((field) => field.type);
    const { children } = structOf(types, node.children, leaves, { ...place, parent: level });
    return { rows: structure.rows, buffers: { children, ...nulls(structure.validity) } };
  }
  const [repeated] = node.children;
  if (value.kind === 'leaf' || repeated === undefined) throw new Error(`${node.path.join('.')} is no list`);
  const inner: Place = { repetition: place.repetition + 1, element: level + 1, parent: level + 1 };
  const structure = structureOf(node, leaves, (leaf) => {
    const slots = slotsOf(leaf, place) ?? [];
    const offsets = offsetsOf(leaf, slots, inner.repetition, inner.element);
    return { rows: slots.length, validity: validityOf(leaf, slots, level), offsets };
  });
  const offsets = structure.offsets ?? new Int32Array(1);
  return {
    rows: structure.rows,
    buffers: { offsets, children: [elementsOf(value, node, repeated, leaves, inner)], ...nulls(structure.validity) },
  };
}

function elementsOf(
  value: Extract<ArrowType, { readonly kind: 'list' | 'map' }>,
  node: SchemaTree,
  repeated: SchemaTree,
  leaves: readonly LeafValues[],
  place: Place,
): ColumnBuffers {
  if (value.kind === 'list') {
    const [element = repeated] = hasElementInside(node, repeated) ? repeated.children : [];
    return build(value.item.type, element, leaves, place).buffers;
  }
  const entries = valueType(value.entries.type);
  if (entries.kind !== 'struct') throw new Error(`${repeated.path.join('.')} holds no pairs`);
  const types = entries.fields.map((field) => field.type);
  return { children: structOf(types, repeated.children, leaves, place).children };
}

/** The buffers of a top-level column from all of its leaves. */
export function assemble(type: ArrowType, node: SchemaTree, leaves: readonly LeafValues[]): ColumnBuffers {
  return build(type, node, leaves, { repetition: 0, element: 0, parent: 0 }).buffers;
}
