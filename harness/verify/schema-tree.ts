/** The tree of a Parquet schema, and the Arrow types that it declares by itself. */

import { parquetSchema, type FileMetaData, type SchemaTree } from 'hyparquet';
import type { Field } from '../types.js';
import { annotationOf, storedAs } from './annotation.js';
import { arrowTypeName, type ArrowField, type ArrowType } from './arrow-type.js';

const WIDEST_DECIMAL128 = 38;

/** The columns of a file. */
export function columnTrees(metadata: FileMetaData): readonly SchemaTree[] {
  return parquetSchema(metadata).children;
}

/** From the root to each leaf, in the order of column chunks. */
export function leafPaths(metadata: FileMetaData): readonly (readonly SchemaTree[])[] {
  const below = (path: readonly SchemaTree[], node: SchemaTree): readonly (readonly SchemaTree[])[] => {
    const own = [...path, node];
    return node.children.length === 0 ? [own] : node.children.flatMap((child) => below(own, child));
  };
  const root = parquetSchema(metadata);
  return root.children.flatMap((child) => below([root], child));
}

export const isRepeated = (node: SchemaTree): boolean => node.element.repetition_type === 'REPEATED';
const isOptional = (node: SchemaTree): boolean => node.element.repetition_type === 'OPTIONAL';

const leaf = (base: string, ...args: readonly string[]): ArrowType => ({ kind: 'leaf', base, args });

/** Arrow's type of a leaf; what has no type of Arrow's is named as it is stored, and equals no fact. */
function leafType(node: SchemaTree): ArrowType {
  const stored = storedAs(node.element);
  const { type, type_length: length = 0 } = node.element;
  const [, word = '', inner = ''] = /^([A-Z0-9_]+)(?:\((.*)\))?$/.exec(annotationOf(node.element)) ?? [];
  const [first = '', second = ''] = inner.split(', ');
  switch (word) {
    case 'DECIMAL':
      return leaf(Number(first) <= WIDEST_DECIMAL128 ? 'decimal128' : 'decimal256', first, second);
    case 'INTEGER':
      return leaf(`${second === 'signed' ? '' : 'u'}int${first}`);
    case 'DATE':
      return leaf('date32');
    case 'TIME':
      return leaf(first === 'ms' ? 'time32' : 'time64', first);
    case 'TIMESTAMP':
      return second === 'UTC' ? leaf('timestamp', first, 'UTC') : leaf('timestamp', first);
    case 'STRING':
      return leaf('utf8');
    case 'FLOAT16':
      return leaf('float16');
    case 'NULL':
      return leaf('null');
    case 'INTERVAL':
      return leaf('interval', 'day_time');
    default:
  }
  if (stored.includes(' ')) return leaf(stored);
  if (type === 'FIXED_LEN_BYTE_ARRAY') return leaf('fixed_size_binary', String(length));
  const bases = { BOOLEAN: 'bool', INT32: 'int32', INT64: 'int64', FLOAT: 'float32', DOUBLE: 'float64' } as const;
  return leaf(type === 'BYTE_ARRAY' ? 'binary' : type === undefined || type === 'INT96' ? stored : bases[type]);
}

/** Whether the repeated child of a list holds the elements, and is none itself (backward-compatibility rules of LogicalTypes.md). */
export function hasElementInside(list: SchemaTree, repeated: SchemaTree): boolean {
  const { name } = repeated.element;
  return repeated.children.length === 1 && name !== 'array' && name !== `${list.element.name}_tuple`;
}

function typeOfNode(node: SchemaTree): ArrowType {
  const annotation = annotationOf(node.element);
  const [only] = node.children;
  if (only === undefined) return leafType(node);
  const isAlone = node.children.length === 1 && isRepeated(only);
  const [key, value] = only.children;
  if (
    isAlone &&
    annotation.startsWith('MAP') &&
    key !== undefined &&
    value !== undefined &&
    only.children.length === 2
  ) {
    const entries: ArrowType = { kind: 'struct', fields: [fieldOfNode(key), fieldOfNode(value)] };
    return {
      kind: 'map',
      entries: { name: only.element.name, type: entries, nullable: false },
      isSorted: false,
    };
  }
  if (isAlone && annotation === 'LIST') {
    const item = hasElementInside(node, only) && key !== undefined ? fieldOfNode(key) : element(only);
    return { kind: 'list', base: 'list', item, size: null };
  }
  return { kind: 'struct', fields: node.children.map(fieldOfNode) };
}

const element = (node: SchemaTree): ArrowField => ({
  name: node.element.name,
  type: typeOfNode(node),
  nullable: isOptional(node),
});

/** A repeated node that is in no list is a list of its own. */
function fieldOfNode(node: SchemaTree): ArrowField {
  if (!isRepeated(node)) return element(node);
  const type: ArrowType = { kind: 'list', base: 'list', item: element(node), size: null };
  return { name: node.element.name, type, nullable: false };
}

/** A column as the Parquet schema alone declares it. */
export function declaredField(node: SchemaTree): Field {
  const { name, type, nullable } = fieldOfNode(node);
  return { name, type: arrowTypeName(type), nullable };
}
