/** The manifest of a Lance dataset's newest version, read from its bytes: table.proto of lance-table 14. */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../misuse.js';
import type { Field, Finding } from '../types.js';
import { finding, firstFew } from './finding.js';
import { notAFile } from './footer.js';
import { columnsOf, type LogicalField } from './lance-type.js';
import { Message } from './protobuf.js';

export const LANCE_MAGIC = 'LANC';
export const VERSIONS = '_versions';
/** Position of the manifest, two numbers of the format, the magic. */
const TAIL_BYTES = 16;
/** File names count down from here, so that the newest version comes first. */
const LAST_VERSION = 2n ** 64n - 1n;
const FORMAT = '0.2';

/** Feature flags that a plain reading may ignore: stable row ids, v2 files, table config, no transaction file. */
const READABLE_FLAGS = 0b10_1110n;
const DELETION_FLAG = 1n;

export interface LanceFile {
  /** Within `data`. */
  readonly path: string;
  readonly bytes: number;
  /** `2.2`. */
  readonly version: string;
  /** Ids of the fields whose columns it holds. */
  readonly fields: readonly number[];
}

export interface LanceFragment {
  readonly id: number;
  readonly rows: number;
  readonly files: readonly LanceFile[];
}

export interface LanceManifest {
  /** Within the dataset. */
  readonly name: string;
  readonly version: number;
  readonly fields: readonly Field[];
  /** Of all fields, those of the children too. */
  readonly fieldIds: readonly number[];
  readonly metadata: ReadonlyMap<string, string>;
  readonly fragments: readonly LanceFragment[];
  /** Of the data files. */
  readonly storageVersion: string;
  /** Empty where no transaction file was written. */
  readonly transaction: string;
}

/** `manifest` is null when there is nothing that could be read on; `findings` then says why. */
export interface ManifestReading {
  readonly manifest: LanceManifest | null;
  readonly findings: readonly Finding[];
}

const wrong = (what: string, expected: string, actual: string): ManifestReading => ({
  manifest: null,
  findings: [finding('F', what, expected, actual)],
});

function fieldOf(field: Message): LogicalField {
  return {
    id: Number(BigInt.asIntN(32, field.bits(3))),
    parentId: Number(BigInt.asIntN(32, field.bits(4))),
    name: field.text(2),
    logicalType: field.text(5),
    nullable: field.bits(6) !== 0n,
  };
}

function fragmentOf(fragment: Message): LanceFragment {
  const files = fragment.messages(2).map((file) => ({
    path: file.text(1),
    bytes: file.count(6),
    version: `${file.count(4)}.${file.count(5)}`,
    fields: file.integers(2),
  }));
  return { id: fragment.count(1), rows: fragment.count(4), files };
}

/** What this reader does not take for plain rows: nobody may believe that it was judged. */
function refusals(manifest: Message): readonly Finding[] {
  const findings: Finding[] = [];
  const add = (what: string, actual: string): void => {
    findings.push(finding('F', what, 'none', actual));
  };
  const flags = manifest.bits(9);
  const unknown = flags & ~(READABLE_FLAGS | DELETION_FLAG);
  if (unknown !== 0n)
    add('reader feature flags of the manifest beyond those that are known', `0b${unknown.toString(2)}`);
  const fragments = manifest.messages(2);
  const deleted = fragments.filter((fragment) => fragment.has(3)).map((fragment) => fragment.count(1));
  if (deleted.length > 0 || (flags & DELETION_FLAG) !== 0n) {
    add('fragments with deletion files', deleted.length === 0 ? 'a flag that says so' : firstFew(deleted, 8));
  }
  const overlaid = fragments.filter((fragment) => fragment.has(11)).map((fragment) => fragment.count(1));
  if (overlaid.length > 0) add('fragments with overlay files', firstFew(overlaid, 8));
  if (manifest.has(22)) add('fragment trees', 'one');
  if (manifest.has(18) || fragments.some((fragment) => fragment.messages(2).some((file) => file.has(7)))) {
    add('files outside of the dataset (base paths)', 'some');
  }
  return findings;
}

function parse(name: string, bytes: Uint8Array): ManifestReading {
  const manifest = new Message(bytes);
  const format = manifest.messages(15).at(-1);
  const fields = manifest.messages(1).map(fieldOf);
  const findings = [...refusals(manifest)];
  const fileFormat = format?.text(1) ?? 'none';
  if (fileFormat !== 'lance') findings.push(finding('F', 'format of the data files', 'lance', fileFormat));
  return {
    manifest: {
      name,
      version: manifest.count(3),
      fields: columnsOf(fields),
      fieldIds: fields.map(({ id }) => id),
      metadata: manifest.pairs(5),
      fragments: manifest.messages(2).map(fragmentOf),
      storageVersion: format?.text(2) ?? 'none',
      transaction: manifest.text(12),
    },
    findings,
  };
}

/** The manifest's part of the file: a length, then the message. */
function framed(name: string, bytes: Buffer): Uint8Array | Finding {
  if (bytes.length < TAIL_BYTES + 4) {
    return finding('F', `size of ${name}`, `at least ${TAIL_BYTES + 4} bytes`, `${bytes.length} bytes`);
  }
  const tail = bytes.subarray(bytes.length - TAIL_BYTES);
  const magic = tail.subarray(12).toString('latin1');
  if (magic !== LANCE_MAGIC) {
    return finding('F', `last four bytes of ${name}`, JSON.stringify(LANCE_MAGIC), JSON.stringify(magic));
  }
  const format = `${tail.readUInt16LE(8)}.${tail.readUInt16LE(10)}`;
  if (format !== FORMAT) return finding('F', `format version of ${name}`, FORMAT, format);
  const position = Number(tail.readBigUInt64LE(0));
  const most = bytes.length - TAIL_BYTES - 4;
  if (position > most) return finding('F', `place of the manifest in ${name}`, `byte 0 to ${most}`, `byte ${position}`);
  const length = bytes.readUInt32LE(position);
  if (length > most - position) {
    return finding('F', `length of the manifest in ${name}`, `at most ${most - position} bytes`, `${length} bytes`);
  }
  return bytes.subarray(position + 4, position + 4 + length);
}

/** Versions of the dataset by the names of its manifests, the newest first; other names. */
function versionsOf(names: readonly string[]): {
  readonly versions: readonly bigint[];
  readonly others: readonly string[];
} {
  const isVersion = (name: string): boolean =>
    /^\d{20}\.manifest$/.test(name) && BigInt(name.slice(0, 20)) < LAST_VERSION;
  const versions = names.filter(isVersion).map((name) => LAST_VERSION - BigInt(name.slice(0, 20)));
  const others = names.filter((name) => !isVersion(name) && name !== 'latest_version_hint.json');
  return { versions: versions.sort((one, other) => (one < other ? 1 : -1)), others };
}

/** Where Lance, and its store, write what they then rename or link; a writer that is ended meanwhile leaves it. */
const isStaged = (name: string): boolean => /^\.tmp|\.manifest#\d+$/.test(name);

/** Reads the newest manifest of the dataset in `directory`; `interrupted` is that of the job. */
export async function readManifest(directory: string, interrupted = false): Promise<ManifestReading> {
  const other = await notAFile(directory);
  const expected = 'the directory of a Lance dataset';
  if (other !== 'a directory') return wrong('what lies at the target', expected, other ?? 'a file');
  const folder = path.join(directory, VERSIONS);
  if ((await notAFile(folder)) !== 'a directory') {
    const found = (await readdir(directory)).sort();
    const held = found.length === 0 ? 'an empty directory' : `a directory with ${firstFew(found, 6)}`;
    return wrong('what lies at the target', `${expected}, with ${VERSIONS}`, held);
  }
  const names = await readdir(folder);
  const { versions, others } = versionsOf(names);
  const [newest] = versions;
  if (newest === undefined) return wrong(`manifests in ${VERSIONS}`, 'at least 1', firstFew(['none', ...others], 6));
  const name = `${VERSIONS}/${String(LAST_VERSION - newest).padStart(20, '0')}.manifest`;
  const odd = others.filter((name) => !(interrupted && isStaged(name)));
  const strange = odd.length === 0 ? [] : [finding('F', `files in ${VERSIONS}`, 'manifests', firstFew(odd, 6))];
  const file = await notAFile(path.join(directory, name));
  if (file !== null) return wrong(name, 'a manifest of Lance', file);
  try {
    const message = framed(name, await readFile(path.join(directory, name)));
    if (!(message instanceof Uint8Array)) return { manifest: null, findings: [...strange, message] };
    const { manifest, findings } = parse(name, message);
    const named = manifest === null || BigInt(manifest.version) === newest;
    const version = named ? [] : [finding('F', `version in ${name}`, String(newest), manifest.version)];
    return { manifest, findings: [...strange, ...findings, ...version] };
  } catch (error) {
    return wrong(name, 'a manifest of Lance', `not readable: ${messageOf(error)}`);
  }
}
