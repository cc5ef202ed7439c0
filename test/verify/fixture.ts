/** A small honest Parquet file, written by hyparquet-writer, with facts made from the values and not from the file. */

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteFile } from 'hyparquet-writer';
import { addon } from '../../harness/native.js';
import { stampFiles } from '../../harness/run/stamps.js';
import type { Digest, Facts, Field, VerifyJob } from '../../harness/types.js';

/** Two blocks of the digest, and row groups whose edges are not the blocks'. */
export const ROWS = 70_000;
export const GROUP_ROWS = 30_000;
export const NONCE = 'nonce-of-this-run';

export interface Columns {
  key: bigint[];
  quantity: number[];
  price: bigint[];
  day: number[];
  note: (string | null)[];
}

export const FIELDS: readonly Field[] = [
  { name: 'key', type: 'int64', nullable: false },
  { name: 'quantity', type: 'int32', nullable: false },
  { name: 'price', type: 'decimal128(15, 2)', nullable: false },
  { name: 'day', type: 'date32', nullable: false },
  { name: 'note', type: 'utf8', nullable: true },
];

/** Names, types and nullability of FIELDS as Parquet declares them. */
export function schemaElements(): SchemaElement[] {
  return [
    { name: 'root', num_children: 5 },
    { name: 'key', type: 'INT64', repetition_type: 'REQUIRED' },
    { name: 'quantity', type: 'INT32', repetition_type: 'REQUIRED' },
    { name: 'price', type: 'INT64', repetition_type: 'REQUIRED', converted_type: 'DECIMAL', precision: 15, scale: 2 },
    { name: 'day', type: 'INT32', repetition_type: 'REQUIRED', converted_type: 'DATE' },
    { name: 'note', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' },
  ];
}

export function honestColumns(): Columns {
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  return {
    key: rows.map((row) => BigInt(row) * 7n - 1000n),
    quantity: rows.map((row) => ((row * 13) % 50) - 5),
    // Cents that no double holds after a division by 100, and negative ones.
    price: rows.map((row) => BigInt((row * 7919) % 1_000_003) * 1_000_000_007n - 500_000_000_000n),
    day: rows.map((row) => 8035 + ((row * 31) % 2500)),
    note: rows.map((row) => (row % 11 === 0 ? null : `note ${row} äöü — ${'x'.repeat(row % 20)}`)),
  };
}

/** The digest of values that never were in a file. */
export function digestOf(columns: Columns): Digest {
  const digester = new (addon().ColumnDigester)(JSON.stringify(FIELDS), 0);
  const bytes = columns.note.map((text) => Buffer.from(text ?? ''));
  const offsets = new Int32Array(bytes.length + 1);
  for (const [row, text] of bytes.entries()) offsets[row + 1] = (offsets[row] ?? 0) + text.length;
  digester.push([
    { longs: BigInt64Array.from(columns.key) },
    { ints: Int32Array.from(columns.quantity) },
    { longs: BigInt64Array.from(columns.price) },
    { ints: Int32Array.from(columns.day) },
    {
      bytes: Buffer.concat(bytes),
      offsets,
      validity: Uint8Array.from(columns.note, (text) => (text === null ? 0 : 1)),
    },
  ]);
  return JSON.parse(digester.finish()) as Digest;
}

export function factsOf(columns: Columns): Facts {
  const digest = digestOf(columns);
  const arrowBytes = digest.columns.reduce((sum, column) => sum + column.bytes, 0);
  return {
    table: 'fixture',
    scale: 1,
    part: { index: 1, count: 1 },
    schema: FIELDS,
    rows: digest.rows,
    arrowBytes,
    digest,
  };
}

export interface Writing {
  readonly columns?: Columns;
  readonly schema?: SchemaElement[];
  readonly nonce?: string | null;
  readonly statistics?: boolean;
}

/** Writes the columns; what is not given is honest. */
export function write(target: string, writing: Writing = {}): void {
  const { columns = honestColumns(), schema = schemaElements(), nonce = NONCE, statistics = true } = writing;
  const names = schema.slice(1).map((element) => element.name);
  const data = [columns.key, columns.quantity, columns.price, columns.day, columns.note];
  parquetWriteFile({
    filename: target,
    schema,
    columnData: names.map((name, index) => ({ name, data: data[index] ?? [] })),
    rowGroupSize: GROUP_ROWS,
    statistics,
    kvMetadata: nonce === null ? [] : [{ key: 'writeproof.nonce', value: nonce }],
  });
}

export interface Scene {
  readonly directory: string;
  readonly target: string;
  /** The job as the harness would send it right after writing. */
  readonly job: (changes?: Partial<VerifyJob>) => Promise<VerifyJob>;
}

let honestFacts: Facts | undefined;
export const facts = (): Facts => (honestFacts ??= factsOf(honestColumns()));

/** Runs `play` in a fresh directory and removes it. */
export async function scene<T>(play: (scene: Scene) => Promise<T>): Promise<T> {
  const root = await mkdtemp(path.join(tmpdir(), 'writeproof-verify-'));
  // Signs that DuckDB takes for patterns and for columns, were they not quoted.
  const directory = path.join(root, "it's=1", 'a[0]*?');
  await mkdir(directory, { recursive: true });
  const target = path.join(directory, 'fixture.parquet');
  const job = async (changes: Partial<VerifyJob> = {}): Promise<VerifyJob> => ({
    directory,
    target,
    format: 'parquet',
    facts: facts(),
    nonce: NONCE,
    files: await stampFiles(directory),
    secondReader: true,
    dropCache: false,
    implementation: 'hyparquet-writer',
    ...changes,
  });
  try {
    return await play({ directory, target, job });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
