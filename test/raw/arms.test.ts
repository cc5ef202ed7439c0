/** The programs that write raw bytes in other ways: each is verified, past the page cache, or skipped with the reason. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { onPath } from '../../harness/paths.js';
import { RAW_ARMS } from '../../suites/writers/raw-arms.js';
import { casesOf, complaints, folderForDirect, freshFolder, recordOf, runCases } from '../fixtures.js';

test('every arm leaves the bytes of the table, with O_DIRECT seen from outside', async () => {
  const { folder, noDirect } = await folderForDirect();
  const ours = RAW_ARMS.filter(({ implementation }) => implementation !== 'fio').map(({ name }) => name);
  assert.deepEqual(ours, [
    'raw-native',
    'raw-single',
    'raw-pregenerated',
    'raw-threads',
    'raw-in-loop',
    'raw-scripted',
  ]);
  // Several buffers, a last block that is not whole, and long enough to be seen.
  const ids = ours.map((name) => `raw@100000003/${name}/direct`);
  const fio = 'pattern@96MiB/fio/direct';
  const data = path.join(freshFolder(folder), 'data');
  const { records } = await runCases([...casesOf([...ids, fio]), '--target', data], folder);
  const found = [...ids, fio].map((id) => {
    const { verdict } = recordOf(records, id);
    if (verdict.status === 'skipped') return verdict.reason;
    if (verdict.status !== 'verified') return complaints(records);
    return 'direct' in verdict.measurement && verdict.measurement.direct?.flagSeen === true ? 'verified' : 'not direct';
  });
  const expected = [...ids, onPath('fio') === null ? null : fio].map((id) =>
    id === null ? (noDirect ?? "fio is not on PATH: the system's package fio") : (noDirect ?? 'verified'),
  );
  assert.deepEqual(found, expected);
});

test('fio leaves its pattern through the page cache, too', async () => {
  const id = 'pattern@96MiB/fio-buffered/stream';
  const folder = freshFolder();
  const { records } = await runCases([...casesOf([id]), '--target', path.join(folder, 'data')], folder);
  const { verdict } = recordOf(records, id);
  const found = verdict.status === 'skipped' ? verdict.reason : complaints(records);
  assert.equal(found, onPath('fio') === null ? "fio is not on PATH: the system's package fio" : '');
});
