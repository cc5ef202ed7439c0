import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { freshFolder } from '../fixtures.js';
import { cacheLimitBytes, cleanCache, evictions } from '../../harness/run/cache.js';
import { checkFacts, factsName, preparedName } from '../../harness/run/facts.js';
import { mountOf } from '../../harness/mounts.js';
import { cacheFolder } from '../../harness/paths.js';
import { TABLES } from '../../suites/tables/index.js';
import { region } from '../../suites/tables/region.js';
import { FACTS } from './fixtures.js';

const FILES = [
  { name: 'new', bytes: 40, usedMs: 3 },
  { name: 'old', bytes: 30, usedMs: 1 },
  { name: 'middle', bytes: 20, usedMs: 2 },
];
const names = (incoming: number, limit: number, spared: readonly string[] = []): readonly string[] =>
  evictions(FILES, incoming, limit, new Set(spared)).map((file) => file.name);

test('what is used longest ago goes first, and no more than must', () => {
  assert.deepEqual(names(10, 100), []);
  assert.deepEqual(names(11, 100), ['old']);
  assert.deepEqual(names(41, 100), ['old', 'middle']);
  assert.deepEqual(names(11, 100, ['old']), ['middle']);
  assert.deepEqual(names(1000, 100), ['old', 'middle', 'new']);
});

test('cleaning removes what runs have made, and leaves the builds of set-up', async () => {
  const cache = freshFolder();
  for (const name of ['prepared', 'facts', 'builds', 'entities', 'cargo', 'native']) {
    mkdirSync(path.join(cache, name));
    writeFileSync(path.join(cache, name, 'x'), 'content');
  }
  assert.deepEqual(await cleanCache(cache), { files: 1, bytes: 7 });
  assert.deepEqual(readdirSync(cache).sort(), ['cargo', 'native']);
});

test('the limit and the folder come from the environment', () => {
  assert.equal(cacheLimitBytes({}), 20 * 2 ** 30);
  assert.equal(cacheLimitBytes({ WRITEPROOF_CACHE_LIMIT: '5GB' }), 5e9);
  assert.throws(
    () => cacheLimitBytes({ WRITEPROOF_CACHE_LIMIT: 'much' }),
    /WRITEPROOF_CACHE_LIMIT "much" is not a size/,
  );
  assert.equal(cacheFolder({ WRITEPROOF_CACHE: '/a/b' }), '/a/b');
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/c' }), '/c/writeproof');
});

test('names of facts and prepared batches tell apart what differs', () => {
  const part = { index: 2, count: 4 };
  assert.equal(factsName({ table: 'part', scale: 0.1, part: { index: 1, count: 1 } }), 'part@0.1');
  assert.equal(preparedName({ table: 'part', scale: 10, part }, 8192), 'part@10-part2of4-8192-wp1.arrow');
});

test('facts that disagree with the registry are refused', () => {
  const key = { table: 'region', scale: 1, part: { index: 1, count: 1 } };
  const right = { ...FACTS, schema: region.fields, rows: 5 };
  assert.equal(checkFacts(right, key, TABLES), right);
  assert.throws(() => checkFacts({ ...right, rows: 4 }, key, TABLES), /made 4 rows of region@1, expected 5/);
  const nullable = region.fields.map((field) => ({ ...field, nullable: true }));
  assert.throws(() => checkFacts({ ...right, schema: nullable }, key, TABLES), /schema of region@1 is/);
  const old = { ...right, digest: { ...right.digest, version: 'wp0' } };
  assert.throws(() => checkFacts(old, key, TABLES), /told in wp0, expected wp1/);
});

test('the mount of a folder is the longest that holds it, and tells no path', () => {
  const info = [
    '22 1 254:0 / / rw,relatime - ext4 /dev/vda rw',
    '30 22 0:25 / /data rw,nosuid shared:1 - overlay overlay rw,lowerdir=/x',
    '31 30 8:1 / /data/with\\040space ro,lowerdir=/home/somebody - xfs /dev/mapper/disk rw',
    '32 22 0:26 / /database rw - tmpfs tmpfs rw',
  ].join('\n');
  const found = ['/home', '/data', '/data/x', '/data/with space/y', '/database'].map((folder) => mountOf(folder, info));
  assert.deepEqual(found, [
    { point: '/', fileSystem: 'ext4', options: 'rw,relatime', device: 'vda' },
    { point: '/data', fileSystem: 'overlay', options: 'rw,nosuid', device: 'overlay' },
    { point: '/data', fileSystem: 'overlay', options: 'rw,nosuid', device: 'overlay' },
    { point: '/data/with space', fileSystem: 'xfs', options: 'ro', device: 'disk' },
    { point: '/database', fileSystem: 'tmpfs', options: 'rw', device: 'tmpfs' },
  ]);
});
