/** Names of Arrow types: the spelling of `type_name` of native/engine/schema, from the types of Arrow's own metadata. */

import { Date as DateType } from 'apache-arrow/fb/date';
import { DateUnit } from 'apache-arrow/fb/date-unit';
import { Decimal } from 'apache-arrow/fb/decimal';
import { Duration } from 'apache-arrow/fb/duration';
import type { Field } from 'apache-arrow/fb/field';
import { FixedSizeBinary } from 'apache-arrow/fb/fixed-size-binary';
import { FixedSizeList } from 'apache-arrow/fb/fixed-size-list';
import { FloatingPoint } from 'apache-arrow/fb/floating-point';
import { Int } from 'apache-arrow/fb/int';
import { Interval } from 'apache-arrow/fb/interval';
import { IntervalUnit } from 'apache-arrow/fb/interval-unit';
import { Map as MapType } from 'apache-arrow/fb/map';
import { Precision } from 'apache-arrow/fb/precision';
import { Time } from 'apache-arrow/fb/time';
import { TimeUnit } from 'apache-arrow/fb/time-unit';
import { Timestamp } from 'apache-arrow/fb/timestamp';
import { Type } from 'apache-arrow/fb/type';
import { Union } from 'apache-arrow/fb/union';
import { UnionMode } from 'apache-arrow/fb/union-mode';
import { flatCount } from './flat-count.js';

/** Types that are what they are called, without parameters. */
const PLAIN: Partial<Readonly<{ [type in Type]: string }>> = {
  [Type.Null]: 'null',
  [Type.Bool]: 'bool',
  [Type.Binary]: 'binary',
  [Type.LargeBinary]: 'large_binary',
  [Type.BinaryView]: 'binary_view',
  [Type.Utf8]: 'utf8',
  [Type.LargeUtf8]: 'large_utf8',
  [Type.Utf8View]: 'utf8_view',
};

const UNITS: Readonly<{ [unit in TimeUnit]: string }> = {
  [TimeUnit.SECOND]: 's',
  [TimeUnit.MILLISECOND]: 'ms',
  [TimeUnit.MICROSECOND]: 'us',
  [TimeUnit.NANOSECOND]: 'ns',
};

const INTERVALS: Readonly<{ [unit in IntervalUnit]: string }> = {
  [IntervalUnit.YEAR_MONTH]: 'year_month',
  [IntervalUnit.DAY_TIME]: 'day_time',
  [IntervalUnit.MONTH_DAY_NANO]: 'month_day_nano',
};

const FLOATS: Readonly<{ [precision in Precision]: string }> = {
  [Precision.HALF]: 'float16',
  [Precision.SINGLE]: 'float32',
  [Precision.DOUBLE]: 'float64',
};

const quoted = (name: string): string =>
  /^[A-Za-z0-9_]+$/.test(name) ? name : `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** A child as it stands inside of its parent's name. */
const childName = (field: Field): string =>
  `${quoted(field.name() ?? '')}: ${typeName(field)}${field.nullable() ? '' : ' not null'}`;

function childrenOf(field: Field, count?: number): readonly Field[] {
  const length = flatCount('children of a field', field.childrenLength(), field);
  const children = Array.from({ length }, (_, index) => field.children(index)).filter((child) => child !== null);
  if (count !== undefined && children.length !== count) {
    throw new Error(
      `type ${Type[field.typeType()]} of field ${field.name() ?? ''} has ${children.length} children: expected ${count}`,
    );
  }
  return children;
}

const intName = (int: Int): string => `${int.isSigned() ? '' : 'u'}int${int.bitWidth()}`;

/** The generated accessors give back the object that they are handed, filled, or null where the file has none. */
function read<T>(field: Field, into: T): T {
  const type = field.type(into) as T | null;
  if (type === null)
    throw new Error(`field ${field.name() ?? ''} has no parameters of its type ${Type[field.typeType()]}`);
  return type;
}

function unionName(field: Field): string {
  const union = read(field, new Union());
  const ids = union.typeIdsArray();
  const members = childrenOf(field).map((child, index) => `${ids?.[index] ?? index} ${childName(child)}`);
  return `${union.mode() === UnionMode.Dense ? 'dense' : 'sparse'}_union<${members.join(', ')}>`;
}

const children = (field: Field, count?: number): string => childrenOf(field, count).map(childName).join(', ');

/** Types with parameters or children. */
const COMPOSED: Partial<Readonly<{ [type in Type]: (field: Field) => string }>> = {
  [Type.Int]: (field) => intName(read(field, new Int())),
  [Type.FloatingPoint]: (field) => FLOATS[read(field, new FloatingPoint()).precision()],
  [Type.Decimal]: (field) => {
    const decimal = read(field, new Decimal());
    return `decimal${decimal.bitWidth()}(${decimal.precision()}, ${decimal.scale()})`;
  },
  [Type.Date]: (field) => (read(field, new DateType()).unit() === DateUnit.DAY ? 'date32' : 'date64'),
  [Type.Time]: (field) => {
    const time = read(field, new Time());
    return `time${time.bitWidth()}[${UNITS[time.unit()]}]`;
  },
  [Type.Timestamp]: (field) => {
    const timestamp = read(field, new Timestamp());
    const zone = timestamp.timezone();
    return `timestamp[${UNITS[timestamp.unit()]}${zone === null ? '' : `, ${zone}`}]`;
  },
  [Type.Duration]: (field) => `duration[${UNITS[read(field, new Duration()).unit()]}]`,
  [Type.Interval]: (field) => `interval[${INTERVALS[read(field, new Interval()).unit()]}]`,
  [Type.FixedSizeBinary]: (field) => `fixed_size_binary(${read(field, new FixedSizeBinary()).byteWidth()})`,
  [Type.List]: (field) => `list<${children(field, 1)}>`,
  [Type.LargeList]: (field) => `large_list<${children(field, 1)}>`,
  [Type.ListView]: (field) => `list_view<${children(field, 1)}>`,
  [Type.LargeListView]: (field) => `large_list_view<${children(field, 1)}>`,
  [Type.FixedSizeList]: (field) =>
    `fixed_size_list<${children(field, 1)}, ${read(field, new FixedSizeList()).listSize()}>`,
  [Type.Struct_]: (field) => `struct<${children(field)}>`,
  [Type.Map]: (field) => `map<${children(field, 1)}${read(field, new MapType()).keysSorted() ? ', sorted' : ''}>`,
  [Type.RunEndEncoded]: (field) => `run_end_encoded<${children(field, 2)}>`,
  [Type.Union]: unionName,
};

/** Of the values, whether they stand in a dictionary or not. */
function valueTypeName(field: Field): string {
  const type = field.typeType();
  const name = PLAIN[type] ?? COMPOSED[type]?.(field);
  if (name !== undefined) return name;
  throw new Error(`field ${field.name() ?? ''} is of type ${type}, which is not one of Arrow's types`);
}

/** The name of a field's type. */
export function typeName(field: Field): string {
  const dictionary = field.dictionary();
  if (dictionary === null) return valueTypeName(field);
  const keys = dictionary.indexType();
  // Without a declared type the keys are int32.
  return `dictionary<${keys === null ? 'int32' : intName(keys)}, ${valueTypeName(field)}>`;
}
