/** A Parquet file's own metadata, read from its bytes by hyparquet. */

import { lstat, open, type FileHandle } from 'node:fs/promises';
import { parquetMetadata, type FileMetaData } from 'hyparquet';
import { messageOf } from '../misuse.js';
import type { Finding } from '../types.js';
import { claimsOf, type Claims } from './claims.js';
import { finding } from './finding.js';
import { layoutFindings } from './layout.js';
import { bytesAt } from './read-whole.js';

export const PARQUET_MAGIC = 'PAR1';
/** Magic at both ends and the footer's length. */
const FRAME_BYTES = 12;

export interface Footer {
  readonly metadata: FileMetaData;
  /** Rows of each row group. */
  readonly groupRows: readonly number[];
  /** What the statistics of each row group's columns claim. */
  readonly claims: Claims;
  readonly keyValues: ReadonlyMap<string, string>;
  readonly fileBytes: number;
}

/** `footer` is null when there is nothing that could be read on; `findings` then says why. */
export interface FooterReading {
  readonly footer: Footer | null;
  readonly findings: readonly Finding[];
}

/** What lies at the path, in a word; null for a plain file. */
export async function notAFile(path: string): Promise<string | null> {
  try {
    const stat = await lstat(path);
    if (stat.isFile()) return null;
    if (stat.isDirectory()) return 'a directory';
    return stat.isSymbolicLink() ? 'a symbolic link' : 'a special file';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'nothing' : messageOf(error);
  }
}

/** Printable text of a magic number, so that another format is recognised by the reader of the finding. */
const printable = (bytes: Buffer): string => JSON.stringify(bytes.toString('latin1'));

function parse(bytes: Buffer, fileBytes: number): Footer {
  const metadata = parquetMetadata(new Uint8Array(bytes), { geoparquet: false });
  const wrong = metadata.row_groups.findIndex((group) => !(Number(group.num_rows) >= 0));
  if (wrong >= 0) throw new Error(`row group ${wrong} has ${String(metadata.row_groups[wrong]?.num_rows)} rows`);
  const pairs = (metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? ''] as const);
  return {
    metadata,
    groupRows: metadata.row_groups.map((group) => Number(group.num_rows)),
    claims: claimsOf(bytes),
    keyValues: new Map(pairs),
    fileBytes,
  };
}

async function readFrame(file: FileHandle): Promise<FooterReading> {
  const { size } = await file.stat();
  const wrong = (what: string, expected: string, actual: string): FooterReading => ({
    footer: null,
    findings: [finding('F', what, expected, actual)],
  });
  if (size < FRAME_BYTES) return wrong('size of a Parquet file', `at least ${FRAME_BYTES} bytes`, `${size} bytes`);
  const head = await bytesAt(file, 0, PARQUET_MAGIC.length);
  const tail = await bytesAt(file, size - 8, 8);
  const end = tail.subarray(4);
  if (end.toString('latin1') !== PARQUET_MAGIC)
    return wrong('last four bytes', printable(Buffer.from(PARQUET_MAGIC)), printable(end));
  const footerBytes = tail.readUInt32LE(0);
  if (footerBytes === 0 || footerBytes > size - FRAME_BYTES) {
    return wrong('length of the footer', `1 to ${size - FRAME_BYTES} bytes`, `${footerBytes} bytes`);
  }
  const findings: Finding[] = [];
  if (head.toString('latin1') !== PARQUET_MAGIC) {
    findings.push(finding('F', 'first four bytes', printable(Buffer.from(PARQUET_MAGIC)), printable(head)));
  }
  const bytes = await bytesAt(file, size - 8 - footerBytes, footerBytes + 8);
  try {
    const footer = parse(bytes, size);
    findings.push(...layoutFindings(footer.metadata, size - 8 - footerBytes));
    return { footer, findings };
  } catch (error) {
    findings.push(finding('F', 'footer', 'Parquet metadata', `not readable: ${messageOf(error)}`));
    return { footer: null, findings };
  }
}

/** Detector F: the format, proved from the bytes. */
export async function readFooter(path: string): Promise<FooterReading> {
  const other = await notAFile(path);
  if (other !== null) {
    return { footer: null, findings: [finding('F', 'what lies at the target', 'a Parquet file', other)] };
  }
  const file = await open(path, 'r');
  try {
    return await readFrame(file);
  } finally {
    await file.close();
  }
}
