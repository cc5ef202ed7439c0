/** What several workers measured at once → one measurement. Pure. */

import type { Crossed, Measurement, V8Figure } from '../types.js';

/** What one worker measured, and when; both instants are CLOCK_MONOTONIC. */
export interface Share {
  readonly measurement: Measurement;
  readonly spawnedAtNs: number;
  readonly begunAtNs: number;
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** Null where it is null for one: a sum of what is known would pass for all. */
function every<Value>(values: readonly (Value | null)[]): readonly Value[] | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? known : null;
}

function totalOrNull(numbers: readonly (number | null)[]): number | null {
  const known = every(numbers);
  return known === null ? null : total(known);
}

function v8Figure(figures: readonly V8Figure[]): V8Figure {
  return {
    beforeBytes: total(figures.map(({ beforeBytes }) => beforeBytes)),
    peakBytes: total(figures.map(({ peakBytes }) => peakBytes)),
  };
}

function v8Of(all: readonly Measurement[]): Measurement['v8'] {
  const known = every(all.map(({ v8 }) => v8));
  if (known === null) return null;
  return {
    heapUsed: v8Figure(known.map(({ heapUsed }) => heapUsed)),
    external: v8Figure(known.map(({ external }) => external)),
    arrayBuffers: v8Figure(known.map(({ arrayBuffers }) => arrayBuffers)),
  };
}

function directOf(all: readonly Measurement[]): Measurement['direct'] {
  const known = every(all.map(({ direct }) => direct));
  if (known === null) return null;
  const bytes = total(all.map(({ diskBytes }) => diskBytes));
  const resident = total(all.map(({ direct, diskBytes }) => (direct?.residentShare ?? 0) * diskBytes));
  return {
    flagSeen: known.every(({ flagSeen }) => flagSeen),
    dioMemAlign: Math.min(...known.map(({ dioMemAlign }) => dioMemAlign)),
    dioOffsetAlign: Math.min(...known.map(({ dioOffsetAlign }) => dioOffsetAlign)),
    residentShare: bytes === 0 ? 0 : resident / bytes,
  };
}

function ioOf(all: readonly Measurement[]): Measurement['io'] {
  const known = every(all.map(({ io }) => io));
  if (known === null) return null;
  return {
    readBytes: total(known.map(({ readBytes }) => readBytes)),
    writeBytes: total(known.map(({ writeBytes }) => writeBytes)),
    writeCalls: total(known.map(({ writeCalls }) => writeCalls)),
    writtenChars: total(known.map(({ writtenChars }) => writtenChars)),
  };
}

function allocationsOf(all: readonly Measurement[]): Measurement['allocations'] {
  const known = every(all.map(({ allocations }) => allocations));
  if (known === null) return null;
  return { count: total(known.map(({ count }) => count)), bytes: total(known.map(({ bytes }) => bytes)) };
}

function rssOf(all: readonly Measurement[]): Measurement['rss'] {
  const known = every(all.map(({ rss }) => rss));
  if (known === null) return null;
  return {
    beforeBytes: total(known.map(({ beforeBytes }) => beforeBytes)),
    peakBytes: total(known.map(({ peakBytes }) => peakBytes)),
    growthBytes: total(known.map(({ growthBytes }) => growthBytes)),
  };
}

/** The measurement of all shares, as `Measurement` says it. */
export function mergeMeasurements(shares: readonly Share[]): Measurement {
  const all = shares.map(({ measurement }) => measurement);
  const sum = (of: (one: Measurement) => number): number => total(all.map(of));
  const most = (of: (one: Measurement) => number): number => Math.max(...all.map(of));
  const firstSpawned = Math.min(...shares.map(({ spawnedAtNs }) => spawnedAtNs));
  const begun = shares.map(({ begunAtNs }) => begunAtNs);
  const until = (of: (one: Measurement) => number): readonly number[] =>
    shares.map(({ begunAtNs, measurement }) => begunAtNs + of(measurement));
  const durable = until(({ durableNs }) => durableNs);
  const spawnToDurable = shares.map(({ spawnedAtNs, measurement }) => spawnedAtNs + measurement.spawnToDurableNs);
  const peaks = every(all.map(({ rss }) => rss?.peakBytes ?? null));
  return {
    rows: sum(({ rows }) => rows),
    arrowBytes: sum(({ arrowBytes }) => arrowBytes),
    diskBytes: sum(({ diskBytes }) => diskBytes),
    returnNs: Math.max(...until(({ returnNs }) => returnNs)) - Math.min(...begun),
    durableNs: Math.max(...durable) - Math.min(...begun),
    spawnToDurableNs: Math.max(...spawnToDurable) - firstSpawned,
    phasesNs: {
      create: most(({ phasesNs }) => phasesNs.create),
      firstWrite: most(({ phasesNs }) => phasesNs.firstWrite),
      writes: most(({ phasesNs }) => phasesNs.writes),
      close: most(({ phasesNs }) => phasesNs.close),
      sync: most(({ phasesNs }) => phasesNs.sync),
    },
    busyNs: {
      generate: sum(({ busyNs }) => busyNs.generate),
      convert: sum(({ busyNs }) => busyNs.convert),
      handOver: sum(({ busyNs }) => busyNs.handOver),
      encode: totalOrNull(all.map(({ busyNs }) => busyNs.encode)),
      write: totalOrNull(all.map(({ busyNs }) => busyNs.write)),
    },
    callNs: { count: sum(({ callNs }) => callNs.count), p50: null, p99: null, max: most(({ callNs }) => callNs.max) },
    rss: rssOf(all),
    cpuNs: { user: sum(({ cpuNs }) => cpuNs.user), system: sum(({ cpuNs }) => cpuNs.system) },
    io: ioOf(all),
    pageFaults: {
      minor: sum(({ pageFaults }) => pageFaults.minor),
      major: sum(({ pageFaults }) => pageFaults.major),
    },
    contextSwitches: {
      voluntary: sum(({ contextSwitches }) => contextSwitches.voluntary),
      involuntary: sum(({ contextSwitches }) => contextSwitches.involuntary),
    },
    allocations: allocationsOf(all),
    direct: directOf(all),
    unwrittenPages: totalOrNull(all.map(({ unwrittenPages }) => unwrittenPages)),
    v8: v8Of(all),
    // One limit for all of them: the harness adds what it saw of it.
    memoryLimit: null,
    profile: null,
    workers: {
      count: shares.length,
      largestPeakRssBytes: peaks === null ? null : Math.max(...peaks),
      togetherNs: Math.max(0, Math.min(...durable) - Math.max(...begun)),
    },
  };
}

/** What crossed in all; addresses are proved where they are for each, and refuted where they are for one. */
export function mergeCrossed(all: readonly Crossed[]): Crossed | null {
  const [first] = all;
  if (first === undefined) return null;
  const proofs = all.map(({ addressesProved }) => addressesProved);
  return {
    calls: total(all.map(({ calls }) => calls)),
    flushes: total(all.map(({ flushes }) => flushes)),
    rows: total(all.map(({ rows }) => rows)),
    bytes: total(all.map(({ bytes }) => bytes)),
    handover: first.handover,
    addressesProved: proofs.includes(false) ? false : proofs.includes(null) ? null : true,
    batchingBy: first.batchingBy,
  };
}
