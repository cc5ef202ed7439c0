import { VARIANTS } from '../../harness/types.js';
import type { Block, Comparison, OptionValue, SuiteSpec } from '../types.js';

const MEBIBYTE = 1024 * 1024;
/** What tpchgen-cli 4.0 makes of its default row group of 7 MiB for lineitem. */
const PEER_ROW_GROUP_ROWS = 113_743;

/** What Lance holds by default of the 16 columns of lineitem: 8 MiB each. */
const LANCE_CACHE_BYTES = 16 * 8 * MEBIBYTE;

const OURS = 'lineitem@1/parquet/zero-copy;source=generated;threads=2;overlap=on';
const reference = 'lineitem@1/tpchgen-cli/stream;source=generated;threads=2';
/** Codec, dictionary, statistics and row group size of the peer. */
const alike = { subject: `${OURS};dictionary=on;rowGroupRows=${PEER_ROW_GROUP_ROWS}`, reference } as const;
/** Dictionaries only where they make a column smaller, as the writer does by default. */
const usual = { subject: `${OURS};rowGroupRows=${PEER_ROW_GROUP_ROWS}`, reference } as const;

const growth: Pick<Comparison, 'subject' | 'metric' | 'wanted'> = {
  subject: 'lineitem@1/parquet/stream',
  metric: 'rssGrowth',
  wanted: 'smaller',
};

const ours = (writer: { readonly [option: string]: OptionValue }): Block => ({
  tables: ['lineitem'],
  scales: [1],
  writers: ['parquet'],
  variants: ['zero-copy'],
  source: 'generated',
  options: { threads: 2, overlap: true, writer },
});

function besides(what: string, pair: Pick<Comparison, 'subject' | 'reference'>): readonly Comparison[] {
  return [
    { ...pair, what: `speed, spawn to durable, ${what}`, metric: 'spawnToDurable', wanted: 'faster', bound: 1 },
    { ...pair, what: `peak RSS, ${what}`, metric: 'peakRss', wanted: 'smaller', bound: 0.75 },
    { ...pair, what: `size of the file, ${what}`, metric: 'diskBytes', wanted: 'smaller', bound: 1.05 },
  ];
}

/** Ours against the whole of Lance with its defaults, both given the same prepared batches. */
const lance = {
  subject: 'lineitem@1/lance/zero-copy;threads=2;overlap=on',
  reference: 'lineitem@1/pylance/stream;threads=2',
} as const;

/** Both sides from spawn to durable, same codec, dictionary, statistics and row group size. */
export const peers: SuiteSpec = {
  name: 'peers',
  about: 'lineitem at SF 1 against tpchgen-cli and pylance, and the memory of every variant; six minutes',
  repeat: 3,
  blocks: [
    ours({ rowGroupRows: PEER_ROW_GROUP_ROWS, dictionary: true }),
    ours({ rowGroupRows: PEER_ROW_GROUP_ROWS }),
    {
      tables: ['lineitem'],
      scales: [1],
      writers: ['tpchgen-cli'],
      variants: ['stream'],
      source: 'generated',
      options: { threads: 2 },
    },
    { tables: ['lineitem'], scales: [1], writers: ['parquet', 'lance'], variants: VARIANTS },
    {
      tables: ['lineitem'],
      scales: [1],
      writers: ['lance'],
      variants: ['zero-copy'],
      options: { threads: 2, overlap: true },
    },
    { tables: ['lineitem'], scales: [1], writers: ['pylance'], variants: ['stream'], options: { threads: 2 } },
    {
      tables: ['lineitem'],
      scales: [1],
      writers: ['lance'],
      variants: ['zero-copy'],
      options: { writer: { cacheBytes: LANCE_CACHE_BYTES } },
    },
  ],
  comparisons: [
    ...besides('same settings', alike),
    ...besides('dictionaries where smaller', usual),
    {
      ...lance,
      what: 'speed of lance, spawn to durable, to pylance',
      metric: 'spawnToDurable',
      wanted: 'faster',
      bound: 1,
    },
    { ...lance, what: 'peak RSS of lance to pylance', metric: 'peakRss', wanted: 'smaller', bound: 0.75 },
    { ...lance, what: 'size of lance to pylance', metric: 'diskBytes', wanted: 'smaller', bound: 1.05 },
    {
      what: "growth of peak RSS of lance to that with Lance's own 8 MiB a column",
      subject: 'lineitem@1/lance/zero-copy',
      reference: `lineitem@1/lance/zero-copy;cacheBytes=${LANCE_CACHE_BYTES}`,
      metric: 'rssGrowth',
      wanted: 'smaller',
      bound: 0.75,
    },
    {
      ...growth,
      what: 'growth of peak RSS, stream to accumulate',
      reference: 'lineitem@1/parquet/accumulate',
      bound: 1 / 12,
    },
  ],
  limits: [
    {
      what: 'growth of peak RSS, stream',
      subject: 'lineitem@1/parquet/stream',
      metric: 'rssGrowth',
      atMost: 64 * MEBIBYTE,
    },
    {
      what: 'growth of peak RSS of lance, zero-copy',
      subject: 'lineitem@1/lance/zero-copy',
      metric: 'rssGrowth',
      atMost: 96 * MEBIBYTE,
    },
    {
      what: 'growth of peak RSS, zero-copy',
      subject: 'lineitem@1/parquet/zero-copy',
      metric: 'rssGrowth',
      atMost: 64 * MEBIBYTE,
    },
  ],
};
