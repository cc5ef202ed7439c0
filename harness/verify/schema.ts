/** Detector S: the schema in the file's own metadata. DuckDB's is never taken: it loses nullability and wide decimals. */

import type { FileMetaData, SchemaElement } from 'hyparquet';
import type { Field, Finding } from '../types.js';
import { finding } from './finding.js';

const WIDEST_DECIMAL128 = 38;

/** Bits that an integer annotation declares, as Arrow names the type. */
function integerType(element: SchemaElement, bits: 32 | 64): string {
  const logical = element.logical_type;
  if (logical?.type === 'INTEGER') return `${logical.isSigned ? '' : 'u'}int${logical.bitWidth}`;
  const converted = /^(U?)INT_(\d+)$/.exec(element.converted_type ?? '');
  return converted === null ? `int${bits}` : `${converted[1] === 'U' ? 'u' : ''}int${converted[2] ?? bits}`;
}

function decimalType(element: SchemaElement): string {
  const logical = element.logical_type;
  const precision = logical?.type === 'DECIMAL' ? logical.precision : (element.precision ?? 0);
  const scale = logical?.type === 'DECIMAL' ? logical.scale : (element.scale ?? 0);
  if (element.precision !== undefined && element.precision !== precision) {
    return `decimal of precision ${precision} and of precision ${element.precision}`;
  }
  if (element.scale !== undefined && element.scale !== scale)
    return `decimal of scale ${scale} and of scale ${element.scale}`;
  return `decimal${precision <= WIDEST_DECIMAL128 ? 128 : 256}(${precision}, ${scale})`;
}

function timestampType(element: SchemaElement): string | null {
  const logical = element.logical_type;
  if (logical?.type === 'TIMESTAMP') {
    const unit = { MILLIS: 'ms', MICROS: 'us', NANOS: 'ns' }[logical.unit];
    return logical.isAdjustedToUTC ? `timestamp[${unit}, UTC]` : `timestamp[${unit}]`;
  }
  if (element.converted_type === 'TIMESTAMP_MILLIS') return 'timestamp[ms, UTC]';
  return element.converted_type === 'TIMESTAMP_MICROS' ? 'timestamp[us, UTC]' : null;
}

/** Arrow's name of the type that a leaf declares; what it has no name for here is described, and equals no fact. */
export function typeOf(element: SchemaElement): string {
  const logical = element.logical_type?.type;
  const converted = element.converted_type;
  if (converted === 'DECIMAL' || logical === 'DECIMAL') return decimalType(element);
  switch (element.type) {
    case 'INT32':
      return converted === 'DATE' || logical === 'DATE' ? 'date32' : integerType(element, 32);
    case 'INT64':
      return timestampType(element) ?? (logical === 'TIME' ? 'time64' : integerType(element, 64));
    case 'BYTE_ARRAY':
      if (converted === 'UTF8' || logical === 'STRING') return 'utf8';
      return logical === undefined && converted === undefined ? 'binary' : `binary as ${logical ?? converted ?? ''}`;
    case 'FIXED_LEN_BYTE_ARRAY':
      return `fixed_size_binary(${element.type_length ?? 0})${logical === undefined ? '' : ` as ${logical}`}`;
    case 'BOOLEAN':
      return 'bool';
    case 'FLOAT':
      return 'float32';
    case 'DOUBLE':
      return 'float64';
    case 'INT96':
      return 'int96';
    case undefined:
    default:
      return `group of ${element.num_children ?? 0}`;
  }
}

/** The columns as the file declares them, in its order; a nested column is one field. */
export function fieldsOf(metadata: FileMetaData): readonly Field[] {
  const [root, ...elements] = metadata.schema;
  const fields: Field[] = [];
  let index = 0;
  const skip = (count: number): void => {
    for (let child = 0; child < count; child += 1) {
      const element = elements[index];
      index += 1;
      skip(element?.num_children ?? 0);
    }
  };
  for (let column = 0; column < (root?.num_children ?? 0); column += 1) {
    const element = elements[index];
    if (element === undefined) break;
    index += 1;
    skip(element.num_children ?? 0);
    const isList = element.repetition_type === 'REPEATED';
    const type = isList ? `list of ${typeOf(element)}` : typeOf(element);
    fields.push({ name: element.name, type, nullable: element.repetition_type === 'OPTIONAL' });
  }
  return fields;
}

const describe = (field: Field | undefined): string =>
  field === undefined ? 'no column' : `${field.name} ${field.type}${field.nullable ? ' nullable' : ' not null'}`;

export function schemaFindings(expected: readonly Field[], actual: readonly Field[]): readonly Finding[] {
  const count = Math.max(expected.length, actual.length);
  return Array.from({ length: count }, (_, index) => index)
    .filter((index) => describe(expected[index]) !== describe(actual[index]))
    .map((index) => finding('S', `column ${index + 1}`, describe(expected[index]), describe(actual[index])));
}
