/** One repetition of a scan: store ready → a process that times and one that counts → verdict → record. */

import { QUERIES } from '../../suites/scans/queries.js';
import { ENTITY_SEED } from '../../suites/scans/entities.js';
import { STRATEGIES } from '../../suites/scans/strategies.js';
import { CONTROL } from '../defaults.js';
import { stampLibrary } from '../libraries.js';
import { builtFile } from '../paths.js';
import { find } from '../plan/names.js';
import type { Step } from '../plan/order.js';
import type { Bench } from '../run/repetition.js';
import type { ScanCase, ScanRecord, StoreDefinition } from '../types.js';
import { COUNT_MALLOC_FILE, ENTITY_STORE_FILE } from './entity-store.js';
import { judgeScan } from './judge.js';
import { ensureEntities, ensureExpected, runJob } from './store.js';

const TIME_MS = 1000;
const LEAST_SCANS = 3;

const definitionOf = ({ scale, columns, encoding }: ScanCase): StoreDefinition => ({
  rows: scale,
  columns,
  encoding,
  seed: ENTITY_SEED,
});

/** Returns null when the run was interrupted meanwhile: that is no result. */
export async function runScan(step: Step, one: ScanCase, bench: Bench): Promise<ScanRecord | null> {
  const started = process.hrtime.bigint();
  const startedAt = new Date().toISOString();
  const named = find('query', one.query, QUERIES);
  const query = named.query(one.scale);
  const { switches: strategy } = find('strategy', one.strategy, STRATEGIES);
  const definition = definitionOf(one);
  const path = await ensureEntities(definition, bench.store);
  const digest = await ensureExpected(definition, query, bench.store);
  const expected = { digest, needed: named.needed(one.scale) };
  const sourceNs = Number(process.hrtime.bigint() - started);
  const files = [ENTITY_STORE_FILE, COUNT_MALLOC_FILE].map(builtFile) as [string, string];
  const libraries = await Promise.all(files.map(stampLibrary));
  const timeoutSeconds = bench.timeoutSeconds(one);
  const options = { timeoutSeconds, signal: bench.signal };
  const fault = one.fault === CONTROL ? null : one.fault;
  const job = { path, query, strategy, fault };
  const timed = await runJob(
    { kind: 'time', ...job, columns: one.columns, timeMs: TIME_MS, leastScans: LEAST_SCANS },
    options,
  );
  const counted = await runJob({ kind: 'count', ...job }, options, files[1]);
  if (bench.signal.aborted) return null;
  return {
    schema: 'writeproof.record.v1',
    run: bench.runId,
    case: one,
    repetition: step.repetition,
    position: step.position,
    startedAt,
    verdict: judgeScan({ strategy, expected, timed, counted, timeoutSeconds }),
    crossed: null,
    writerSays: null,
    libraries,
    machine: bench.machine,
    files: [],
    kept: null,
    notes: [],
    harnessNs: Number(process.hrtime.bigint() - started) - sourceNs - timed.wallNs - counted.wallNs,
  };
}
