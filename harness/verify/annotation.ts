/** What one element of a Parquet schema says of its values, in one line: `INT32 DATE`, `FIXED_LEN_BYTE_ARRAY(16) DECIMAL(38, 10)`. */

import type { SchemaElement } from 'hyparquet';

const UNITS = { MILLIS: 'ms', MICROS: 'us', NANOS: 'ns' } as const;
const CONVERTED_UNITS: Readonly<{ [word: string]: string }> = { MILLIS: 'ms', MICROS: 'us' };

function logicalText(element: SchemaElement): string | null {
  const logical = element.logical_type;
  if (logical === undefined) return null;
  if (logical.type === 'DECIMAL') return `DECIMAL(${logical.precision}, ${logical.scale})`;
  if (logical.type === 'INTEGER') return `INTEGER(${logical.bitWidth}, ${logical.isSigned ? 'signed' : 'unsigned'})`;
  if (logical.type === 'TIME' || logical.type === 'TIMESTAMP') {
    return `${logical.type}(${UNITS[logical.unit]}, ${logical.isAdjustedToUTC ? 'UTC' : 'local'})`;
  }
  return logical.type;
}

function convertedText(element: SchemaElement): string | null {
  const converted = element.converted_type;
  if (converted === undefined) return null;
  if (converted === 'UTF8') return 'STRING';
  if (converted === 'DECIMAL') return `DECIMAL(${element.precision ?? 0}, ${element.scale ?? 0})`;
  const integer = /^(U?)INT_(\d+)$/.exec(converted);
  if (integer !== null) return `INTEGER(${integer[2] ?? ''}, ${integer[1] === 'U' ? 'unsigned' : 'signed'})`;
  const time = /^(TIME|TIMESTAMP)_(MILLIS|MICROS)$/.exec(converted);
  if (time !== null) return `${time[1] ?? ''}(${CONVERTED_UNITS[time[2] ?? ''] ?? ''}, UTC)`;
  return converted;
}

/** Both say the same. The older word of times has no way to say `local`. */
const agree = (logical: string, converted: string): boolean =>
  logical === converted || (logical.startsWith('TIME') && logical.replace('local', 'UTC') === converted);

/** The older and the newer word of a type; where they disagree, both. */
export function annotationOf(element: SchemaElement): string {
  const [logical, converted] = [logicalText(element), convertedText(element)];
  if (logical === null || converted === null) return logical ?? converted ?? '';
  return agree(logical, converted) ? logical : `${logical}, and ${converted} in its older word`;
}

/** Physical type and annotation of a leaf. */
export function storedAs(element: SchemaElement): string {
  const length = element.type === 'FIXED_LEN_BYTE_ARRAY' ? `(${element.type_length ?? 0})` : '';
  return `${element.type ?? 'group'}${length} ${annotationOf(element)}`.trimEnd();
}
