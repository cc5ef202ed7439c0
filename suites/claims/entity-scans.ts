import { BASELINE } from '../scans/strategies.js';
import type { ClaimedFigure, ClaimMetric, ClaimSpec, SystemSpec } from './types.js';

const MEGABYTE = 1e6;
const KILOBYTE = 1000;
const MILLISECOND = 1e6;

const TOLERANCE = 0.25;

const MEMORY =
  'The most that Rust held of one scan at once, its result included; what RocksDB allocates is in the table of the run.';
const TIME =
  'Median time of a scan, the query compiled before. The published time is of another machine: the ratio says more.';

/** `million/all;columns=20` → the case with all changes, or with none. */
const scan = (query: string, options = ''): string => `entities@1000000/scan/${query}${options}`;
const before = (id: string): string => `${id};strategy=${BASELINE}`;

const bytes = (text: string, amount: number, wanted: ClaimedFigure['wanted']): ClaimedFigure => ({
  text,
  range: [amount, amount],
  unit: 'B',
  wanted,
  tolerance: wanted === 'about' ? TOLERANCE : 0,
});

const time = (text: string, ns: number, wanted: ClaimedFigure['wanted']): ClaimedFigure => ({
  ...bytes(text, ns, wanted),
  unit: 'ns',
});

interface Pair {
  readonly id: string;
  readonly what: string;
  readonly metric: ClaimMetric;
  readonly source: string;
  readonly of: string;
  readonly was: ClaimedFigure;
  readonly is: ClaimedFigure;
  /** Of before to after, as published. */
  readonly times: number;
  readonly note: string;
}

const decimals = (times: number): string => (Number.isInteger(times) ? times.toLocaleString('en-US') : String(times));

const pair = ({ id, what, metric, source, of, was, is, times, note }: Pair): readonly ClaimSpec[] => [
  {
    id: `${id}-before`,
    what: `${what}, none of the changes`,
    claimed: was,
    source,
    measure: { kind: 'figure', metric, of: before(of) },
    note,
  },
  {
    id: `${id}-after`,
    what: `${what}, all changes`,
    claimed: is,
    source,
    measure: { kind: 'figure', metric, of },
    note,
  },
  {
    id: `${id}-times`,
    what: `${what}: none of the changes to all`,
    claimed: { text: `${decimals(times)}×`, range: [times, times], unit: '×', wanted: 'at least', tolerance: 0.1 },
    source,
    measure: { kind: 'ratio', metric, subject: before(of), reference: of },
    note,
  },
];

const CHECKED = before('entities@1000/scan/all');
const UNCHECKED = 'entities@1000/scan/all;strategy=only-unchecked';
const ONLY_ONE_PASS = 'entities@1000/scan/all;strategy=only-one-pass';
const BATCH_CREATION = 'batch creation: 20 ns checked, 2 ns unchecked';
const ONE_PASS = 'columns in one pass: 10,000 steps before, 1,000 after, 10×';
const STEP = 'A loop over this step alone, on rows that are in memory.';

export const entityScans: SystemSpec = {
  name: 'D',
  about: 'scans of an entity store on RocksDB, a million rows: seven changes, with the figures before and after',
  claims: [
    ...pair({
      id: 'D1',
      what: 'memory of LIMIT 10',
      metric: 'scanPeakBytes',
      source: 'LIMIT 10 of 1 M rows, memory: 100 MB before, under 1 KB after',
      of: scan('limit-10'),
      was: bytes('100 MB', 100 * MEGABYTE, 'about'),
      is: bytes('under 1 KB', KILOBYTE, 'at most'),
      times: 100_000,
      note: `${MEMORY} The ten rows themselves, in Arrow, are more than 1 KB.`,
    }),
    ...pair({
      id: 'D2',
      what: 'time of LIMIT 10',
      metric: 'scan',
      source: 'LIMIT 10 of 1 M rows, latency: 50 ms before, under 1 ms after',
      of: scan('limit-10'),
      was: time('50 ms', 50 * MILLISECOND, 'about'),
      is: time('under 1 ms', MILLISECOND, 'at most'),
      times: 50,
      note: TIME,
    }),
    ...pair({
      id: 'D3',
      what: 'memory of a full scan',
      metric: 'scanPeakBytes',
      source: 'full scan of 1 M rows, memory: 200 MB before, 100 MB after',
      of: scan('all'),
      was: bytes('200 MB', 200 * MEGABYTE, 'about'),
      is: bytes('100 MB', 100 * MEGABYTE, 'about'),
      times: 2,
      note: `${MEMORY} Ten columns.`,
    }),
    ...pair({
      id: 'D4',
      what: 'memory of one column of 20',
      metric: 'scanPeakBytes',
      source: 'one column of 20, memory: 100 MB before, 5 MB after',
      of: scan('one-column', ';columns=20'),
      was: bytes('100 MB', 100 * MEGABYTE, 'about'),
      is: bytes('5 MB', 5 * MEGABYTE, 'about'),
      times: 20,
      note: `${MEMORY} A million float64 and their nulls are 8.1 MB.`,
    }),
    ...pair({
      id: 'D5',
      what: 'time of a filter of the unique key',
      metric: 'scan',
      source: 'unique key filter, latency: 50 ms before, under 1 ms after',
      of: scan('unique-key'),
      was: time('50 ms', 50 * MILLISECOND, 'about'),
      is: time('under 1 ms', MILLISECOND, 'at most'),
      times: 50,
      note: TIME,
    }),
    ...pair({
      id: 'D6',
      what: 'time of 1,000 rows of ten columns',
      metric: 'scan',
      source: '1,000 rows × 10 columns: 5 ms before, 0.5 ms after',
      of: 'entities@1000/scan/all',
      was: time('5 ms', 5 * MILLISECOND, 'about'),
      is: time('0.5 ms', 0.5 * MILLISECOND, 'about'),
      times: 10,
      note: TIME,
    }),
    ...pair({
      id: 'D7',
      what: 'time of one column of 20, 1,000 rows',
      metric: 'scan',
      source: 'one column of 20, latency: 5 ms before, 0.25 ms after',
      of: 'entities@1000/scan/one-column;columns=20',
      was: time('5 ms', 5 * MILLISECOND, 'about'),
      is: time('0.25 ms', 0.25 * MILLISECOND, 'about'),
      times: 20,
      note: `${TIME} The rows were not published: 5 ms is what 1,000 took.`,
    }),
    ...['', ';encoding=compact'].map((encoding): ClaimSpec => ({
      id: encoding === '' ? 'D7-million' : 'D7-million-compact',
      what: `time of one column of 20, a million rows${encoding === '' ? ' as JSON' : ' in the compact form'}: none of the changes to all`,
      claimed: { text: '20×', range: [20, 20], unit: '×', wanted: 'at least', tolerance: 0.1 },
      source: 'one column of 20, latency: 5 ms before, 0.25 ms after',
      measure: {
        kind: 'ratio',
        metric: 'scan',
        subject: before(scan('one-column', `;columns=20${encoding}`)),
        reference: scan('one-column', `;columns=20${encoding}`),
      },
      note: 'JSON has to be read past even where a column is not asked for; the compact form is skipped through.',
    })),
    {
      id: 'D8-before',
      what: 'making a batch of ten columns, checked',
      claimed: time('20 ns', 20, 'about'),
      source: BATCH_CREATION,
      measure: { kind: 'figure', metric: 'batchCreation', of: CHECKED },
      note: STEP,
    },
    {
      id: 'D8-after',
      what: 'making a batch of ten columns, unchecked',
      claimed: time('2 ns', 2, 'about'),
      source: BATCH_CREATION,
      measure: { kind: 'figure', metric: 'batchCreation', of: UNCHECKED },
      note: STEP,
    },
    {
      id: 'D8-times',
      what: 'making a batch of ten columns: checked to unchecked',
      claimed: { text: '10×', range: [10, 10], unit: '×', wanted: 'at least', tolerance: 0.1 },
      source: BATCH_CREATION,
      measure: { kind: 'ratio', metric: 'batchCreation', subject: CHECKED, reference: UNCHECKED },
      note: STEP,
    },
    {
      id: 'D9-step',
      what: 'building ten columns of 1,000 rows: a pass for each to one pass',
      claimed: { text: '10×', range: [10, 10], unit: '×', wanted: 'at least', tolerance: 0.1 },
      source: ONE_PASS,
      measure: { kind: 'ratio', metric: 'columnBuilding', subject: CHECKED, reference: ONLY_ONE_PASS },
      note: `The claim counts rows that are walked; as many values are built either way. ${STEP}`,
    },
    {
      id: 'D9-scan',
      what: 'a scan of 1,000 rows of ten columns: none of the changes to one pass alone',
      claimed: { text: '10×', range: [10, 10], unit: '×', wanted: 'at least', tolerance: 0.1 },
      source: ONE_PASS,
      measure: { kind: 'ratio', metric: 'scan', subject: CHECKED, reference: ONLY_ONE_PASS },
      note: 'Reading and parsing included, which every scan has to do.',
    },
    {
      id: 'D10',
      what: 'the same snapshot gives byte-identical Parquet while writers run',
      claimed: { text: 'byte-identical', range: [1, 1], unit: '×', wanted: 'about', tolerance: 0 },
      source: 'flush: the same snapshot gives byte-identical Parquet while writers run',
      measure: { kind: 'none', reason: 'no figure but a property: the tests of flushes show it under load' },
      note: 'Files of one snapshot, compared byte by byte and read by DuckDB, while threads put, delete and overwrite.',
    },
  ],
};
