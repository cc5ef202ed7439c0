/** How a random table is written: each setting from a deck that holds all its values, shuffled by the seed, so that every value comes. */

import fc from 'fast-check';
import type { Variant, WorkerJob } from '../../harness/types.js';
import type { OptionValue, WriterSpec } from '../../suites/types.js';

export type Setting = Pick<WorkerJob, 'variant' | 'writerOptions' | 'threads' | 'overlap' | 'flushEvery'> & {
  readonly emptyBatches: boolean;
  readonly sliceRows: number;
  /** Workers at once, each with one part of the table. */
  readonly parts: number;
  /** Rows of a batch; 0: the batches that were drawn with the table, those without rows among them. */
  readonly batchRows: number;
};

type Values = readonly OptionValue[];
type Deck = (name: string, values: Values) => Values;

/** What every writer meets. */
const COMMON = {
  threads: [1, 2, 3],
  overlap: [false, true],
  flushEvery: [0, 1, 3],
  emptyBatches: [false, true],
  sliceRows: [0, 1, 5],
  parts: [1, 1, 2, 3],
  batchRows: [0, 0, 1, 8],
} as const;

const SINK = { bufferBytes: [1 << 20, 4096], buffers: [8, 1], queue: ['auto', 'pwrite'] } as const;

/** Options that decide how rows are laid out, with the values that small tables can tell apart. */
const OPTIONS: Readonly<{ [writer: string]: Readonly<{ [option: string]: Values }> }> = {
  parquet: {
    compression: ['none', 'snappy', 'zstd'],
    dictionary: ['auto', true, false],
    statistics: [true, 'page', false],
    rowGroupRows: [122_880, 64, 7, 1],
    rowGroupBytes: [0, 4096],
    ...SINK,
  },
  arrow: {
    container: ['file', 'stream'],
    compression: ['none', 'lz4', 'zstd'],
    messageRows: [0, 1, 3, 16],
    ...SINK,
  },
  lance: {
    commit: ['insert', 'fragments', 'append'],
    rowsPerFile: [1 << 20, 40, 7],
    version: ['2.0', '2.1', '2.2', '2.3'],
    cacheBytes: [32 << 20, 4096],
    ...SINK,
  },
  'apache-arrow': {},
  'parquet-wasm': { compression: ['none', 'snappy', 'zstd'], rowGroupRows: [122_880, 64, 7, 1] },
};

/** Every value as often as it is named, and none left out, however few the tables. */
function decksOf(count: number, seed: number): Deck {
  return (name, values) => {
    const all = Array.from({ length: Math.max(count, values.length) }, (_, index) => values[index % values.length]);
    const own = Buffer.from(name).reduce((mixed, byte) => (mixed * 31 + byte) % 2 ** 31, seed);
    const shuffled = fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
    return (fc.sample(shuffled, { seed: own, numRuns: 1 })[0] ?? []) as Values;
  };
}

/** Whether the writer takes a flush under these options. No JavaScript writer has that step. */
function takesFlush({ holder, flushes }: WriterSpec, options: Setting['writerOptions']): boolean {
  if (holder.kind !== 'library') return false;
  return flushes === undefined || flushes.values.includes(options[flushes.option] ?? '');
}

/** arrow-rs 58, by which Lance takes batches, counts the offset of a struct within a struct twice. */
const takesSlices = ({ format }: WriterSpec, variant: Variant | undefined): boolean =>
  format !== 'lance' || variant === 'accumulate' || variant === 'stream';

/** One setting for each of `count` tables. */
export function settingsOf(
  writer: WriterSpec,
  variants: readonly Variant[],
  count: number,
  seed: number,
): readonly Setting[] {
  const deck = decksOf(count, seed);
  const named = Object.entries(OPTIONS[writer.name] ?? {});
  const options = named.map(([name, values]) => [name, deck(`${writer.name} ${name}`, values)] as const);
  const common = new Map(
    Object.entries(COMMON).map(([name, values]) => [name, deck(`${writer.name} ${name}`, values)]),
  );
  const variant = deck(`${writer.name} variant`, variants) as readonly Variant[];
  return Array.from({ length: count }, (_, turn) => {
    const writerOptions = Object.fromEntries(options.map(([name, values]) => [name, values[turn] ?? '']));
    const of = (name: keyof typeof COMMON): OptionValue | undefined => common.get(name)?.[turn];
    return {
      variant: variant[turn] ?? 'stream',
      writerOptions,
      threads: Number(of('threads')),
      overlap: of('overlap') === true,
      flushEvery: takesFlush(writer, writerOptions) ? Number(of('flushEvery')) : 0,
      emptyBatches: of('emptyBatches') === true,
      sliceRows: takesSlices(writer, variant[turn]) ? Number(of('sliceRows')) : 0,
      parts: Number(of('parts')),
      batchRows: Number(of('batchRows')),
    };
  });
}

/** `name=value` of all that a setting says. */
export function namesOf({ writerOptions, ...others }: Setting): readonly string[] {
  return Object.entries({ ...others, ...writerOptions }).map(([name, value]) => `${name}=${String(value)}`);
}

/** The same of all that a writer's settings must have said, once all of them were drawn. */
export function allNames(writer: WriterSpec, variants: readonly Variant[]): readonly string[] {
  const flushes = writer.holder.kind === 'library' ? COMMON.flushEvery : [0];
  const all: Readonly<{ [name: string]: Values }> = {
    ...COMMON,
    flushEvery: flushes,
    variant: variants,
    ...OPTIONS[writer.name],
  };
  const names = Object.entries(all).flatMap(([name, values]) => values.map((value) => `${name}=${String(value)}`));
  return [...new Set(names)];
}
