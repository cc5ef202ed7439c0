/** What every registered JavaScript writer is held to: each variant on tables of both kinds, each option of a case and of its own. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { Record as RunRecord } from '../../harness/types.js';
import { REGISTRY } from '../../suites/index.js';
import { casesOf, complaints, freshFolder, recordOf, runCases } from '../fixtures.js';
import { departures } from '../records/schemas.js';

const modules = REGISTRY.writers.filter((writer) => writer.holder.kind === 'module');

const TABLES = ['nation@0.01', 'orders@0.01', 'types@0.001'];

/** Of a case of its own: empty, tiny and uneven batches come with `types`. */
const OPTIONS = [
  'nation@0.01/*;batchRows=1',
  'orders@0.01/*;source=generated;batchRows=1000;overlap=on;part=2/3',
  'orders@0.01/*;cold=on',
];

function crossedOf(record: RunRecord): unknown {
  assert.ok(record.crossed !== null && 'calls' in record.crossed, record.case.id);
  const { calls, rows, handover, addressesProved, batchingBy } = record.crossed;
  return { called: calls > 0, rows, handover, addressesProved, batchingBy };
}

function factsOf({ verdict, case: one }: RunRecord): { readonly rows: number; readonly figures: unknown } {
  assert.ok(verdict.status === 'verified' && 'returnNs' in verdict.measurement, one.id);
  const { rows, measurement } = verdict;
  const { returnNs, durableNs, spawnToDurableNs, phasesNs, busyNs, callNs, rss } = measurement;
  const phases = phasesNs.create + phasesNs.writes + phasesNs.close;
  return {
    rows,
    figures: {
      sameRows: measurement.rows === rows,
      inOrder: returnNs <= durableNs && durableNs < spawnToDurableNs,
      phasesAddUp: Math.abs(phases - returnNs) < 1000 && durableNs === returnNs + phasesNs.sync,
      handOver: busyNs.handOver > 0 && busyNs.generate > 0,
      calls: (callNs.p50 ?? NaN) <= (callNs.p99 ?? NaN) && (callNs.p99 ?? NaN) <= callNs.max && callNs.max > 0,
      weighed: rss !== null && rss.peakBytes >= rss.beforeBytes,
    },
  };
}

for (const writer of modules) {
  test(`${writer.name}: every variant is verified on every table, and with every option`, async () => {
    const values = Object.entries(writer.options).flatMap(([name, option]) =>
      (option.values ?? [])
        .filter((value) => value !== option.default)
        .map((value) => `orders@0.01/*;${name}=${String(value)}`),
    );
    const patterns = [...TABLES.map((table) => `${table}/*`), ...OPTIONS, ...values];
    const ids = writer.variants.flatMap((variant) =>
      patterns.map((pattern) => pattern.replace('*', `${writer.name}/${variant}`)),
    );
    const folder = freshFolder();
    const target = path.join(folder, 'data');
    const { code, records, printed } = await runCases([...casesOf(ids), '--target', target], folder);
    assert.equal(code, 0, complaints(records));
    assert.deepEqual(records.map((record) => record.case.id).sort(), [...ids].sort());
    assert.deepEqual(departures('writeproof.records.v1', printed), []);
    for (const id of ids) {
      const record = recordOf(records, id);
      const { rows, figures } = factsOf(record);
      const [sameRows, inOrder, phasesAddUp, handOver, calls, weighed] = [true, true, true, true, true, true];
      assert.deepEqual(figures, { sameRows, inOrder, phasesAddUp, handOver, calls, weighed }, id);
      const batchingBy = record.case.kind === 'write' && record.case.variant === 'accumulate' ? 'writer' : 'none';
      const expected = { called: true, rows, handover: 'copy', addressesProved: null, batchingBy };
      assert.deepEqual(crossedOf(record), expected, id);
    }
  });
}

test('there are two modules, with two variants each', () => {
  assert.deepEqual(
    modules.map(({ name, variants }) => [name, ...variants]),
    [
      ['apache-arrow', 'accumulate', 'stream'],
      ['parquet-wasm', 'accumulate', 'stream'],
    ],
  );
});

test('a Parquet file of arrow-rs in WebAssembly is judged by other implementations, as is an Arrow file of apache-arrow', async () => {
  const ids = ['nation@0.01/parquet-wasm/stream', 'nation@0.01/apache-arrow/stream'];
  const { records } = await runCases(casesOf(ids));
  const judged = ids.map((id) => {
    const { verdict } = recordOf(records, id);
    assert.ok(verdict.status === 'verified' && 'reader' in verdict, complaints(records));
    return [verdict.reader, verdict.independence];
  });
  assert.deepEqual(judged, [
    ['duckdb', 'different implementation'],
    ['arrow-rs', 'different implementation'],
  ]);
});
