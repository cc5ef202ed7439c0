/** Detector S: the schema in the file's own metadata. DuckDB's is never taken: it loses nullability and wide decimals. */

import type { FileMetaData, SchemaTree } from 'hyparquet';
import { messageOf } from '../misuse.js';
import type { Field, Finding } from '../types.js';
import { annotationOf, storedAs } from './annotation.js';
import { schemaOfMessage } from './arrow-schema.js';
import {
  arrowTypeName,
  isArrowType,
  parseArrowType,
  valueType,
  type ArrowField,
  type ArrowType,
} from './arrow-type.js';
import { describeField } from './field-findings.js';
import { finding, firstFew } from './finding.js';
import { lossesOf, renditionOf } from './renditions.js';
import { columnTrees, declaredField, isRepeated } from './schema-tree.js';

/** Key under which arrow-rs and Arrow C++ keep the Arrow schema, as a message in base64. */
const ARROW_SCHEMA_KEY = 'ARROW:schema';

/** The embedded Arrow schema; null where there is none, a sentence where it cannot be read. */
function embeddedFields(metadata: FileMetaData): readonly Field[] | null | string {
  const text = metadata.key_value_metadata?.find(({ key }) => key === ARROW_SCHEMA_KEY)?.value;
  if (text === undefined) return null;
  try {
    return schemaOfMessage(Buffer.from(text, 'base64')).fields;
  } catch (error) {
    return messageOf(error);
  }
}

/** How much of a schema is compared: names and nullability too, or only what decides how values are read. */
type Strictness = 'all' | 'types';

function fits(field: ArrowField, node: SchemaTree, strictness: Strictness): boolean {
  const runs = field.type.kind === 'run_end_encoded' && field.type.values.nullable;
  const repetition = field.nullable || runs ? 'OPTIONAL' : 'REQUIRED';
  if (isRepeated(node)) return false;
  if (strictness === 'all' && node.element.repetition_type !== repetition) return false;
  return fitsType(field.type, node, strictness);
}

/** Lists and maps may have the names of their children that Parquet's own specification gives them. */
const isNamed = (node: SchemaTree, own: string, specified: string, strictness: Strictness): boolean =>
  strictness === 'types' || node.element.name === own || node.element.name === specified;

function fitsType(type: ArrowType, node: SchemaTree, strictness: Strictness): boolean {
  const value = valueType(type);
  if (value.kind === 'leaf') return node.children.length === 0 && renditionOf(value, storedAs(node.element)) !== null;
  const annotation = annotationOf(node.element);
  if (value.kind === 'struct') {
    if (annotation !== '' || value.fields.length !== node.children.length) return false;
    return value.fields.every((field, index) => {
      const child = node.children[index];
      return (
        child !== undefined && isNamed(child, field.name, field.name, strictness) && fits(field, child, strictness)
      );
    });
  }
  const [repeated, ...others] = node.children;
  if (repeated === undefined || others.length > 0 || !isRepeated(repeated)) return false;
  if (annotationOf(repeated.element) !== '' && annotationOf(repeated.element) !== 'MAP_KEY_VALUE') return false;
  const [first, second] = repeated.children;
  if (value.kind === 'list') {
    if (annotation !== 'LIST' || first === undefined || second !== undefined) return false;
    return isNamed(first, value.item.name, 'element', strictness) && fits(value.item, first, strictness);
  }
  const entries = valueType(value.entries.type);
  if (annotation !== 'MAP' || entries.kind !== 'struct' || repeated.children.length !== 2) return false;
  const [key, mapped] = entries.fields;
  if (key === undefined || mapped === undefined || first === undefined || second === undefined) return false;
  return (
    isNamed(first, key.name, 'key', strictness) &&
    isNamed(second, mapped.name, 'value', strictness) &&
    fits(key, first, strictness) &&
    fits(mapped, second, strictness)
  );
}

/** Whether the Parquet schema of a column is exactly how a field is stored. */
function isStoredAs(field: Field, node: SchemaTree, strictness: Strictness): boolean {
  if (isArrowType(field.type)) return fits({ ...field, type: parseArrowType(field.type) }, node, strictness);
  // What has no type of Arrow's is named as it is stored.
  const declared = declaredField(node);
  return declared.type === field.type && declared.nullable === field.nullable;
}

/**
 * The columns as the file declares them, in its order: those of `ARROW:schema` where it has one that the Parquet schema agrees
 * with, else as the Parquet schema alone can say it. A nested column is one field.
 */
export function fieldsOf(metadata: FileMetaData): readonly Field[] {
  const trees = columnTrees(metadata);
  const embedded = embeddedFields(metadata);
  return trees.map((node, index) => {
    const field = Array.isArray(embedded) ? (embedded as readonly Field[])[index] : undefined;
    const agrees = field?.name === node.element.name && isStoredAs(field, node, 'all');
    return agrees ? field : declaredField(node);
  });
}

/** The columns as the Parquet schema alone declares them. */
export function declaredFields(metadata: FileMetaData): readonly Field[] {
  return columnTrees(metadata).map(declaredField);
}

/**
 * What each column's values are read as: the facts' type where the file stores it, else the file's own, so that a wrong schema
 * does not keep the values from being judged.
 */
export function readAs(expected: readonly Field[], metadata: FileMetaData): readonly Field[] {
  const own = fieldsOf(metadata);
  return columnTrees(metadata).map((node, index) => {
    const declared = own[index] ?? declaredField(node);
    const fact = expected[index];
    const isFact = fact !== undefined && isStoredAs(fact, node, 'types');
    return { ...declared, type: isFact ? fact.type : declared.type };
  });
}

/** With the type of its values where run ends are; arrow-rs keeps them nowhere in a Parquet file, not even in the Arrow schema. */
function withoutRunEnds(field: Field): Field {
  const type = isArrowType(field.type) ? parseArrowType(field.type) : null;
  if (type?.kind !== 'run_end_encoded') return field;
  return { ...field, type: arrowTypeName(type.values.type), nullable: field.nullable || type.values.nullable };
}

/** Types without what is layout: widths of offsets, views, dictionaries, run ends, kinds of lists. */
function withoutLayout(type: ArrowType): ArrowType {
  const value = valueType(type);
  const child = (field: ArrowField): ArrowField => ({ ...field, type: withoutLayout(field.type) });
  switch (value.kind) {
    case 'leaf':
      return { ...value, base: value.base.replace(/^large_|_view$/, '') };
    case 'list':
      return { ...value, base: 'list', item: child(value.item), size: null };
    case 'struct':
      return { ...value, fields: value.fields.map(child) };
    case 'map':
      return { ...value, entries: child(value.entries) };
  }
}

function plain(field: Field | undefined): string {
  if (field === undefined || !isArrowType(field.type)) return describeField(field);
  return describeField({ ...field, type: arrowTypeName(withoutLayout(parseArrowType(field.type))) });
}

export interface SchemaReport {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

function parquetFindings(expected: readonly Field[], trees: readonly SchemaTree[]): readonly Finding[] {
  const count = Math.max(expected.length, trees.length);
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const [field, node] = [expected[index], trees[index]];
    if (field !== undefined && node?.element.name === field.name && isStoredAs(field, node, 'all')) return [];
    const found = describeField(node && declaredField(node));
    const stored = node !== undefined && found === describeField(field) ? `, stored as ${storedAs(node.element)}` : '';
    return [finding('S', `column ${index + 1}`, describeField(field), `${found}${stored}`)];
  });
}

/** Columns of each loss: `dictionaries (columns 3, 4)`. */
function lossNote(expected: readonly Field[]): readonly string[] {
  const columns = new Map<string, string[]>();
  for (const { name, type } of expected.filter((field) => isArrowType(field.type))) {
    for (const what of lossesOf(parseArrowType(type))) columns.set(what, [...(columns.get(what) ?? []), name]);
  }
  if (columns.size === 0) return [];
  const losses = [...columns].map(([what, names]) => `${what} (${firstFew(names, 6)})`);
  return [`without ${ARROW_SCHEMA_KEY} the file does not say: ${losses.join('; ')}`];
}

/**
 * The Parquet schema must be exactly how the expected columns are stored, and the embedded Arrow schema must be theirs. In a file that
 * somebody else made from rows of his own, layouts may be others: the values are the same, and a note says so.
 */
export function checkSchema(expected: readonly Field[], metadata: FileMetaData, isOurs: boolean): SchemaReport {
  const findings = [...parquetFindings(expected, columnTrees(metadata))];
  const embedded = embeddedFields(metadata);
  if (embedded === null) return { findings, notes: lossNote(expected) };
  if (typeof embedded === 'string') {
    findings.push(finding('S', ARROW_SCHEMA_KEY, 'a schema of Arrow', `not readable: ${embedded}`));
    return { findings, notes: [] };
  }
  const other: string[] = [];
  const runs: string[] = [];
  for (let index = 0; index < Math.max(expected.length, embedded.length); index += 1) {
    const [field, found] = [expected[index], embedded[index]];
    if (describeField(field) === describeField(found)) continue;
    if (field !== undefined && describeField(withoutRunEnds(field)) === describeField(found)) runs.push(field.name);
    else if (!isOurs && plain(field) === plain(found)) other.push(describeField(found));
    else
      findings.push(
        finding('S', `column ${index + 1} in ${ARROW_SCHEMA_KEY}`, describeField(field), describeField(found)),
      );
  }
  const notes = [
    ...(runs.length === 0 ? [] : [`the file does not say: run ends (${firstFew(runs, 6)})`]),
    ...(other.length === 0 ? [] : [`columns of another layout, with equal values: ${firstFew(other, 8)}`]),
  ];
  return { findings, notes };
}
