/** How Parquet stores each Arrow type, and what it then no longer says. */

import { arrowTypeName, someType, valueType, type ArrowLeaf, type ArrowType } from './arrow-type.js';

/** One way to store a type. */
export interface Rendition {
  /** As `storedAs` says it. */
  readonly stored: RegExp;
  /** The Arrow value is the stored one times or divided by this, exactly. */
  readonly times?: bigint;
  readonly dividedBy?: bigint;
}

const exactly = (text: string): Rendition => ({ stored: new RegExp(`^${text.replaceAll(/[()]/g, '\\$&')}$`) });

function integer(bits: number, sign: 'signed' | 'unsigned'): readonly Rendition[] {
  const physical = bits === 64 ? 'INT64' : 'INT32';
  const annotated = exactly(`${physical} INTEGER(${bits}, ${sign})`);
  return bits >= 32 && sign === 'signed' ? [annotated, exactly(physical)] : [annotated];
}

/** An Arrow time has no zone; writers set Parquet's flag for it as they like. */
const time = (physical: string, unit: string): Rendition => ({
  stored: new RegExp(`^${physical} TIME\\(${unit}, (UTC|local)\\)$`),
});

function timestamp(unit: string, zone: string | undefined): readonly Rendition[] {
  const flag = zone === undefined ? 'local' : 'UTC';
  if (unit !== 's') return [exactly(`INT64 TIMESTAMP(${unit}, ${flag})`)];
  return [exactly('INT64'), { ...exactly(`INT64 TIMESTAMP(ms, ${flag})`), dividedBy: 1000n }];
}

/** The ways in which values of a leaf may be stored; none where Parquet cannot hold them. */
export function renditionsOf({ base, args }: ArrowLeaf): readonly Rendition[] {
  const number = /^(u?)int(8|16|32|64)$/.exec(base);
  if (number !== null) return integer(Number(number[2]), number[1] === 'u' ? 'unsigned' : 'signed');
  if (/^decimal(32|64|128|256)$/.test(base)) {
    const declared = `DECIMAL\\(${args[0] ?? ''}, ${args[1] ?? ''}\\)`;
    return [{ stored: new RegExp(`^(INT32|INT64|FIXED_LEN_BYTE_ARRAY\\(\\d+\\)|BYTE_ARRAY) ${declared}$`) }];
  }
  const unit = args[0] ?? '';
  switch (base) {
    case 'null':
      return [{ stored: /^[A-Z0-9_]+ NULL$/ }];
    case 'bool':
      return [exactly('BOOLEAN')];
    case 'float16':
      return [exactly('FIXED_LEN_BYTE_ARRAY(2) FLOAT16')];
    case 'float32':
      return [exactly('FLOAT')];
    case 'float64':
      return [exactly('DOUBLE')];
    case 'date32':
      return [exactly('INT32 DATE')];
    case 'date64':
      return [exactly('INT64'), { ...exactly('INT32 DATE'), times: 86_400_000n }];
    case 'time32':
      return unit === 's' ? [exactly('INT32'), { ...time('INT32', 'ms'), dividedBy: 1000n }] : [time('INT32', unit)];
    case 'time64':
      return [time('INT64', unit)];
    case 'timestamp':
      return timestamp(unit, args[1]);
    case 'duration':
      return [exactly('INT64')];
    case 'interval':
      return unit === 'month_day_nano' ? [] : [exactly('FIXED_LEN_BYTE_ARRAY(12) INTERVAL')];
    case 'utf8':
    case 'large_utf8':
    case 'utf8_view':
      return [exactly('BYTE_ARRAY STRING')];
    case 'binary':
    case 'large_binary':
    case 'binary_view':
      return [exactly('BYTE_ARRAY')];
    case 'fixed_size_binary':
      return unit === '0' ? [] : [exactly(`FIXED_LEN_BYTE_ARRAY(${unit})`)];
    default:
      return [];
  }
}

/** What the Parquet schema does not say of a type: without `ARROW:schema` it is lost, and a note says so. A test counts them. */
export interface Loss {
  readonly what: string;
  readonly of: (type: ArrowType) => boolean;
}

const leafIs =
  (base: RegExp, unit?: RegExp) =>
  (type: ArrowType): boolean =>
    type.kind === 'leaf' && base.test(type.base) && (unit === undefined || unit.test(type.args[0] ?? ''));

export const LOSSES: readonly Loss[] = [
  { what: 'the width of offsets and views', of: leafIs(/^(large_(utf8|binary)|(utf8|binary)_view)$/) },
  {
    what: 'the name of the time zone',
    of: (type) => type.kind === 'leaf' && type.base === 'timestamp' && ![undefined, 'UTC'].includes(type.args[1]),
  },
  { what: 'timestamps in seconds', of: leafIs(/^timestamp$/, /^s$/) },
  { what: 'times in seconds', of: leafIs(/^time32$/, /^s$/) },
  { what: 'durations', of: leafIs(/^duration$/) },
  { what: 'dates in milliseconds', of: leafIs(/^date64$/) },
  { what: 'the unit of intervals', of: leafIs(/^interval$/) },
  {
    what: 'the width of decimals',
    of: (type) =>
      leafIs(/^decimal(32|64)$/)(type) || (leafIs(/^decimal256$/)(type) && Number((type as ArrowLeaf).args[0]) <= 38),
  },
  { what: 'dictionaries', of: (type) => type.kind === 'dictionary' },
  { what: 'run ends', of: (type) => type.kind === 'run_end_encoded' },
  { what: 'the kind of list', of: (type) => type.kind === 'list' && type.base !== 'list' },
  { what: 'that keys are sorted', of: (type) => type.kind === 'map' && type.isSorted },
];

export function lossesOf(type: ArrowType): readonly string[] {
  return LOSSES.filter((loss) => someType(type, loss.of)).map(({ what }) => what);
}

/** What Parquet cannot hold at all, and why: the writer refuses it (native/columnar/src/held_types.rs). Unions have no tree here. A test counts them. */
export const NOT_HELD: readonly { readonly reason: string; readonly of: (type: ArrowType) => boolean }[] = [
  { reason: 'its intervals have no nanoseconds', of: leafIs(/^interval$/, /^month_day_nano$/) },
  {
    reason: 'its decimals have no negative scale',
    of: (type) => type.kind === 'leaf' && type.base.startsWith('decimal') && Number(type.args[1]) < 0,
  },
  { reason: 'its binary of fixed size has at least one byte', of: leafIs(/^fixed_size_binary$/, /^0$/) },
  { reason: 'its groups have at least one field', of: (type) => type.kind === 'struct' && type.fields.length === 0 },
];

/** Why Parquet cannot hold a type; null where it can. */
export function notHeld(type: ArrowType): string | null {
  const why = NOT_HELD.find(({ of }) => someType(type, of));
  return why === undefined ? null : `Parquet cannot hold ${arrowTypeName(type)}: ${why.reason}`;
}

/** The rendition that a leaf of a file has; null where it is none of the type's. */
export function renditionOf(type: ArrowType, stored: string): Rendition | null {
  const value = valueType(type);
  if (value.kind !== 'leaf') return null;
  return renditionsOf(value).find((rendition) => rendition.stored.test(stored)) ?? null;
}
