/** The entity store's addon, as Node sees it. What scans give and read is tested in native/entity-store. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { builtFile } from '../../harness/paths.js';
import { COUNT_MALLOC_FILE, ENTITY_STORE_FILE, entityStore } from '../../harness/scan/entity-store.js';
import type { Counted, FlushReport } from '../../harness/scan/report.js';
import { freshFolder } from '../fixtures.js';

const addon = entityStore();
const ADDON = builtFile(ENTITY_STORE_FILE);

const DEFINITION = { rows: 2000, columns: 10, seed: 3 };
const FULL = JSON.stringify({
  iterate: true,
  onePass: true,
  projection: true,
  filterInScan: true,
  batches: true,
  unchecked: true,
  sharedSchema: true,
});

async function made(encoding: string): Promise<string> {
  const target = path.join(freshFolder(), 'store');
  const report = JSON.parse(await addon.buildEntityStore(target, JSON.stringify({ ...DEFINITION, encoding }))) as {
    rows: number;
    deleted: number;
    bytes: number;
  };
  assert.equal(report.rows, 2000);
  assert.ok(report.deleted > 50 && report.deleted < 150 && report.bytes > 100_000);
  return target;
}

for (const encoding of ['json', 'compact']) {
  test(`a scan of ${encoding} gives the rows of the definition and says what it took`, async () => {
    const store = new addon.EntityStore(await made(encoding), '{}');
    assert.deepEqual(JSON.parse(store.facts()), { format: 1, ...DEFINITION, encoding, changed: false });
    for (const query of ['{}', '{"limit":10}', '{"columns":["name"],"prefix":"g07/"}']) {
      const expected: unknown = JSON.parse(addon.expectedDigest(JSON.stringify(DEFINITION), query));
      for (const strategy of ['{}', FULL]) {
        const scan = store.prepare(query, strategy, '{}');
        const rows = scan.run();
        assert.equal((expected as { rows: number }).rows, rows);
        assert.deepEqual(JSON.parse(scan.digest()), expected);
        const measured = JSON.parse(scan.runMeasured()) as Counted;
        assert.deepEqual(Object.keys(measured), [
          'rows',
          'batches',
          'ns',
          'firstBatchNs',
          'rowsRead',
          'deletedRead',
          'bytesRead',
          'badValues',
          'rust',
          'malloc',
        ]);
        assert.deepEqual(Object.keys(measured.rust), ['allocations', 'bytes', 'peakBytes', 'resultBytes']);
        assert.equal(measured.rows, rows);
        scan.release();
        assert.throws(() => scan.digest(), { code: 'InvalidArg', message: 'there is no result: run the scan first' });
      }
    }
    const lie = store.prepare('{"limit":10}', FULL, '{"fault":"limit-off-by-one"}');
    assert.equal(lie.run(), 11);
    store.close();
    assert.throws(() => lie.run(), { code: 'InvalidArg', message: 'the store is closed: open it again' });
  });
}

test('misuse is a sentence with a code', async () => {
  const target = await made('json');
  const store = new addon.EntityStore(target, '{"cacheBytes":1048576}');
  const misuse = (message: RegExp) => ({ code: 'InvalidArg', message });
  assert.throws(
    () => new addon.EntityStore(`${target}x`, '{}'),
    misuse(/^there is no entity store at .*found nothing$/),
  );
  assert.throws(() => store.prepare('{"limit":0}', FULL, '{}'), misuse(/^limit is 0; expected a whole number/));
  assert.throws(() => store.prepare('{}', '{"fast":true}', '{}'), misuse(/unknown field `fast`/));
  assert.throws(() => store.prepare('{}', '{}', '{"fault":"none"}'), misuse(/unknown variant `none`/));
  assert.throws(() => addon.expectedDigest('{"rows":1,"columns":11,"seed":1}', '{}'), misuse(/^columns is 11/));
  assert.throws(() => addon.measureBatchCreation('{"rows":0,"columns":10,"times":1}', true), misuse(/^rows is 0/));
  await assert.rejects(
    addon.buildEntityStore(target, JSON.stringify({ ...DEFINITION, encoding: 'json' })),
    misuse(/^there is something at .* already; expected nothing$/),
  );
  const job = JSON.stringify({ target: `${target}.parquet`, load: { threads: 1, seed: 1 } });
  await assert.rejects(store.flush(job), misuse(/was opened read-only/));
});

test('a flush gives equal files of a snapshot while others write', async () => {
  const target = await made('compact');
  const store = new addon.EntityStore(target, '{"readOnly":false}');
  const job = { target: `${target}.parquet`, copies: 2, load: { threads: 2, seed: 1, operations: 500 } };
  const flushing = store.flush(JSON.stringify(job));
  const report = JSON.parse(await flushing) as FlushReport;
  assert.deepEqual(report.digestOfSnapshot, JSON.parse(addon.expectedDigest(JSON.stringify(DEFINITION), '{}')));
  assert.notDeepEqual(report.digestAfter, report.digestOfSnapshot);
  assert.equal(report.puts + report.deletes + report.overwrites, 1000);
  assert.deepEqual(
    report.files.map((file) => file.path),
    [`${target}.parquet`, `${target}-2.parquet`],
  );
  for (const file of report.files) {
    const bytes = readFileSync(file.path);
    assert.equal(bytes.length, file.bytes);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), file.sha256);
    assert.equal(file.sha256, report.files[0]?.sha256);
  }
  assert.equal((JSON.parse(store.facts()) as { changed: boolean }).changed, true);
  store.close();
});

test('single steps have times', () => {
  const step = JSON.stringify({ rows: 1000, columns: 10, times: 20 });
  const times = [false, true].flatMap((on) => [
    addon.measureBatchCreation(step, on),
    addon.measureColumnBuilding(step, on),
  ]);
  assert.equal(times.filter((ns) => ns > 0).length, 4);
});

test('all of malloc is counted where the library is loaded before', async () => {
  const target = await made('compact');
  const program = `
    const { EntityStore } = require(${JSON.stringify(ADDON)});
    const scan = new EntityStore(${JSON.stringify(target)}, '{}').prepare('{"limit":10}', ${JSON.stringify(FULL)}, '{}');
    scan.run();
    console.log(scan.runMeasured());`;
  const measure = (preload: string | undefined): Counted => {
    const child = spawnSync(process.execPath, ['-e', program], {
      encoding: 'utf8',
      env: { ...process.env, ...(preload === undefined ? {} : { LD_PRELOAD: preload }) },
    });
    assert.equal(child.status, 0, child.stderr);
    return JSON.parse(child.stdout) as Counted;
  };
  assert.equal(measure(undefined).malloc, null);
  const { malloc, rust } = measure(builtFile(COUNT_MALLOC_FILE));
  assert.ok(malloc !== null && malloc.bytes > rust.bytes && malloc.allocations > rust.allocations);
});
