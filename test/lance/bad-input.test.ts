/** Bad input round Lance datasets: each gets a sentence that names the file and what was expected, and nothing of a dataset is touched. */

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { stampFiles } from '../../harness/run/stamps.js';
import { writeproof } from '../cli/command.js';
import { freshFolder } from '../fixtures.js';
import { encode, messageOf } from '../verify/lance-bytes.js';
import { wireFields } from '../../harness/verify/protobuf.js';
import { changeManifest, copyOf, fileIn, findingsIn, lettersOf, textOf, written, type Dataset } from './dataset.js';

let datasets: readonly [Dataset, Dataset] | null = null;

before(async () => {
  datasets = [await written('nation@0.01/lance/stream'), await written('region@0.01/lance/stream')];
});

const nation = (): Dataset => {
  assert.ok(datasets !== null);
  return datasets[0];
};
const region = (): Dataset => {
  assert.ok(datasets !== null);
  return datasets[1];
};

const verify = ['--table', 'nation', '--scale', '0.01'];

test('verify and digest take a dataset, and compare it with a file of another format', async () => {
  const { target, directory } = nation();
  const name = path.basename(target);
  const verified = await writeproof(directory, ['verify', name, ...verify]);
  assert.deepEqual([verified.code, verified.stdout], [0, 'verified: 25 rows by lance-rs\n'], verified.stderr);
  const digest = await writeproof(directory, ['digest', name, '--json']);
  const [result] = (JSON.parse(digest.stdout) as { readonly results: readonly { readonly format: string }[] }).results;
  assert.deepEqual([digest.code, result?.format], [0, 'lance'], digest.stderr);
  const folder = freshFolder();
  const kept = ['--keep', '--target', 'data'];
  const run = await writeproof(folder, ['run', '--case', 'nation@0.01/arrow/stream', ...kept, '--json']);
  const records = (JSON.parse(run.stdout) as { readonly results: readonly { readonly kept: string }[] }).results;
  const arrow = path.join(folder, 'data', records[0]?.kept ?? '', 'nation.arrow');
  const same = await writeproof(folder, ['verify', target, '--same-as', arrow]);
  const back = await writeproof(folder, ['verify', arrow, '--same-as', target]);
  assert.deepEqual([same.code, back.code], [0, 0], `${same.stdout}${same.stderr}${back.stdout}${back.stderr}`);
  const other = await writeproof(folder, ['verify', target, '--same-as', region().target]);
  assert.equal(other.code, 4);
});

test('a directory that is no dataset is named, with what was expected', async () => {
  const folder = freshFolder();
  mkdirSync(path.join(folder, 'plain'));
  mkdirSync(path.join(folder, 'hollow', '_versions'), { recursive: true });
  const plain = await writeproof(folder, ['digest', 'plain']);
  assert.equal(plain.code, 1);
  assert.match(
    plain.stderr,
    /plain is a folder: expected a Parquet or Arrow file, which is one file, or a Lance dataset, whose folder holds _versions\./,
  );
  const hollow = await writeproof(folder, ['digest', 'hollow']);
  assert.equal(hollow.code, 4);
  assert.match(
    hollow.stderr,
    /hollow cannot be read as a Lance dataset: manifests in _versions: expected at least 1, found none/,
  );
  const judged = await writeproof(folder, ['verify', 'hollow', ...verify]);
  assert.equal(judged.code, 4);
  assert.match(judged.stdout, /F manifests in _versions: expected at least 1, found none/);
  const table = await writeproof(folder, ['run', '--table', `file:${nation().target}`, '--writer', 'parquet']);
  assert.equal(table.code, 1);
  assert.match(table.stderr, /nation\.lance is a folder: expected a Parquet or Arrow file, which is one file\./);
});

test('a data file that is missing or cut short is named by verify and by digest', async () => {
  const [missing, cut] = [copyOf(nation()), copyOf(nation())];
  rmSync(fileIn(missing, 'data'));
  truncateSync(fileIn(cut, 'data'), 100);
  for (const [dataset, expected] of [
    [missing, /data\/\w+\.lance: expected a data file, which the manifest lists, found nothing/],
    [cut, /bytes of data\/\w+\.lance: expected \d+, by the manifest, found 100/],
  ] as const) {
    const name = path.basename(dataset.target);
    const judged = await writeproof(dataset.directory, ['verify', name, ...verify]);
    const digest = await writeproof(dataset.directory, ['digest', name]);
    assert.deepEqual([judged.code, digest.code], [4, 4]);
    assert.match(judged.stdout, expected);
    assert.match(digest.stderr, expected);
  }
});

test('a version that the reader does not know is named by it too', async () => {
  const dataset = copyOf(nation());
  changeManifest(dataset, (message) => Buffer.concat([message, encode([[9, 2n ** 40n]])]));
  const text = textOf(await findingsIn(dataset));
  assert.match(text, /^F reader feature flags of the manifest beyond those that are known: expected none, found 0b1/m);
  assert.match(
    text,
    /^X reading in full by lance-rs: expected a digest, found failed: .*cannot be read by this version of Lance/m,
  );
});

test('fragments of mixed schemas are seen, by their fields or by reading', async () => {
  const dataset = copyOf(nation());
  const strange = fileIn(region(), 'data');
  cpSync(strange, path.join(dataset.target, 'data', path.basename(strange)));
  const { message } = messageOf(readFileSync(fileIn(region(), '_versions')));
  const fragment = wireFields(message).find(({ number }) => number === 2)?.value;
  assert.ok(fragment instanceof Uint8Array);
  changeManifest(dataset, (own) => Buffer.concat([own, encode([[2, fragment]])]));
  const findings = await findingsIn(dataset);
  assert.match(lettersOf(findings), /S/);
  assert.match(
    textOf(findings),
    /^S ids of the fields of data\/\w+\.lance: expected 0, 1, 2, 3, as of the first file, found 0, 1, 2$/m,
  );
});

test('an existing dataset is not touched without --overwrite', async () => {
  const folder = freshFolder();
  cpSync(nation().target, path.join(folder, 'data', 'nation.lance'), { recursive: true });
  writeFileSync(path.join(folder, 'data', 'note'), 'mine');
  const before = await stampFiles(path.join(folder, 'data'));
  const run = await writeproof(folder, ['run', '--case', 'nation@0.01/lance/stream', '--target', 'data']);
  assert.equal(run.code, 1);
  assert.match(run.stderr, /--target .* holds 2 files, expected an empty folder: choose another, or say --overwrite\./);
  assert.deepEqual(await stampFiles(path.join(folder, 'data')), before);
});
