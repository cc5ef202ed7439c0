import type { Block, Comparison, OptionValue, SuiteSpec } from '../types.js';

/** More rows than the table has, so that nothing but `flush` ends a row group or a message. */
const NEVER_FULL = 1_000_000;
const EVERY = [1, 10, 100] as const;
/** The option that gathers rows, by writer. */
const GATHERING = { parquet: 'rowGroupRows', arrow: 'messageRows' } as const;
type Writer = keyof typeof GATHERING;
const WRITERS: readonly Writer[] = ['parquet', 'arrow'];

const gathering = (writer: Writer): { readonly [option: string]: OptionValue } => ({
  [GATHERING[writer]]: NEVER_FULL,
});

const block = (writer: Writer, flushEvery: number): Block => ({
  tables: ['lineitem'],
  scales: [0.1],
  writers: [writer],
  variants: ['zero-copy'],
  options: { flushEvery, writer: gathering(writer) },
});

const id = (writer: Writer, flushEvery: number): string =>
  `lineitem@0.1/${writer}/zero-copy;flushEvery=${flushEvery};${GATHERING[writer]}=${NEVER_FULL}`;

/** What is not flushed is held: the table has 74 batches, so that every 100 is never before close. */
const held = (writer: Writer): Comparison => ({
  what: `growth of peak RSS of ${writer}, a flush every 10 batches to one every 100`,
  subject: id(writer, 10),
  reference: id(writer, 100),
  metric: 'rssGrowth',
  wanted: 'smaller',
  bound: 0.75,
});

export const flush: SuiteSpec = {
  name: 'flush',
  about: 'lineitem at SF 0.1, a row group or IPC message ended every 1, 10 and 100 batches; a minute',
  repeat: 3,
  blocks: WRITERS.flatMap((writer) => EVERY.map((every) => block(writer, every))),
  comparisons: WRITERS.map(held),
  limits: [],
};
