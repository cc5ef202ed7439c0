/** The loop in JavaScript: tinybench drives it, the addon is both sides of the interface. */

import { Bench } from 'tinybench';
import { addon, type Crossing } from '../native.js';
import type { Digest } from '../types.js';
import type { CrossingJob, CrossingReport } from './report.js';

const NS_PER_MS = 1e6;

interface Shape {
  readonly count: number;
  readonly timed: number;
  readonly rows: number;
  readonly bytes: number;
}

/** Sends every batch across once; the digest of what arrived. */
function whole(crossing: Crossing, count: number): Digest {
  for (let index = 0; index < count; index += 1) {
    crossing.take(crossing.handOver(index));
    crossing.compare(index);
    crossing.digest();
    crossing.release();
  }
  return JSON.parse(crossing.endDigest()) as Digest;
}

export async function crossInJavaScript(job: CrossingJob): Promise<CrossingReport> {
  const crossing = new (addon().Crossing)(JSON.stringify(job));
  const { count, timed, rows, bytes } = JSON.parse(crossing.shape()) as Shape;
  const before = whole(crossing, count);
  const bench = new Bench({ time: job.timeMs, iterations: job.leastBatches, throws: true });
  const { now } = bench;
  let index = 0;
  bench.add('crossing', () => {
    const begun = now();
    crossing.take(crossing.handOver(index));
    const taken = now();
    // The proof is no part of the crossing.
    crossing.compare(index);
    const releasing = now();
    crossing.release();
    const overriddenDuration = now() - releasing + (taken - begun);
    index = (index + 1) % timed;
    return { overriddenDuration };
  });
  const [task] = await bench.run();
  if (task?.result.state !== 'completed') throw new Error(`tinybench ended as ${String(task?.result.state)}`);
  const { mean, moe, p50, p99, min, max, samplesCount } = task.result.latency;
  const after = whole(crossing, count);
  const [meanNs, margin, p50Ns, p99Ns, minNs, maxNs] = [mean, moe, p50, p99, min, max].map((ms) => ms * NS_PER_MS) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    nsPerBatch: { mean: meanNs, margin, p50: p50Ns, p99: p99Ns, min: minNs, max: maxNs },
    batches: samplesCount,
    rows,
    bytes,
    addresses: JSON.parse(crossing.addresses()) as CrossingReport['addresses'],
    digests: [before, after],
  };
}
