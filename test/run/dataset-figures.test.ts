/** What fragments and versions cost is counted by the names of files, and shown where a case asks for them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datasetFigures } from '../../harness/dataset-figures.js';

const files = (...sizes: readonly (readonly [path: string, bytes: number])[]) =>
  sizes.map(([path, bytes]) => ({ path: `x.lance/${path}`, bytes }));

const TWO_VERSIONS = files(
  ['data/a.lance', 1000],
  ['data/b.lance', 1000],
  ['_versions/1.manifest', 30],
  ['_versions/2.manifest', 50],
  ['_versions/latest_version_hint.json', 3],
  ['_transactions/0-a.txn', 7],
  ['_transactions/1-b.txn', 10],
);

test('fragments, versions and bytes of metadata are those of the files', () => {
  const record = { files: TWO_VERSIONS, writerSays: { commits: { firstNs: 5, lastNs: 9 } } };
  assert.deepEqual(datasetFigures([record]), {
    fragments: 2,
    versions: 2,
    metadataBytes: 100,
    commitNs: { first: 5, last: 9 },
  });
});

test('of several repetitions they are medians, and a silent writer has no times of commits', () => {
  const one = { files: TWO_VERSIONS, writerSays: { commits: { firstNs: 5, lastNs: 9 } } };
  const larger = { files: [...TWO_VERSIONS, ...files(['data/c.lance', 1])], writerSays: null };
  const figures = datasetFigures([one, larger, { ...larger, writerSays: { commits: 'many' } }]);
  assert.deepEqual(figures, { fragments: 3, versions: 2, metadataBytes: 100, commitNs: null });
});

test('a single file is no dataset', () => {
  assert.equal(datasetFigures([{ files: [{ path: 'x.parquet', bytes: 10 }], writerSays: null }]), null);
  assert.equal(datasetFigures([]), null);
});
