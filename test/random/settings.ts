/** In turn, so that all of them come with every writer: variants, options of the writer, and how batches reach it. */

import type { Variant, WorkerJob } from '../../harness/types.js';
import type { WriterSpec } from '../../suites/types.js';

type Options = WorkerJob['writerOptions'];

const OPTIONS: Readonly<{ [writer: string]: readonly Options[] }> = {
  parquet: [
    {},
    { compression: 'zstd', rowGroupRows: 7 },
    { dictionary: true, statistics: 'page', compression: 'none' },
    { dictionary: false, rowGroupRows: 1 },
    { statistics: false, rowGroupBytes: 4096 },
  ],
  arrow: [
    {},
    { container: 'stream' },
    { compression: 'lz4', messageRows: 16 },
    { compression: 'zstd', container: 'stream' },
    { messageRows: 3 },
  ],
  'apache-arrow': [{}],
  'parquet-wasm': [{}, { compression: 'zstd', rowGroupRows: 10 }, { compression: 'none', rowGroupRows: 1 }],
};

export type Setting = Pick<
  WorkerJob,
  'variant' | 'writerOptions' | 'threads' | 'overlap' | 'flushEvery' | 'emptyBatches'
>;

/** `turn` counts the tables. */
export function settingOf(writer: WriterSpec, variants: readonly Variant[], turn: number): Setting {
  const options = OPTIONS[writer.name] ?? [{}];
  return {
    variant: variants[turn % variants.length] ?? 'stream',
    // As many options as variants would always meet the same ones.
    writerOptions: options[Math.floor(turn / variants.length) % options.length] ?? {},
    threads: 1 + (turn % 2),
    overlap: turn % 3 === 0,
    // No JavaScript writer has that step.
    flushEvery: writer.holder.kind === 'library' && turn % 5 === 0 ? 2 : 0,
    emptyBatches: turn % 4 === 1,
  };
}
