import { VARIANTS } from '../../harness/types.js';
import type { Block, Comparison, SuiteSpec } from '../types.js';

const EVERY = [1, 10, 100] as const;
const COMMITS = ['fragments', 'append'] as const;
const INSERT = 'lineitem@1/lance/zero-copy';

const id = (commit: string, every: number): string => `${INSERT};flushEvery=${every};commit=${commit}`;

/** A fragment or version every so many batches: up to 733 of them. */
const flushed = (commit: string, flushEvery: number): Block => ({
  tables: ['lineitem'],
  scales: [1],
  writers: ['lance'],
  variants: ['zero-copy'],
  options: { flushEvery, writer: { commit } },
});

/** Every variant with every kind of commit, where a flush comes eight times. */
const inEveryVariant = (commit: string): Block => ({
  tables: ['lineitem'],
  scales: [0.1],
  writers: ['lance'],
  variants: VARIANTS,
  options: commit === 'insert' ? {} : { flushEvery: 10, writer: { commit } },
});

const comparison = (commit: string, every: number, metric: Comparison['metric']): Comparison => ({
  what: `${metric === 'durable' ? 'speed' : 'disk'} of one insert to ${commit} every ${every} batches`,
  subject: INSERT,
  reference: id(commit, every),
  metric,
  wanted: metric === 'durable' ? 'faster' : 'smaller',
  bound: 1,
});

export const commits: SuiteSpec = {
  name: 'commits',
  about:
    'Lance: one insert, fragments committed once, and appends, every 1, 10 and 100 batches of lineitem SF 1; each kind in every variant at SF 0.1; four minutes',
  repeat: 3,
  blocks: [
    { tables: ['lineitem'], scales: [1], writers: ['lance'], variants: ['zero-copy'] },
    ...COMMITS.flatMap((commit) => EVERY.map((every) => flushed(commit, every))),
    ...['insert', ...COMMITS].map(inEveryVariant),
  ],
  comparisons: COMMITS.flatMap((commit) =>
    EVERY.flatMap((every) => [comparison(commit, every, 'durable'), comparison(commit, every, 'diskBytes')]),
  ),
  limits: [],
};
