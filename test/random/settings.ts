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
  lance: [
    {},
    { commit: 'fragments', rowsPerFile: 7 },
    { commit: 'append' },
    { version: '2.3', cacheBytes: 4096 },
    { commit: 'fragments', version: '2.3' },
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
  // As many options as variants would always meet the same ones.
  const writerOptions = options[Math.floor(turn / variants.length) % options.length] ?? {};
  const { holder, flushes } = writer;
  const flushing = flushes === undefined || flushes.values.includes(String(writerOptions[flushes.option]));
  return {
    variant: variants[turn % variants.length] ?? 'stream',
    writerOptions,
    threads: 1 + (turn % 2),
    overlap: turn % 3 === 0,
    // No JavaScript writer has that step.
    flushEvery: holder.kind === 'library' && flushing && turn % 5 === 0 ? 2 : 0,
    emptyBatches: turn % 4 === 1,
  };
}
