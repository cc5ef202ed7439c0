/** Manifests of Lance, read by our own few lines: what they say, and each way in which they are none. */

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { streamFindings } from '../../harness/verify/lance.js';
import { readManifest } from '../../harness/verify/lance-manifest.js';
import { asKept, columnsOf, LANCE_LOSSES } from '../../harness/verify/lance-type.js';
import { Message, wireFields } from '../../harness/verify/protobuf.js';
import { freshFolder } from '../fixtures.js';
import { encode, manifestFile, manifestName, varint, type Encoded } from './lance-bytes.js';

const field = (id: number, parent: number, name: string, logicalType: string, nullable = 1): Encoded => [
  1,
  [
    [2, name],
    [3, id],
    [4, parent],
    [5, logicalType],
    [6, nullable],
  ],
];

const DATA_FILE: readonly Encoded[] = [
  [1, 'one.lance'],
  [2, Buffer.concat([varint(0), varint(2)])],
  [4, 2],
  [5, 2],
  [6, 4711],
];

const fragment = (id: number, rows: number, more: readonly Encoded[] = []): Encoded => [
  2,
  [[1, id], [2, DATA_FILE], [4, rows], ...more],
];

const HONEST: readonly Encoded[] = [
  field(0, -1, 'key', 'int64', 0),
  field(1, -1, 'list', 'list'),
  field(2, 1, 'item', 'string'),
  fragment(0, 100),
  fragment(1, 2 ** 40),
  [3, 7],
  [
    5,
    [
      [1, 'writeproof.nonce'],
      [2, 'ü'],
    ],
  ],
  [12, '6-x.txn'],
  [
    15,
    [
      [1, 'lance'],
      [2, '2.2'],
    ],
  ],
];

function dataset(
  message: Uint8Array,
  name = manifestName(7n),
  file = manifestFile(message, Buffer.from('before')),
): string {
  const folder = freshFolder();
  mkdirSync(path.join(folder, '_versions'));
  writeFileSync(path.join(folder, '_versions', name), file);
  return folder;
}

const sentences = async (folder: string): Promise<readonly string[]> =>
  (await readManifest(folder)).findings.map(({ detector, what, expected, actual }) =>
    [detector, `${what}: expected ${expected}, found ${actual}`].join(' '),
  );

test('a manifest is read whole', async () => {
  const folder = dataset(encode(HONEST));
  writeFileSync(path.join(folder, '_versions', manifestName(6n)), 'an older version, which is not opened');
  writeFileSync(path.join(folder, '_versions', 'latest_version_hint.json'), '{"version":6}');
  const file = { path: 'one.lance', bytes: 4711, version: '2.2', fields: [0, 2] };
  assert.deepEqual(await readManifest(folder), {
    findings: [],
    manifest: {
      name: '_versions/18446744073709551608.manifest',
      version: 7,
      fields: [
        { name: 'key', type: 'int64', nullable: false },
        { name: 'list', type: 'list<item: utf8>', nullable: true },
      ],
      fieldIds: [0, 1, 2],
      metadata: new Map([['writeproof.nonce', 'ü']]),
      fragments: [
        { id: 0, rows: 100, files: [file] },
        { id: 1, rows: 2 ** 40, files: [file] },
      ],
      storageVersion: '2.2',
      transaction: '6-x.txn',
    },
  });
});

test('a manifest that was still to be renamed is a finding, but not of a writer that is known to have been ended', async () => {
  const folder = dataset(encode(HONEST));
  writeFileSync(path.join(folder, '_versions', '.tmpAbCdEf'), 'half of the next');
  assert.deepEqual(await sentences(folder), ['F files in _versions: expected manifests, found .tmpAbCdEf']);
  writeFileSync(path.join(folder, '_versions', `${manifestName(8n)}#1`), 'half of the next');
  assert.deepEqual((await readManifest(folder, true)).findings, []);
  writeFileSync(path.join(folder, '_versions', 'rows.parquet'), '');
  assert.deepEqual(
    (await readManifest(folder, true)).findings.map(({ actual }) => actual),
    ['rows.parquet'],
  );
});

test('what would have to be read otherwise is refused by name', async () => {
  const refused: readonly (readonly [readonly Encoded[], RegExp])[] = [
    [[fragment(5, 1, [[3, []]])], /^F fragments with deletion files: expected none, found 5$/],
    [[[9, 1]], /^F fragments with deletion files: expected none, found a flag that says so$/],
    [[[9, 64]], /^F reader feature flags of the manifest beyond those that are known: expected none, found 0b1000000$/],
    [[fragment(6, 1, [[11, []]])], /^F fragments with overlay files: expected none, found 6$/],
    [[[22, []]], /^F fragment trees: expected none, found one$/],
    [[[18, []]], /^F files outside of the dataset \(base paths\): expected none, found some$/],
    [[[15, [[1, 'parquet']]]], /^F format of the data files: expected lance, found parquet$/],
    [[[3, 8]], /^F version in _versions\/18446744073709551608\.manifest: expected 7, found 8$/],
  ];
  let checked = 0;
  for (const [more, expected] of refused) {
    const found = await sentences(dataset(encode([...HONEST, ...more])));
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', expected);
    checked += 1;
  }
  assert.equal(checked, 8);
});

test('bytes that are no manifest are named, with what was expected', async () => {
  const honest = manifestFile(encode(HONEST));
  const changed = (place: number, value: number): Buffer => {
    const bytes = Buffer.from(honest);
    bytes[bytes.length - place] = value;
    return bytes;
  };
  const name = String.raw`_versions\/18446744073709551608\.manifest`;
  const broken: readonly (readonly [Buffer, string])[] = [
    [Buffer.alloc(0), `^F size of ${name}: expected at least 20 bytes, found 0 bytes$`],
    [changed(1, 0x44), `^F last four bytes of ${name}: expected "LANC", found "LAND"$`],
    [changed(6, 3), `^F format version of ${name}: expected 0\\.2, found 0\\.3$`],
    [changed(16, 0xff), `^F place of the manifest in ${name}: expected byte 0 to \\d+, found byte 255$`],
    [changed(10, 1), `^F place of the manifest in ${name}: expected byte 0 to \\d+, found byte \\d{15}$`],
    [
      Buffer.concat([Buffer.from([0xff]), honest.subarray(1)]),
      `^F length of the manifest in ${name}: expected at most`,
    ],
    [manifestFile(Buffer.from([0x0b])), `^F ${name}: expected a manifest of Lance, found not readable: byte 1 of`],
    [
      manifestFile(encode([field(0, -1, 'a', 'hyperint')])),
      'found not readable: logical type "hyperint" is not known$',
    ],
    [manifestFile(encode([field(0, 9, 'a', 'int8')])), 'found not readable: 1 fields belong to no column$'],
    [manifestFile(encode([field(0, 0, 'a', 'int8')])), 'found not readable: 1 fields belong to no column$'],
    [manifestFile(encode([field(-1, -1, 'a', 'struct')])), 'found not readable: fields are children of each other$'],
    [manifestFile(encode([[2, [[4, 2n ** 60n]]]])), 'found not readable: field 4 is 1152921504606846976: expected'],
    [manifestFile(encode([[12, Buffer.from([0xff])]])), 'found not readable: The encoded data was not valid'],
  ];
  let checked = 0;
  for (const [file, expected] of broken) {
    const found = await sentences(dataset(new Uint8Array(), manifestName(7n), file));
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', new RegExp(expected));
    checked += 1;
  }
  assert.equal(checked, broken.length);
});

test('a file, an empty directory, one with something else, and one without a manifest are no dataset', async () => {
  const [file, empty, other, none] = [path.join(freshFolder(), 'f'), freshFolder(), freshFolder(), freshFolder()];
  writeFileSync(file, 'PAR1');
  writeFileSync(path.join(other, 'rows.parquet'), 'PAR1');
  mkdirSync(path.join(none, '_versions'));
  writeFileSync(path.join(none, '_versions', 'x.manifest'), '');
  const place = 'F what lies at the target: expected the directory of a Lance dataset';
  assert.deepEqual(await Promise.all([file, path.join(file, 'x'), empty, other, none].map(sentences)), [
    [`${place}, found a file`],
    [`${place}, found ENOTDIR: not a directory, lstat '${file}/x'`],
    [`${place}, with _versions, found an empty directory`],
    [`${place}, with _versions, found a directory with rows.parquet`],
    ['F manifests in _versions: expected at least 1, found none, x.manifest'],
  ]);
});

test('logical types are those of Arrow, nested ones by the ids of their parents', () => {
  const logical = (id: number, parentId: number, name: string, logicalType: string) => {
    return { id, parentId, name, logicalType, nullable: true };
  };
  const leaves: readonly (readonly [string, string])[] = [
    ['null', 'null'],
    ['halffloat', 'float16'],
    ['uint64', 'uint64'],
    ['large_string', 'large_utf8'],
    ['date64:ms', 'date64'],
    ['decimal:256:76:-2', 'decimal256(76, -2)'],
    ['time32:ms', 'time32[ms]'],
    ['time64:ns', 'time64[ns]'],
    ['duration:s', 'duration[s]'],
    ['timestamp:us:-', 'timestamp[us]'],
    ['timestamp:ns:+05:30', 'timestamp[ns, +05:30]'],
    ['fixed_size_binary:16', 'fixed_size_binary(16)'],
    ['dict:string:int8:false', 'dictionary<int8, utf8>'],
    ['fixed_size_list:timestamp:s:UTC:3', 'fixed_size_list<item: timestamp[s, UTC], 3>'],
    ['fixed_size_list:fixed_size_list:float:2:3', 'fixed_size_list<item: fixed_size_list<item: float32, 2>, 3>'],
  ];
  const found = columnsOf(leaves.map(([type], id) => logical(id, -1, 'c', type)));
  assert.deepEqual(
    found.map(({ type }) => type),
    leaves.map(([, type]) => type),
  );
  const nested = [
    logical(0, -1, 'm', 'map'),
    logical(1, 0, 'entries', 'struct'),
    logical(2, 1, 'key', 'string'),
    logical(3, 1, 'value', 'large_list.struct'),
    logical(4, 3, 'item', 'struct'),
    logical(5, 4, 'x', 'double'),
    logical(6, -1, 'f', 'fixed_size_list:struct:2'),
    logical(7, 6, 'element', 'struct'),
  ];
  assert.deepEqual(
    columnsOf(nested).map(({ type }) => type),
    [
      'map<entries: struct<key: utf8, value: large_list<item: struct<x: float64>>>>',
      'fixed_size_list<element: struct<>, 2>',
    ],
  );
});

test('what Lance does not say of a type is counted, and named with its columns', () => {
  const of = (name: string, type: string) => ({ name, type, nullable: true });
  const { fields, notes } = asKept([
    of('a', 'utf8_view'),
    of('b', 'list<item: binary_view not null>'),
    of('c', 'fixed_size_list<element: int8 not null, 3>'),
    of('d', 'dictionary<int8, utf8>'),
  ]);
  assert.deepEqual(
    fields.map(({ type }) => type),
    ['utf8', 'list<item: binary not null>', 'fixed_size_list<item: int8, 3>', 'dictionary<int8, utf8>'],
  );
  assert.deepEqual(notes, [
    'Lance does not say that values are views (a, b)',
    'Lance does not say name and nullability of the items of lists of fixed size (c)',
  ]);
  assert.equal(Object.keys(LANCE_LOSSES).length, 2);
});

test('a stream of other columns than the manifest declares is seen', () => {
  const declared = [{ name: 'a', type: 'int8', nullable: true }];
  assert.deepEqual(streamFindings(declared, declared), []);
  const what = 'column 1, as lance-rs reads it';
  assert.deepEqual(streamFindings(declared, [{ name: 'a', type: 'int8', nullable: false }]), [
    { detector: 'S', what, expected: 'a int8 nullable', actual: 'a int8 not null' },
  ]);
});

test('numbers of 64 bits, packed and plain lists, and fields of fixed width are taken apart', () => {
  const message = new Message(
    encode([
      [1, -1n],
      [2, Buffer.concat([varint(-2), varint(300)])],
      [2, 5],
    ]),
  );
  assert.deepEqual([message.bits(1), message.integers(2), message.has(3)], [2n ** 64n - 1n, [-2, 300, 5], false]);
  assert.deepEqual(
    wireFields(Uint8Array.of(0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x15, 1, 2, 3, 4)).map(({ value }) => value),
    [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), Uint8Array.of(1, 2, 3, 4)],
  );
  assert.throws(() => wireFields(Uint8Array.of(0x0a, 5, 1)), /byte 2 of a message of 3: expected 5 bytes more/);
  assert.throws(() => wireFields(new Uint8Array(11).fill(0xff)), /expected a number of at most ten bytes/);
  assert.throws(() => wireFields(Uint8Array.of(0x00, 1)), /a field without a number/);
});
