import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDisk, estimateDisk } from '../../harness/plan/disk.js';
import { makePlan } from '../../harness/plan/plan.js';
import { REGISTRY } from '../../suites/index.js';

const NOTHING = { tables: [], scales: [], writers: [], formats: [], variants: [], options: {}, seed: 0 };
const plan = makePlan(
  {
    ...NOTHING,
    cases: ['region@1/parquet/stream', 'supplier@1/parquet/stream', 'supplier@1/parquet/direct'],
    repeat: 2,
  },
  REGISTRY,
);
/** 5 rows of 100 bytes and 10,000 of 169, a twentieth for the format and 64 KiB for the file. */
const REGION = 525 + 65_536;
const SUPPLIER_ARROW = 1_774_500;
const SUPPLIER = SUPPLIER_ARROW + 65_536;

test('targets are removed one by one, so the largest counts; prepared tables add up, each once', () => {
  const need = estimateDisk(plan, REGISTRY.tables, false, () => false);
  assert.deepEqual(need, { targetBytes: SUPPLIER, cacheBytes: REGION + SUPPLIER });
});

test('files and prepared batches of parts that are written at once add up', () => {
  const [one] = makePlan({ ...NOTHING, cases: ['supplier@1/parquet/stream;parts=2'] }, REGISTRY).cases;
  assert.ok(one !== undefined);
  const asked: number[] = [];
  const need = estimateDisk({ cases: [one], repeat: 1 }, REGISTRY.tables, false, ({ options: { part } }) => {
    asked.push(part.index);
    return part.index === 2;
  });
  const half = SUPPLIER_ARROW / 2 + 65_536;
  assert.deepEqual([need, asked], [{ targetBytes: 2 * half, cacheBytes: half }, [1, 2]]);
});

test('what is kept adds up over repetitions, and what is prepared needs nothing', () => {
  const need = estimateDisk(plan, REGISTRY.tables, true, (one) => one.table === 'supplier');
  assert.deepEqual(need, { targetBytes: 2 * REGION + 4 * SUPPLIER, cacheBytes: REGION });
});

test('a plan that does not fit is refused, with what it needs and what there is', () => {
  const need = { targetBytes: 3e9, cacheBytes: 2e9 };
  const free = { targetBytes: 4e9, cacheBytes: 4e9, shared: false };
  assert.doesNotThrow(() => {
    checkDisk(need, free, null);
  });
  assert.throws(() => {
    checkDisk(need, { ...free, shared: true }, null);
  }, /may need 5\.00 GB of disk, the target has 4\.00 GB free/);
  assert.throws(() => {
    checkDisk(need, { ...free, targetBytes: 2.5e9 }, null);
  }, /may need 3\.00 GB of disk, the target has 2\.50 GB free/);
  assert.throws(() => {
    checkDisk(need, { ...free, cacheBytes: 1e9 }, null);
  }, /Preparing the plan's tables may need 2\.00 GB, the cache's disk has 1\.00 GB free/);
  assert.throws(() => {
    checkDisk(need, free, 4.5e9);
  }, /may need 5\.00 GB of disk, --max-bytes allows 4\.50 GB/);
});
