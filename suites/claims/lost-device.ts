import type { ClaimedFigure, ClaimSpec, Measure, SystemSpec } from './types.js';

const armOf = (arm: string): string => `raw@2GiB/raw-${arm}/direct`;
const NATIVE = armOf('native');
const IN_TURN = 'raw@2GiB/raw/direct;batchRows=2048';
const OVERLAPPED = `${IN_TURN};threads=2;overlap=on`;

const GIGABYTE = 1e9;

const gigabytes = (low: number, high = low, text = String(low)): ClaimedFigure => ({
  text: `${text} GB/s`,
  range: [low * GIGABYTE, high * GIGABYTE],
  unit: 'B/s',
  wanted: 'about',
  tolerance: 0.25,
});

const OTHER_DEVICE = 'Another device: what the arms are to each other says more than any of them.';
const WHOLE = 'From spawn to durable, making the bytes included.';

const speed = (
  id: string,
  what: string,
  claimed: ClaimedFigure,
  source: string,
  of: string,
  note: string,
): ClaimSpec => ({
  id,
  what,
  claimed,
  source,
  measure: { kind: 'figure', metric: 'bytesPerSecond', of },
  note,
});

const ratio = (reference: string): Measure => ({ kind: 'ratio', metric: 'bytesPerSecond', subject: NATIVE, reference });

export const lostDevice: SystemSpec = {
  name: 'E',
  about: 'a data generator for storage tests, whose scripted loop lost 38 % of the device',
  claims: [
    speed(
      'E1',
      'one buffer, then written',
      gigabytes(1.26),
      'single buffer, then write: 1.26 GB/s',
      armOf('single'),
      WHOLE,
    ),
    speed(
      'E2',
      'made before, then io_uring',
      gigabytes(1.38),
      'pre-generated, io_uring: 1.38 GB/s',
      armOf('pregenerated'),
      WHOLE,
    ),
    speed(
      'E3',
      'eight threads and a queue',
      gigabytes(0.75),
      'eight threads, queue: 0.75 GB/s',
      armOf('threads'),
      OTHER_DEVICE,
    ),
    speed(
      'E4',
      'io_uring, made in the loop',
      gigabytes(0.6),
      'io_uring, generated in the loop: 0.60 GB/s',
      armOf('in-loop'),
      OTHER_DEVICE,
    ),
    speed(
      'E5',
      'the scripted loop',
      gigabytes(0.75, 0.8, '0.75–0.80'),
      'scripted loop: 0.75–0.80 GB/s (3.7 ms generate + 6.5 ms write for 8 MB)',
      armOf('scripted'),
      'In JavaScript here, in Python there. ' + OTHER_DEVICE,
    ),
    speed(
      'E6',
      'the device limit, O_DIRECT',
      gigabytes(1.28, 1.38, '1.28–1.38'),
      'device limit, O_DIRECT: 1.28–1.38 GB/s',
      'pattern@2GiB/fio/direct',
      'By fio, whose start counts. ' + OTHER_DEVICE,
    ),
    {
      id: 'E7-alone',
      what: 'making bytes alone, one thread',
      claimed: gigabytes(2.13),
      source: 'generation alone: 2.13 GB/s',
      measure: { kind: 'figure', metric: 'generatedBytesPerSecond', of: IN_TURN },
      note: 'The source of a writer that makes and writes in turn: nothing else runs meanwhile.',
    },
    {
      id: 'E7-beside',
      what: 'making bytes beside I/O, two threads',
      claimed: gigabytes(1.41),
      source: 'generation beside I/O: 1.41 GB/s',
      measure: { kind: 'figure', metric: 'generatedBytesPerSecond', of: OVERLAPPED },
      note: 'The same source, working ahead of the writer.',
    },
    speed(
      'E8',
      'native streaming',
      gigabytes(1.28, 1.38, '1.28–1.38'),
      'native streaming: 1.28–1.38 GB/s, 60–70 % faster, fixed memory',
      NATIVE,
      OTHER_DEVICE,
    ),
    {
      id: 'E8-faster',
      what: 'native streaming to the scripted loop',
      claimed: { text: '60–70 % faster', range: [1.6, 1.7], unit: '×', wanted: 'at least', tolerance: 0.1 },
      source: 'native streaming: …, 60–70 % faster',
      measure: ratio(armOf('scripted')),
      note: WHOLE,
    },
    {
      id: 'E8-device',
      what: 'what the scripted loop loses of what the native stream gets',
      claimed: { text: '38 %', range: [38, 38], unit: '%', wanted: 'about', tolerance: 0.25 },
      source: 'a storage tool lost 38 % of its device to a scripted loop',
      measure: { kind: 'saved', metric: 'bytesPerSecond', subject: armOf('scripted'), reference: NATIVE },
      note: WHOLE,
    },
    {
      id: 'E8-memory',
      what: 'peak RSS of native streaming, 2 GiB to 512 MiB',
      claimed: { text: 'fixed memory', range: [1, 1], unit: '×', wanted: 'about', tolerance: 0.1 },
      source: 'native streaming: …, fixed memory',
      measure: { kind: 'ratio', metric: 'peakRss', subject: NATIVE, reference: 'raw@512MiB/raw-native/direct' },
      note: 'Whole process; the pool has 64 MiB.',
    },
  ],
};
