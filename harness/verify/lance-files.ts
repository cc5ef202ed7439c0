/** The data files of a Lance dataset against its manifest: all there, none besides, each whole by its own footer. */

import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../misuse.js';
import type { Finding } from '../types.js';
import { finding, firstFew } from './finding.js';
import { notAFile } from './footer.js';
import { LANCE_MAGIC, VERSIONS, type LanceFile, type LanceManifest } from './lance-manifest.js';
import { bytesAt } from './read-whole.js';

export const DATA = 'data';
const TRANSACTIONS = '_transactions';
/** Starts of column metadata, of its offsets and of the global buffers' offsets, numbers of these and of columns, version, magic. */
const FOOTER_BYTES = 40;
/** Bytes of an entry in both tables of offsets. */
const ENTRY_BYTES = 16;

/** Versions that are read, and the numbers by which footers name them: 2.0 is 0.3 there. */
const FOOTER_VERSIONS: Readonly<{ [version: string]: readonly string[] }> = {
  '2.0': ['0.3', '2.0'],
  '2.1': ['2.1'],
  '2.2': ['2.2'],
  '2.3': ['2.3'],
};
const KNOWN_VERSIONS = Object.keys(FOOTER_VERSIONS);

/** What is wrong with the tables that the footer points to; they lie one behind the other in front of it. */
function placeFinding(name: string, footer: Buffer, bytes: number): Finding | null {
  const [columns, columnOffsets, bufferOffsets] = [0, 8, 16].map((place) => Number(footer.readBigUInt64LE(place)));
  const [buffers, count] = [footer.readUInt32LE(24), footer.readUInt32LE(28)];
  const [start = 0, middle = 0, last = 0] = [columns, columnOffsets, bufferOffsets];
  const fits =
    start <= middle && middle + count * ENTRY_BYTES <= last && last + buffers * ENTRY_BYTES <= bytes - FOOTER_BYTES;
  if (fits) return null;
  const found = `bytes ${start}, ${middle} and ${last}, for ${count} columns and ${buffers} buffers`;
  return finding(
    'F',
    `places in the footer of ${name}`,
    `one behind the other, before byte ${bytes - FOOTER_BYTES}`,
    found,
  );
}

async function footerFindings(file: string, name: string, said: LanceFile): Promise<readonly Finding[]> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const findings: Finding[] = [];
    if (said.bytes !== 0 && size !== said.bytes) {
      findings.push(finding('Z', `bytes of ${name}`, `${said.bytes}, by the manifest`, size));
    }
    if (size < FOOTER_BYTES) {
      return [...findings, finding('F', `size of ${name}`, `at least ${FOOTER_BYTES} bytes`, `${size} bytes`)];
    }
    const footer = await bytesAt(handle, size - FOOTER_BYTES, FOOTER_BYTES);
    const magic = footer.subarray(36).toString('latin1');
    if (magic !== LANCE_MAGIC) {
      const what = `last four bytes of ${name}`;
      return [...findings, finding('F', what, JSON.stringify(LANCE_MAGIC), JSON.stringify(magic))];
    }
    const version = `${footer.readUInt16LE(32)}.${footer.readUInt16LE(34)}`;
    const expected = FOOTER_VERSIONS[said.version];
    if (expected?.includes(version) === false) {
      findings.push(finding('F', `version of ${name}`, `${said.version}, by the manifest`, version));
    }
    const place = placeFinding(name, footer, size);
    return place === null ? findings : [...findings, place];
  } finally {
    await handle.close();
  }
}

async function fileFindings(directory: string, said: LanceFile): Promise<readonly Finding[]> {
  const name = `${DATA}/${said.path}`;
  if (path.normalize(name) !== name || path.isAbsolute(said.path)) {
    return [finding('F', 'path of a data file in the manifest', `a name within ${DATA}`, said.path)];
  }
  const findings: Finding[] = [];
  if (!KNOWN_VERSIONS.includes(said.version)) {
    findings.push(finding('F', `version of ${name} in the manifest`, KNOWN_VERSIONS.join(', '), said.version));
  }
  const file = path.join(directory, name);
  const other = await notAFile(file);
  if (other !== null) return [...findings, finding('F', name, 'a data file, which the manifest lists', other)];
  try {
    return [...findings, ...(await footerFindings(file, name, said))];
  } catch (error) {
    return [...findings, finding('F', name, 'readable bytes', messageOf(error))];
  }
}

/** Appends of another schema: each file must hold columns of the same fields, and of those of the manifest. */
function schemaFindings({ fragments, fieldIds }: LanceManifest): readonly Finding[] {
  const [first, ...others] = fragments.flatMap(({ files }) => files);
  if (first === undefined) return [];
  const unknown = first.fields.filter((id) => !fieldIds.includes(id));
  if (unknown.length > 0) {
    const known = `some of ${firstFew(fieldIds, 8)}`;
    return [finding('S', `ids of the fields of ${DATA}/${first.path}`, known, firstFew(unknown, 8))];
  }
  const other = others.find((file) => file.fields.join() !== first.fields.join());
  if (other === undefined) return [];
  const [expected, actual] = [first, other].map(({ fields }) => firstFew(fields, 8));
  return [
    finding('S', `ids of the fields of ${DATA}/${other.path}`, `${expected ?? ''}, as of the first file`, actual ?? ''),
  ];
}

/** Files that are no part of the dataset. Where nobody knows what was there before, older versions may have left some. */
async function foreignFindings(directory: string, manifest: LanceManifest): Promise<readonly Finding[]> {
  const listed = new Set(manifest.fragments.flatMap(({ files }) => files.map((file) => path.join(DATA, file.path))));
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const foreign = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith(VERSIONS + path.sep) && !listed.has(name))
    .filter((name) => !(name.startsWith(TRANSACTIONS + path.sep) && name.endsWith('.txn')));
  if (foreign.length === 0) return [];
  const what = 'files that belong to no fragment of the manifest';
  return [finding('F', what, 'none', firstFew(foreign.sort(), 6))];
}

/** Detector F, and Z of sizes. `isOurs`: the dataset was made in a directory of its own, and nothing else may be in it. */
export async function dataFindings(
  directory: string,
  manifest: LanceManifest,
  isOurs: boolean,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const { storageVersion, fragments } = manifest;
  if (!KNOWN_VERSIONS.includes(storageVersion)) {
    findings.push(finding('F', 'storage version in the manifest', KNOWN_VERSIONS.join(', '), storageVersion));
  }
  const files = fragments.flatMap((fragment) => fragment.files);
  const several = fragments.filter((fragment) => fragment.files.length !== 1).map(({ id }) => id);
  if (several.length > 0) {
    findings.push(
      finding('F', 'data files of each fragment', 1, `another number in fragments ${firstFew(several, 8)}`),
    );
  }
  const seen = new Set<string>();
  const twice = files.map((file) => file.path).filter((name) => seen.size === seen.add(name).size);
  if (twice.length > 0) findings.push(finding('F', 'fragments of a data file', 1, `several, of ${firstFew(twice, 4)}`));
  findings.push(...schemaFindings(manifest));
  for (const file of files) findings.push(...(await fileFindings(directory, file)));
  if (isOurs) findings.push(...(await foreignFindings(directory, manifest)));
  return findings;
}
