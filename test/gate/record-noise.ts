/**
 * Freezes the noise of runs for `gate --prove`: `node dist/test/gate/record-noise.js 'two cores, a virtual machine' RUN…` writes suites/gate-noise.json. Each
 * run is one case and many repetitions, one after the other on a quiet machine:
 *
 *   npx writeproof run --case lineitem@0.1/parquet/stream --repeat 400 --out noise/parquet-stream
 *
 * Series of a hundred repetitions and more are noise of times; `lineitem@1/parquet/accumulate` (20 or more) and any stream are noise of memory.
 */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { NoiseSeries } from '../../harness/gate/prove/trace.js';
import { GATE_NOISE } from '../../harness/paths.js';
import { readRun } from '../../harness/run/records.js';

async function seriesOf(folder: string): Promise<NoiseSeries> {
  const { run, records } = await readRun(path.resolve(folder));
  const ids = [...new Set(records.map((record) => record.case.id))];
  const measurements = [...records]
    .sort((one, other) => one.position - other.position)
    .flatMap((record) =>
      record.case.kind === 'write' && record.verdict.status === 'verified' && 'durableNs' in record.verdict.measurement
        ? [record.verdict.measurement]
        : [],
    );
  const [id] = ids;
  if (ids.length !== 1 || id === undefined) throw new Error(`${run.id} has ${ids.length} cases, and not one`);
  if (measurements.length !== records.length) {
    throw new Error(`${run.id}: ${records.length - measurements.length} repetitions are not verified`);
  }
  return {
    case: id,
    durableNs: measurements.map(({ durableNs }) => Math.round(durableNs)),
    peakRssBytes: measurements.map(({ rss }) => rss?.peakBytes ?? NaN),
    diskBytes: measurements.map(({ diskBytes }) => diskBytes),
  };
}

const [machine, ...folders] = process.argv.slice(2);
if (machine === undefined || folders.length === 0) throw new Error("usage: record-noise 'words for the machine' RUN…");
const series: NoiseSeries[] = [];
for (const folder of folders) series.push(await seriesOf(folder));
await writeFile(GATE_NOISE, `${JSON.stringify({ schema: 'writeproof.noise.v1', machine, series })}\n`);
