import type { Block, Comparison, OptionValue, SuiteSpec } from '../types.js';

/** More rows than the table has, so that nothing but `flush` ends a row group, message or fragment. */
const NEVER_FULL = 1_000_000;
const EVERY = [1, 10, 100] as const;

type Options = Readonly<{ [option: string]: OptionValue }>;

/** By writer, the options with which only a flush ends something. */
const WRITERS: readonly { readonly writer: string; readonly options: Options }[] = [
  { writer: 'parquet', options: { rowGroupRows: NEVER_FULL } },
  { writer: 'arrow', options: { messageRows: NEVER_FULL } },
  { writer: 'lance', options: { commit: 'fragments' } },
  { writer: 'lance', options: { commit: 'append' } },
];

const block = (writer: string, options: Options, flushEvery: number): Block => ({
  tables: ['lineitem'],
  scales: [0.1],
  writers: [writer],
  variants: ['zero-copy'],
  options: { flushEvery, writer: options },
});

const id = (writer: string, options: Options, flushEvery: number): string =>
  [
    `lineitem@0.1/${writer}/zero-copy;flushEvery=${flushEvery}`,
    ...Object.entries(options).map(([name, value]) => `${name}=${String(value)}`),
  ].join(';');

/** What is not flushed is held: the table has 74 batches, so that every 100 is never before close. Lance holds no more than its cache. */
const held = ({ writer, options }: (typeof WRITERS)[number]): Comparison => ({
  what: `growth of peak RSS of ${writer}, a flush every 10 batches to one every 100`,
  subject: id(writer, options, 10),
  reference: id(writer, options, 100),
  metric: 'rssGrowth',
  wanted: 'smaller',
  bound: 0.75,
});

export const flush: SuiteSpec = {
  name: 'flush',
  about:
    'lineitem at SF 0.1, a row group, IPC message, fragment or version ended every 1, 10 and 100 batches; two minutes',
  repeat: 3,
  blocks: WRITERS.flatMap(({ writer, options }) => EVERY.map((every) => block(writer, options, every))),
  comparisons: WRITERS.filter(({ writer }) => writer !== 'lance').map(held),
  limits: [],
};
