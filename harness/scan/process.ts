/** The process of a scan: a `Job` on stdin, its report on stdout. One that builds, expects, times or counts does nothing else. */

import { readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { Bench } from 'tinybench';
import { messageOf } from '../misuse.js';
import { quantile } from '../statistics/quantile.js';
import type { Digest } from '../types.js';
import { entityStore, type PreparedScan } from './entity-store.js';
import type { Counted, CountJob, CountReport, Job, TimeJob, TimeReport } from './report.js';

const NS_PER_MS = 1e6;
/** Fewer say nothing of the slowest hundredth. */
const LEAST_FOR_P99 = 100;

function prepare({ path, query, strategy, fault }: TimeJob | CountJob): PreparedScan {
  const store = new (entityStore().EntityStore)(path, JSON.stringify({ readOnly: true }));
  return store.prepare(
    JSON.stringify(query),
    JSON.stringify(strategy),
    JSON.stringify(fault === null ? {} : { fault }),
  );
}

const digestOf = (scan: PreparedScan): Digest => JSON.parse(scan.digest()) as Digest;

function proved(scan: PreparedScan): Digest {
  scan.run();
  const digest = digestOf(scan);
  scan.release();
  return digest;
}

/** Rows of a batch whose making is timed, and how often. */
const STEP_ROWS = 1000;
const STEPS = { creation: 20_000, building: 50 } as const;

function steps({ strategy, columns }: TimeJob): Pick<TimeReport, 'batchCreationNs' | 'columnBuildingNs'> {
  const step = (times: number): string => JSON.stringify({ rows: STEP_ROWS, columns, times });
  return {
    batchCreationNs: entityStore().measureBatchCreation(step(STEPS.creation), strategy.unchecked),
    columnBuildingNs: entityStore().measureColumnBuilding(step(STEPS.building), strategy.onePass),
  };
}

async function time(job: TimeJob): Promise<TimeReport> {
  const scan = prepare(job);
  // The first scan opens files and fills caches: it proves, and is not timed.
  const before = proved(scan);
  const bench = new Bench({
    time: job.timeMs,
    iterations: job.leastScans,
    warmup: false,
    retainSamples: true,
    throws: true,
  });
  const { now } = bench;
  let [fewest, most] = [Infinity, 0];
  bench.add('scan', () => {
    // Not in the time; the last result is kept, to be proved.
    scan.release();
    const begun = now();
    const rows = scan.run();
    const overriddenDuration = now() - begun;
    fewest = Math.min(fewest, rows);
    most = Math.max(most, rows);
    return { overriddenDuration };
  });
  const [task] = await bench.run();
  if (task?.result.state !== 'completed') throw new Error(`tinybench ended as ${String(task?.result.state)}`);
  const { mean, p50, min, max, samplesCount, samples } = task.result.latency;
  const tail = samplesCount < LEAST_FOR_P99 || samples === undefined ? null : quantile([...samples], 0.99) * NS_PER_MS;
  return {
    nsPerScan: { mean: mean * NS_PER_MS, p50: p50 * NS_PER_MS, p99: tail, min: min * NS_PER_MS, max: max * NS_PER_MS },
    scans: samplesCount,
    digests: [before, digestOf(scan)],
    rows: [fewest, most],
    ...steps(job),
  };
}

/** VmRSS or VmHWM of this process, bytes. */
function memory(name: 'VmRSS' | 'VmHWM'): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'));
  if (found === null) throw new Error(`/proc/self/status has no ${name}`);
  return Number(found[1]) * 1024;
}

function count(job: CountJob): CountReport {
  const scan = prepare(job);
  // The peak begins anew at what is resident now.
  writeFileSync('/proc/self/clear_refs', '5');
  const before = memory('VmRSS');
  const counted = JSON.parse(scan.runMeasured()) as Counted;
  const rssGrowthBytes = Math.max(0, memory('VmHWM') - before);
  return { counted, rssGrowthBytes, digest: digestOf(scan) };
}

async function done(job: Job): Promise<string> {
  switch (job.kind) {
    case 'build':
      return entityStore().buildEntityStore(job.path, JSON.stringify(job.definition));
    case 'expect':
      return entityStore().expectedDigest(JSON.stringify(job.definition), JSON.stringify(job.query));
    case 'time':
      return JSON.stringify(await time(job));
    case 'count':
      return JSON.stringify(count(job));
  }
}

try {
  process.stdout.write(await done(JSON.parse(await text(process.stdin)) as Job));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
