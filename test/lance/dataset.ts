/** Datasets of the registered writer, kept, copied and damaged. */

import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GOLDEN_FACTS } from '../../harness/paths.js';
import { stampFiles } from '../../harness/run/stamps.js';
import type { Facts, Finding, Observation, VerifyJob } from '../../harness/types.js';
import { readManifest } from '../../harness/verify/lance-manifest.js';
import { NONCE_KEY } from '../../harness/verify/nonce.js';
import { verifyTarget, type Unobserved } from '../../harness/verify/verify.js';
import { casesOf, complaints, freshFolder, runCases, statuses } from '../fixtures.js';
import { wireFields } from '../../harness/verify/protobuf.js';
import { encode, manifestFile, messageOf, type Encoded } from '../verify/lance-bytes.js';

const TIMEOUT_SECONDS = 120;

/** A dataset in a directory that holds nothing else. */
export interface Dataset {
  readonly directory: string;
  readonly target: string;
  readonly facts: Facts;
  readonly nonce: string;
}

/** Writes a case of a table whose facts are committed; it must be verified. */
export async function written(id: string): Promise<Dataset> {
  const folder = freshFolder();
  const run = await runCases([...casesOf([id]), '--keep', '--target', path.join(folder, 'data')], folder);
  assert.deepEqual(statuses(run.records), ['verified'], complaints(run.records));
  const directory = path.join(folder, 'data', run.records[0]?.kept ?? '');
  const target = path.join(directory, readdirSync(directory)[0] ?? '');
  const { manifest } = await readManifest(target);
  const [table = ''] = id.split('/');
  const facts = JSON.parse(readFileSync(path.join(GOLDEN_FACTS, `${table}.json`), 'utf8')) as Facts;
  return { directory, target, facts, nonce: manifest?.metadata.get(NONCE_KEY) ?? '' };
}

/** A copy that may be damaged. */
export function copyOf(dataset: Dataset): Dataset {
  const directory = freshFolder();
  const target = path.join(directory, path.basename(dataset.target));
  cpSync(dataset.target, target, { recursive: true });
  return { ...dataset, directory, target };
}

/** The files of one folder of the dataset, in the order of their names. */
export const filesIn = (dataset: Dataset, folder: string): readonly string[] =>
  readdirSync(path.join(dataset.target, folder))
    .filter((name) => /\.(lance|manifest)$/.test(name))
    .sort()
    .map((name) => path.join(dataset.target, folder, name));

/** The first file there; of manifests that is the newest. */
export function fileIn(dataset: Dataset, folder: 'data' | '_versions'): string {
  const [file] = filesIn(dataset, folder);
  assert.ok(file !== undefined, `a file in ${folder}`);
  return file;
}

/** Changes the message of the newest manifest; what follows in Protocol Buffers counts for more than what went before. */
export function changeManifest(dataset: Dataset, change: (message: Buffer) => Buffer): void {
  const file = fileIn(dataset, '_versions');
  const { front, message } = messageOf(readFileSync(file));
  writeFileSync(file, manifestFile(change(message), front));
}

/** Adds fields to each message of the number in a message: of a single field the last counts, of a list all. */
const addedTo = (message: Uint8Array, number: number, change: (inner: Uint8Array) => Uint8Array): Buffer =>
  encode(
    wireFields(message).map((field): Encoded => {
      const { value } = field;
      return [field.number, field.number === number && value instanceof Uint8Array ? change(value) : value];
    }),
  );

/** Says something else of every fragment, and of every data file of it. */
export function changeFragments(
  dataset: Dataset,
  ofFragment: readonly Encoded[],
  ofFile: readonly Encoded[] = [],
): void {
  const changeFile = (file: Uint8Array): Buffer => Buffer.concat([file, encode(ofFile)]);
  const changeFragment = (fragment: Uint8Array): Buffer =>
    Buffer.concat([addedTo(fragment, 2, changeFile), encode(ofFragment)]);
  changeManifest(dataset, (message) => addedTo(message, 2, changeFragment));
}

/** Judges a dataset in the verify process, as the harness does right after writing. */
export async function judged(dataset: Dataset, changes: Partial<VerifyJob> = {}): Promise<Observation | Unobserved> {
  const { directory, target, facts, nonce } = dataset;
  const files = await stampFiles(directory);
  const job = {
    directory,
    target,
    format: 'lance',
    facts,
    nonce,
    files,
    secondReader: true,
    dropCache: false,
  } as const;
  return verifyTarget({ ...job, implementation: 'lance-rs', ...changes }, { timeoutSeconds: TIMEOUT_SECONDS });
}

export async function findingsIn(dataset: Dataset, changes: Partial<VerifyJob> = {}): Promise<readonly Finding[]> {
  const seen = await judged(dataset, changes);
  assert.ok('findings' in seen, JSON.stringify(seen));
  return seen.findings;
}

export const lettersOf = (findings: readonly Finding[]): string =>
  [...new Set(findings.map(({ detector }) => detector))].sort().join('');

export const textOf = (findings: readonly Finding[]): string =>
  findings
    .map(({ detector, what, expected, actual }) => `${detector} ${what}: expected ${expected}, found ${actual}`)
    .join('\n');
