import { ALONE, BASELINE, FULL, REMOVED } from '../scans/strategies.js';
import type { Comparison, Limit, SuiteSpec } from '../types.js';

const ROWS = 1_000_000;
const MICROSECOND = 1000;
const WIDE = ';columns=20';

/** Each change alone, each left out, none and all. */
const EACH = [BASELINE, ...ALONE.map(({ name }) => name), ...REMOVED.map(({ name }) => name), FULL];
const ENDS = [BASELINE, FULL];

const scan = (query: string, options = ''): string => `entities@${ROWS}/scan/${query}${options}`;

const times = (what: string, query: string, options: string, bound: number): Comparison => ({
  what,
  subject: scan(query, options),
  reference: `${scan(query, options)};strategy=${BASELINE}`,
  metric: 'scan',
  wanted: 'faster',
  bound,
});

const most = (what: string, query: string, metric: Limit['metric'], atMost: number): readonly Limit[] =>
  ['', ';encoding=compact'].map((encoding) => ({
    what: `${what}${encoding === '' ? ', JSON' : ', compact'}`,
    subject: scan(query, encoding),
    metric,
    atMost,
  }));

export const scans: SuiteSpec = {
  name: 'scan',
  about:
    'a million rows of a real RocksDB: seven changes to a scan, each alone, each left out, and all, in time and in bytes allocated; half an hour, ratios from --repeat 2 on',
  repeat: 1,
  blocks: [],
  scans: [
    {
      rows: ROWS,
      queries: ['limit-10', 'unique-key', 'all'],
      strategies: EACH,
      columns: [10],
      encodings: ['json'],
    },
    { rows: ROWS, queries: ['selective', 'prefix'], strategies: ENDS, columns: [10], encodings: ['json'] },
    { rows: ROWS, queries: ['one-column'], strategies: EACH, columns: [20], encodings: ['json', 'compact'] },
    { rows: ROWS, queries: ['limit-10', 'unique-key', 'all'], strategies: ENDS, columns: [10], encodings: ['compact'] },
    { rows: 1000, queries: ['all'], strategies: EACH, columns: [10], encodings: ['json', 'compact'] },
  ],
  comparisons: [
    times('all rows, all changes to none, JSON', 'all', '', 3),
    times('all rows, all changes to none, compact', 'all', ';encoding=compact', 3),
    times('one column of twenty, all changes to none, compact', 'one-column', `${WIDE};encoding=compact`, 5),
    times('one column of twenty, all changes to none, JSON', 'one-column', WIDE, 1),
  ],
  limits: [
    ...most('LIMIT 10', 'limit-10', 'scan', 100 * MICROSECOND),
    ...most('LIMIT 10, allocated in Rust beyond the result', 'limit-10', 'scanExtraBytes', 1024),
    ...most('unique key', 'unique-key', 'scan', 50 * MICROSECOND),
  ],
};
