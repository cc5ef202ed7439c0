/** Which columns a writer does not hold, by what is declared: harness/verify/renditions.ts for Parquet, suites/writers/limits.ts for JavaScript. */

import type { Field, WorkerJob } from '../../harness/types.js';
import { parseArrowType, someType, type ArrowType } from '../../harness/verify/arrow-type.js';
import { notHeld } from '../../harness/verify/renditions.js';

type Options = WorkerJob['writerOptions'];

/** A reason to refuse a column, and what then must be said. */
interface Refusal {
  readonly of: (type: ArrowType) => boolean;
  readonly sentence: RegExp;
  /** It may also arrive whole. */
  readonly sometimes?: true;
}

const NOT_PARQUET: Refusal = { of: (type) => notHeld(type) !== null, sentence: /column c\d+: Parquet cannot hold/ };

/** The same, as parquet-wasm says it; or it says nothing and stores other columns, which the strict schema sees. */
const NOT_PARQUET_WASM: Refusal = {
  ...NOT_PARQUET,
  sentence:
    /(parquet-wasm( failed)?: .*(not yet implemented|scale|not an Error but undefined|Maximum call stack size exceeded|WritableStream is closed))|nothing is left that could settle it|gave no report|^\[\{"detector":"S","what":"column/i,
};

/** No such types in apache-arrow, through which batches reach JavaScript. */
const NOT_JAVASCRIPT: Refusal = {
  of: (type) =>
    someType(type, (one) => one.kind === 'run_end_encoded' || (one.kind === 'list' && one.base.endsWith('list_view'))),
  sentence: /apache-arrow cannot read the schema of the table: Unrecognized type/,
};

const valueName = (type: ArrowType): string => (type.kind === 'leaf' ? type.base : type.kind);

/** Values that JavaScript does not compare exactly. */
const ODD_DICTIONARY: Refusal = {
  of: (type) =>
    someType(
      type,
      (one) => one.kind === 'dictionary' && !/^(u?int\d+|(large_)?(utf8|binary))$/.test(valueName(one.values)),
    ),
  sentence: /column c\d+: a dictionary of .* cannot be carried from batch to batch/,
};

const isKeyValue = (entries: ArrowType): boolean =>
  entries.kind === 'struct' && entries.fields.map(({ name }) => name).join() === 'key,value';

/** apache-arrow gives entries names of its own, which the strict schema sees. */
const RENAMED_ENTRIES: Refusal = {
  of: (type) => someType(type, (one) => one.kind === 'map' && !isKeyValue(one.entries.type)),
  sentence: /^\[\{"detector":"S","what":"column \d+( in ARROW:schema)?"/,
};

/** In slices alone, which apache-arrow makes of children as it stores or hands over what holds them. */
const NULLS_WITHIN: Refusal = {
  of: (type) => type.kind !== 'leaf' && someType(type, (one) => one.kind === 'leaf' && one.base === 'null'),
  sentence: /of NullArray has unequal null_count -1 and len/,
  sometimes: true,
};

/** Types without a logical type in Lance's manifest. */
const isStrangeToLance = (type: ArrowType): boolean => {
  switch (type.kind) {
    case 'leaf':
      return /^(interval|decimal32|decimal64)$/.test(type.base);
    case 'list':
      return type.base.endsWith('list_view') || (type.base === 'fixed_size_list' && !isFixed(type.item.type, false));
    case 'map':
      return type.isSorted;
    case 'dictionary':
      return !/^(bool|u?int\d+|float\d+|(large_)?(utf8|binary)|(utf8|binary)_view)$/.test(valueName(type.values));
    case 'run_end_encoded':
      return true;
    case 'struct':
      return false;
  }
};

/** What the items of lists of fixed size may be. */
function isFixed(type: ArrowType, isNested: boolean): boolean {
  if (type.kind === 'struct') return !isNested;
  if (type.kind === 'list' && type.base === 'fixed_size_list') return isFixed(type.item.type, true);
  return type.kind !== 'list' && type.kind !== 'map';
}

const NOT_LANCE: Refusal = {
  of: (type) => someType(type, isStrangeToLance),
  sentence: /create: /,
};

const isOfBytes = (type: ArrowType): boolean =>
  type.kind === 'leaf' && /^(large_)?(utf8|binary)$|^(utf8|binary)_view$/.test(type.base);

/** Written with success, and then not readable, or a panic: by which values is Lance's affair. */
const HALF_HELD_BY_LANCE: Refusal = {
  of: (type) =>
    someType(
      type,
      (one) =>
        one.kind === 'list' &&
        one.base === 'fixed_size_list' &&
        someType(one.item.type, (item) => item.kind === 'struct' || isOfBytes(item)),
    ),
  sentence:
    /^(write|flush|close): .* (panic in the writer: |Encoding task failed with error: JoinError::Panic|Packed struct encoder currently|FixedSizeList<Struct> is not enabled by the selected file format)|"X","what":"reading in full by lance-rs".*(Structural sibling fields|columns of differing lengths|panicked)/,
  sometimes: true,
};

/** Data files before 2.2 have no encoding of them. */
const NOT_OLD_LANCE: Refusal = {
  of: (type) => someType(type, (one) => one.kind === 'map'),
  sentence:
    /^(write|flush|close): .*(Map data type is not enabled by the selected file format|no field encoding for .* with data type Map)/,
};

/** Those of 2.0 refuse structs that are null. */
const NOT_FIRST_LANCE: Refusal = {
  of: (type) => someType(type, (one) => one.kind === 'struct'),
  sentence: /^(write|flush|close): .*Lance file version 2\.0 does not encode struct validity/,
  sometimes: true,
};

/** Whether views are stored by 2.0 or not depends on their values. */
const NO_VIEWS: Refusal = {
  of: (type) => someType(type, (one) => one.kind === 'leaf' && one.base.endsWith('_view')),
  sentence: /^(write|flush|close): .*Cannot encode a data block of type VariableWidth with ValueEncoder/,
  sometimes: true,
};

/** A batch that is cut where a data file ends. */
const NOT_CUT: Refusal = {
  of: (type) => someType(type, (one) => one.kind === 'struct'),
  sentence: /^(write|flush|close): .*null_bit_buffer size too small/,
  sometimes: true,
};

const OLD_LANCE: Readonly<{ [version: string]: readonly Refusal[] }> = {
  '2.0': [NOT_OLD_LANCE, NOT_FIRST_LANCE, NO_VIEWS],
  '2.1': [NOT_OLD_LANCE],
};

const REFUSALS: Readonly<{ [writer: string]: readonly Refusal[] }> = {
  parquet: [NOT_PARQUET],
  arrow: [],
  lance: [NOT_LANCE, HALF_HELD_BY_LANCE],
  'apache-arrow': [NOT_JAVASCRIPT, ODD_DICTIONARY, RENAMED_ENTRIES, NULLS_WITHIN],
  'parquet-wasm': [NOT_JAVASCRIPT, NOT_PARQUET_WASM, RENAMED_ENTRIES, NULLS_WITHIN],
};

export interface Refused {
  /** Columns that the writer does not hold. */
  readonly columns: readonly string[];
  /** What it may say of them. */
  readonly sentences: readonly RegExp[];
  /** One of them is never stored. */
  readonly surely: boolean;
}

function refusalsOf(writer: string, options: Options): readonly Refusal[] {
  const always = REFUSALS[writer] ?? [];
  if (writer !== 'lance') return always;
  const isCut = Number(options['rowsPerFile']) < 1000;
  return [...always, ...(OLD_LANCE[String(options['version'])] ?? []), ...(isCut ? [NOT_CUT] : [])];
}

export function refusedBy(writer: string, fields: readonly Field[], options: Options): Refused {
  const hits = refusalsOf(writer, options).flatMap(({ of, sentence, sometimes }) =>
    fields.filter(({ type }) => of(parseArrowType(type))).map(({ name }) => ({ name, sentence, sometimes })),
  );
  return {
    columns: [...new Set(hits.map(({ name }) => name))],
    sentences: hits.map(({ sentence }) => sentence),
    surely: hits.some(({ sometimes }) => sometimes !== true),
  };
}
