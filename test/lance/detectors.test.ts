/** Each detector sees what it is there for on a Lance dataset, and an honest one is content. */

import assert from 'node:assert/strict';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { stampFiles } from '../../harness/run/stamps.js';
import type { Facts } from '../../harness/types.js';
import { encode, manifestName } from '../verify/lance-bytes.js';
import {
  changeManifest,
  copyOf,
  fileIn,
  findingsIn,
  judged,
  lettersOf,
  textOf,
  written,
  type Dataset,
} from './dataset.js';

const ROWS = 15_000;
let [one, appended]: Dataset[] = [];
const checked = { damages: 0 };

before(async () => {
  one = await written('orders@0.01/lance/stream');
  appended = await written('orders@0.01/lance/stream;commit=append;flushEvery=1');
});

const honest = (): Dataset => {
  assert.ok(one !== undefined);
  return one;
};

const ofTwoVersions = (): Dataset => {
  assert.ok(appended !== undefined);
  return appended;
};

test('an honest dataset is verified by its own library and by our own reading of manifest and files', async () => {
  for (const dataset of [honest(), ofTwoVersions()]) {
    const seen = await judged(dataset);
    assert.ok('findings' in seen, JSON.stringify(seen));
    assert.deepEqual(seen.findings, [], textOf(seen.findings));
    assert.deepEqual(
      [seen.rows, seen.metadataRows, seen.multiset, seen.order, seen.ran.join('')],
      [ROWS, ROWS, dataset.facts.digest.multiset, dataset.facts.digest.order, 'FSNMOCZ'],
    );
    assert.deepEqual(
      seen.readers.map(({ reader, independence, rows }) => [reader, independence, rows]),
      [['lance-rs', 'same implementation', ROWS]],
    );
    assert.match(seen.notes.join('\n'), /^Lance keeps no statistics.*\n.* of the target was in the page cache/);
  }
});

interface Damage {
  readonly fires: string;
  readonly says: RegExp;
  readonly of?: () => Dataset;
  readonly do: (dataset: Dataset) => void;
}

const dataFile = (dataset: Dataset): string => fileIn(dataset, 'data');
const extend = (dataset: Dataset, fields: Parameters<typeof encode>[0]): void => {
  changeManifest(dataset, (message) => Buffer.concat([message, encode(fields)]));
};

const replaced = (bytes: Buffer, from: string, to: string): Buffer => {
  const place = bytes.indexOf(from);
  assert.ok(place > 0 && from.length === to.length);
  const changed = Buffer.from(bytes);
  changed.write(to, place);
  return changed;
};

const DAMAGES: Readonly<{ [what: string]: Damage }> = {
  'a data file that is missing': {
    fires: 'CFMNOXZ',
    says: /^F data\/\w+\.lance: expected a data file, which the manifest lists, found nothing$/m,
    do: (dataset) => {
      rmSync(dataFile(dataset));
    },
  },
  'a data file without its end': {
    fires: 'CFMNOXZ',
    says: /^Z bytes of data\/\w+\.lance: expected \d+, by the manifest, found 100000$/m,
    do: (dataset) => {
      truncateSync(dataFile(dataset), 100_000);
    },
  },
  'a Parquet file in the place of a data file': {
    fires: 'CFMNOXZ',
    says: /^F last four bytes of data\/\w+\.lance: expected "LANC", found "PAR1"$/m,
    do: (dataset) => {
      writeFileSync(dataFile(dataset), `PAR1${'0'.repeat(200)}PAR1`);
    },
  },
  'a data file that belongs to no fragment': {
    fires: 'F',
    says: /^F files that belong to no fragment of the manifest: expected none, found data\/other\.lance$/,
    do: (dataset) => {
      copyFileSync(dataFile(dataset), path.join(dataset.target, 'data', 'other.lance'));
    },
  },
  'a Parquet file beside the data': {
    fires: 'F',
    says: /^F files that belong to no fragment of the manifest: expected none, found rows\.parquet$/,
    do: (dataset) => {
      writeFileSync(path.join(dataset.target, 'rows.parquet'), 'PAR1');
    },
  },
  'a Parquet file in the place of the dataset': {
    fires: 'CFMNOSXZ',
    says: /^F what lies at the target: expected the directory of a Lance dataset, found a file$/m,
    do: (dataset) => {
      rmSync(dataset.target, { recursive: true });
      writeFileSync(dataset.target, 'PAR1');
    },
  },
  'a Parquet file alone in the directory': {
    fires: 'CFMNOSX',
    says: /^F what lies at the target: expected .* with _versions, found a directory with rows\.parquet$/m,
    do: (dataset) => {
      rmSync(dataset.target, { recursive: true });
      mkdirSync(dataset.target);
      writeFileSync(path.join(dataset.target, 'rows.parquet'), Buffer.alloc(1_000_000, 'PAR1'));
    },
  },
  'a storage version that nobody knows': {
    fires: 'CFMNOX',
    says: /^F storage version in the manifest: expected 2\.0, 2\.1, 2\.2, 2\.3, found 9\.9$/m,
    do: (dataset) => {
      extend(dataset, [
        [
          15,
          [
            [1, 'lance'],
            [2, '9.9'],
          ],
        ],
      ]);
    },
  },
  'a flag that no reader knows': {
    fires: 'CFMNOX',
    says: /^F reader feature flags of the manifest beyond those that are known: expected none, found 0b1000+$/m,
    do: (dataset) => {
      extend(dataset, [[9, 2n ** 40n]]);
    },
  },
  'a data file of another version than its manifest says': {
    fires: 'CFMNOX',
    says: /^F version of data\/\w+\.lance: expected 2\.2, by the manifest, found 2\.9$/m,
    do: (dataset) => {
      const bytes = readFileSync(dataFile(dataset));
      bytes[bytes.length - 6] = 9;
      writeFileSync(dataFile(dataset), bytes);
    },
  },
  'a manifest under the name of another version': {
    fires: 'F',
    says: /^F version in _versions\/\d{20}\.manifest: expected 2, found 1$/m,
    do: (dataset) => {
      renameSync(fileIn(dataset, '_versions'), path.join(dataset.target, '_versions', manifestName(2n)));
    },
  },
  'a version that lacks a fragment': {
    fires: 'CFMNO',
    of: ofTwoVersions,
    says: /^N rows of all fragments in the manifest: expected 15000, found 8192\nN rows by reading: expected 15000, found 8192$/m,
    do: (dataset) => {
      rmSync(fileIn(dataset, '_versions'));
      rmSync(path.join(dataset.target, '_versions', 'latest_version_hint.json'), { force: true });
    },
  },
  'another schema in the manifest': {
    fires: 'S',
    says: /^S column 1: expected o_orderkey int64 not null, found o_orderkeY int64 not null$/m,
    do: (dataset) => {
      changeManifest(dataset, (message) => replaced(message, 'o_orderkey', 'o_orderkeY'));
    },
  },
};

for (const [what, damage] of Object.entries(DAMAGES)) {
  test(`${what} is found by ${damage.fires}`, async () => {
    const dataset = copyOf((damage.of ?? honest)());
    damage.do(dataset);
    const findings = await findingsIn(dataset);
    assert.equal(lettersOf(findings), damage.fires, textOf(findings));
    assert.match(textOf(findings), damage.says);
    checked.damages += 1;
  });
}

test('facts of other rows, another column or another type, and another nonce are seen', async () => {
  const dataset = honest();
  const { facts } = dataset;
  const [first, ...others] = facts.schema;
  assert.ok(first !== undefined);
  const [digest, ...digests] = facts.digest.columns;
  assert.ok(digest !== undefined);
  const altered: readonly (readonly [string, Partial<Facts>])[] = [
    [
      'NMOC',
      {
        rows: ROWS + 1,
        digest: { ...facts.digest, multiset: '0', order: '0', columns: [{ ...digest, nulls: 1 }, ...digests] },
      },
    ],
    ['O', { digest: { ...facts.digest, order: '0' } }],
    ['S', { schema: [{ ...first, nullable: true }, ...others] }],
    ['S', { schema: [{ ...first, type: 'int32' }, ...others] }],
    ['S', { schema: others }],
  ];
  const seen: string[] = [];
  for (const [, change] of altered) seen.push(lettersOf(await findingsIn(dataset, { facts: { ...facts, ...change } })));
  assert.deepEqual(
    seen,
    altered.map(([letters]) => letters.split('').sort().join('')),
  );
  const nonce = await findingsIn(dataset, { nonce: 'another' });
  assert.match(textOf(nonce), /^M nonce of the run \(writeproof\.nonce\): expected another, found \w{32}$/);
});

test('a file that changed since it was listed is seen, in whichever folder it lies', async () => {
  const dataset = copyOf(honest());
  const files = await stampFiles(dataset.directory);
  const later = new Date(Date.now() + 5000);
  utimesSync(dataFile(dataset), later, later);
  appendFileSync(path.join(dataset.target, '_versions', 'latest_version_hint.json'), ' ');
  const found = await findingsIn(dataset, { files });
  assert.equal(lettersOf(found), 'Z', textOf(found));
  assert.match(
    textOf(found),
    /data\/\w+\.lance of \d+ bytes.*latest_version_hint\.json of \d+ bytes|latest_version_hint\.json of .*data\/\w+\.lance of/,
  );
});

test('a dataset in the place of a Parquet or Arrow file is none', async () => {
  for (const format of ['parquet', 'arrow'] as const) {
    const found = await findingsIn(honest(), { format });
    assert.match(textOf(found), /^F what lies at the target: expected an? (Parquet|Arrow) file, found a directory$/m);
  }
});

test('every damage was done and found', () => {
  assert.equal(checked.damages, Object.keys(DAMAGES).length);
});
