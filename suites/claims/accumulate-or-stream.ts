import type { Category } from '../../harness/types.js';
import { memoryLimited, profiled } from './cases.js';
import type { ClaimSpec, SystemSpec } from './types.js';

/** 601 batches of 10,000 rows, made as they are written. */
const GENERATED = 'source=generated;batchRows=10000';
const accumulated = `lineitem@1/lance/accumulate;${GENERATED}`;
const inTurn = `lineitem@1/lance/stream;${GENERATED}`;
const overlapped = `${inTurn};overlap=on`;

/** Less than half of what accumulating holds, and well above what streaming takes. */
const LIMIT = '512MiB';
const accumulatedLimited = memoryLimited('lineitem@1/lance/accumulate', LIMIT);
const streamedLimited = memoryLimited('lineitem@1/lance/stream', LIMIT);

/** 961 batches of 100 rows: as many fragments or commits where each batch is one. */
const SMALL = 'lineitem@0.016/lance/stream;batchRows=100';
const flushed = (every: number, commit: string): string => `${SMALL};flushEvery=${every};commit=${commit}`;

const profile = 'A profile of the streaming case by samples; rules from frame to category are in a committed file.';

function share(
  id: string,
  what: string,
  percent: number,
  categories: readonly Category[],
  source: string,
  note: string,
): ClaimSpec {
  return {
    id,
    what,
    claimed: { text: `${percent} %`, range: [percent, percent], unit: '%', wanted: 'about', tolerance: 0.25 },
    source,
    measure: { kind: 'share', categories, of: profiled(inTurn) },
    note,
  };
}

export const accumulateOrStream: SystemSpec = {
  name: 'A',
  about: 'accumulate against stream: a Lance dataset generator, TPC-H lineitem at SF 1',
  claims: [
    {
      id: 'A1',
      what: 'memory of the accumulating writer',
      claimed: { text: 'about 1.2 GB', range: [1.2e9, 1.2e9], unit: 'B', wanted: 'about', tolerance: 0.25 },
      source: 'accumulating peak: about 1.2 GB (601 × 2 MB)',
      measure: { kind: 'figure', metric: 'rssGrowth', of: accumulated },
      note: "Growth of peak RSS from before create; the generator's text pool is not in it.",
    },
    {
      id: 'A2',
      what: 'memory of the streaming writer',
      claimed: { text: 'about 12 MB', range: [12e6, 12e6], unit: 'B', wanted: 'about', tolerance: 0.25 },
      source: 'streaming peak: about 12 MB (2 MB batch + 10 MB encode buffer)',
      measure: { kind: 'figure', metric: 'rssGrowth', of: overlapped },
      note: 'Growth of peak RSS, each batch encoded and written while the next is generated.',
    },
    {
      id: 'A2-times',
      what: 'memory of accumulating to streaming',
      claimed: { text: '100× less', range: [100, 100], unit: '×', wanted: 'at least', tolerance: 0.25 },
      source: 'streaming peak: …, 100× less',
      measure: { kind: 'ratio', metric: 'rssGrowth', subject: accumulated, reference: overlapped },
      note: 'Accumulating ÷ streaming, growth of peak RSS.',
    },
    {
      id: 'A3',
      what: 'time that overlap saves',
      claimed: { text: '10–20 %', range: [10, 20], unit: '%', wanted: 'about', tolerance: 0.25 },
      source: 'overlap saves 10–20 % of the time',
      measure: { kind: 'saved', metric: 'durable', subject: overlapped, reference: inTurn },
      note: 'Generate, encode and write on their own threads, against all in turn.',
    },
    {
      id: 'A4',
      what: 'time that better cache use saves',
      claimed: { text: '2–5 %', range: [2, 5], unit: '%', wanted: 'about', tolerance: 0.25 },
      source: 'better cache use: 2–5 %',
      measure: {
        kind: 'none',
        reason: 'Cache misses need hardware counters, which this suite does not read and virtual machines seldom have',
      },
      note: 'What streaming saves in all is A7; its share that is due to caches cannot be told from time alone.',
    },
    {
      id: 'A5',
      what: 'time that less memory pressure saves, under a limit of 512 MiB',
      claimed: { text: '5–10 %', range: [5, 10], unit: '%', wanted: 'about', tolerance: 0.25 },
      source: 'less memory pressure: 5–10 % if accumulation swaps',
      measure: { kind: 'saved', metric: 'durable', subject: streamedLimited, reference: accumulatedLimited },
      mayEnd: [{ of: accumulatedLimited, statuses: ['crashed', 'failed'] }],
      note: 'Needs swap: without it the accumulating writer is not slower, it is ended.',
    },
    share(
      'A6-encoding',
      'CPU time in encoding',
      22,
      ['encoding', 'statistics and hashing'],
      'profile of the write: encoding 22 % of CPU (hashing and statistics in front)',
      profile,
    ),
    share('A6-memory', 'CPU time in memory', 17.57, ['memory'], 'profile of the write: memory 17.57 %', profile),
    share(
      'A6-generation',
      'CPU time in generation',
      7.14,
      ['generation'],
      'profile of the write: generation 7.14 %',
      `${profile} The generator is ours.`,
    ),
    {
      id: 'A7',
      what: 'time that streaming saves: worth its complexity',
      claimed: { text: 'more than 2–3 %', range: [2, 3], unit: '%', wanted: 'at least', tolerance: 0 },
      source: 'worth its complexity: yes when more than 2–3 % faster, or at SF 100 and beyond',
      measure: { kind: 'saved', metric: 'durable', subject: overlapped, reference: accumulated },
      note: 'Streaming with overlap against accumulating, SF 1. SF 100 is not measured.',
    },
    {
      id: 'A8',
      what: 'time of a fragment for each batch of 100 rows',
      claimed: { text: 'cost more than they save', range: [1, 1], unit: '×', wanted: 'at least', tolerance: 0 },
      source: 'many small fragments and flushes cost more than they save at 100-row batches',
      measure: {
        kind: 'ratio',
        metric: 'durable',
        subject: flushed(1, 'fragments'),
        reference: flushed(100, 'fragments'),
      },
      note: 'A flush after each batch ÷ after every 100, one commit at the end. SF 0.016: 961 fragments, where SF 1 would make 60,013.',
    },
    {
      id: 'A8-commits',
      what: 'time of a commit for each batch of 100 rows',
      claimed: { text: 'cost more than they save', range: [1, 1], unit: '×', wanted: 'at least', tolerance: 0 },
      source: 'many small fragments and flushes cost more than they save at 100-row batches',
      measure: { kind: 'ratio', metric: 'durable', subject: flushed(1, 'append'), reference: SMALL },
      note: 'An append for each batch ÷ one streaming insert of all. SF 0.016: 961 commits.',
    },
    {
      id: 'A8-bytes',
      what: 'bytes on disk of a commit for each batch of 100 rows',
      claimed: { text: 'cost more than they save', range: [1, 1], unit: '×', wanted: 'at least', tolerance: 0 },
      source: 'many small fragments and flushes cost more than they save at 100-row batches',
      measure: { kind: 'ratio', metric: 'diskBytes', subject: flushed(1, 'append'), reference: SMALL },
      note: 'Each commit writes a manifest that names every fragment before it.',
    },
  ],
};
