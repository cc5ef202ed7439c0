import { VARIANTS } from '../../harness/types.js';
import type { Comparison, SuiteSpec } from '../types.js';

const GIBIBYTE = 2 ** 30;
const SIZE = 2 * GIBIBYTE;
/** 8 MiB a batch. */
const BATCH_ROWS = 2048;

const NATIVE = 'raw@2GiB/raw-native/direct';
/** Large enough that the third of a second that fio takes to start counts for little; what it takes is seen at one buffer. */
const LARGE = 8 * GIBIBYTE;
const BUFFER = 8 * 2 ** 20;

const faster = (what: string, subject: string, reference: string, bound: number): Comparison => ({
  what,
  subject,
  reference,
  metric: 'durable',
  wanted: 'faster',
  bound,
});

export const raw: SuiteSpec = {
  name: 'raw',
  about:
    '2 GiB of raw bytes in every way: the six arms, the native one, the four variants; 8 GiB of the native one beside fio, the limit of the device',
  repeat: 3,
  blocks: [
    {
      tables: ['raw'],
      scales: [SIZE],
      writers: ['raw-native', 'raw-single', 'raw-pregenerated', 'raw-threads', 'raw-in-loop', 'raw-scripted'],
      variants: ['direct'],
    },
    { tables: ['pattern'], scales: [BUFFER, SIZE, LARGE], writers: ['fio'], variants: ['direct'] },
    { tables: ['raw'], scales: [BUFFER, LARGE], writers: ['raw-native'], variants: ['direct'] },
    { tables: ['raw'], scales: [SIZE], writers: ['raw'], variants: VARIANTS, options: { batchRows: BATCH_ROWS } },
    {
      tables: ['raw'],
      scales: [SIZE],
      writers: ['raw'],
      variants: ['direct'],
      options: { batchRows: BATCH_ROWS, overlap: true, threads: 2 },
    },
  ],
  comparisons: [
    {
      ...faster('speed of the native stream to fio', 'raw@8GiB/raw-native/direct', 'pattern@8GiB/fio/direct', 0.97),
      lowBound: 0.9,
    },
    faster('speed of the native stream to the scripted loop', NATIVE, 'raw@2GiB/raw-scripted/direct', 1.3),
    faster('speed of the native stream to the single buffer', NATIVE, 'raw@2GiB/raw-single/direct', 1.3),
  ],
  limits: [
    // The pool of 64 MiB, and 16 MiB for the process itself, of which all counts here.
    { what: 'peak RSS of the native stream', subject: NATIVE, metric: 'peakRss', atMost: 80 * 2 ** 20 },
    {
      what: 'peak RSS of the native stream, 8 GiB',
      subject: 'raw@8GiB/raw-native/direct',
      metric: 'peakRss',
      atMost: 80 * 2 ** 20,
    },
  ],
};
