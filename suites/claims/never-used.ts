import type { ClaimSpec, SystemSpec } from './types.js';

/** The whole program of system B, generator included: 29,999,795 rows. */
const copied = 'lineitem@5/parquet/stream;source=generated';
const byPointer = 'lineitem@5/parquet/zero-copy;source=generated';

const parquet = 'lineitem@1/parquet/stream';
const accumulated = 'lineitem@1/lance/accumulate';
const streamed = 'lineitem@1/lance/stream';
const zeroCopy = 'lineitem@1/lance/zero-copy';

const ELSEWHERE = "From spawn to durable with the generator's time. The published time is of another machine.";

const crossing = (rows: number): ClaimSpec => ({
  id: `B4-crossing-${rows}`,
  what: `time of crossing alone that the pointer saves, ${rows.toLocaleString('en-US')} rows a batch`,
  claimed: { text: 'a further 10–20 %', range: [10, 20], unit: '%', wanted: 'about', tolerance: 0.25 },
  source: 'cheaper crossing: a further 10–20 %',
  measure: {
    kind: 'saved',
    metric: 'batch',
    subject: `lineitem@0.1/crossing/pointer;batchRows=${rows}`,
    reference: `lineitem@0.1/crossing/copy;batchRows=${rows}`,
  },
  note: 'Median time of one batch across the interface, written nowhere.',
});

export const neverUsed: SystemSpec = {
  name: 'B',
  about: 'a Lance writer that was created and never used, Parquet under its name: lineitem at SF 5',
  claims: [
    {
      id: 'B1',
      what: 'time of the baseline, lineitem at SF 5',
      claimed: { text: '77.7 s', range: [77.7, 77.7], unit: 's', wanted: 'about', tolerance: 0.25 },
      source: 'baseline SF 5: 77.7 s (Parquet writer behind a Lance name)',
      measure: { kind: 'figure', metric: 'spawnToDurable', of: copied },
      note: `${ELSEWHERE} Batches are copied to the Parquet writer one by one: collecting all 30 M rows first would take 5 GB.`,
    },
    {
      id: 'B2',
      what: 'time with "zero-copy", lineitem at SF 5',
      claimed: { text: '165.4 s', range: [165.4, 165.4], unit: 's', wanted: 'about', tolerance: 0.25 },
      source: '"zero-copy" SF 5: 165.4 s, slower, because nothing was saved and references were added',
      measure: { kind: 'figure', metric: 'spawnToDurable', of: byPointer },
      note: `${ELSEWHERE} Parquet as well: that is what ran.`,
    },
    {
      id: 'B2-times',
      what: 'time with "zero-copy" to that of the baseline',
      claimed: { text: '2.13× (165.4 s ÷ 77.7 s)', range: [2.13, 2.13], unit: '×', wanted: 'about', tolerance: 0.25 },
      source: '"zero-copy" SF 5: 165.4 s, slower, because nothing was saved and references were added',
      measure: { kind: 'ratio', metric: 'spawnToDurable', subject: byPointer, reference: copied },
      note: 'By pointer ÷ by copy into Parquet, side by side.',
    },
    {
      id: 'B3',
      what: 'time of the Parquet baseline to streaming into Lance',
      claimed: { text: '2–5× faster', range: [2, 5], unit: '×', wanted: 'about', tolerance: 0.1 },
      source: 'real streaming into Lance: 2–5× faster on Lance I/O',
      measure: { kind: 'ratio', metric: 'durable', subject: parquet, reference: streamed },
      faults: [{ fault: 'never-called', insteadOf: streamed }],
      note: 'SF 1, prepared batches: the time of writing alone. What was compared with what was not published; this is one reading of it.',
    },
    {
      id: 'B3-accumulated',
      what: 'time of accumulating to streaming, both into Lance',
      claimed: { text: '2–5× faster', range: [2, 5], unit: '×', wanted: 'about', tolerance: 0.1 },
      source: 'real streaming into Lance: 2–5× faster on Lance I/O',
      measure: { kind: 'ratio', metric: 'durable', subject: accumulated, reference: streamed },
      note: 'The other reading of B3. SF 1, prepared batches.',
    },
    {
      id: 'B4',
      what: 'time of a write that crossing by pointer saves',
      claimed: { text: 'a further 10–20 %', range: [10, 20], unit: '%', wanted: 'about', tolerance: 0.25 },
      source: 'cheaper crossing: a further 10–20 %',
      measure: { kind: 'saved', metric: 'durable', subject: zeroCopy, reference: streamed },
      note: 'Into Lance, SF 1: batches by pointer against a deep copy of each.',
    },
    ...[100, 10_000, 100_000].map(crossing),
  ],
};
