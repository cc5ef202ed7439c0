/** What a registered writer owes, in every variant that it declares. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { CompressionType } from 'apache-arrow/fb/compression-type';
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';
import { SWITCHES } from '../harness/defaults.js';
import { builtFile, onPath } from '../harness/paths.js';
import { optionText } from '../harness/plan/writer-options.js';
import { probeFolder } from '../harness/run/direct-support.js';
import { askCapabilities, askWorker } from '../harness/run/worker.js';
import { readLayout } from '../harness/verify/arrow-layout.js';
import { messageAt } from '../harness/verify/arrow-message.js';
import type { Facts, Part, WriteCase, WriteRecord } from '../harness/types.js';
import type { WriterSpec } from '../suites/types.js';
import { casesOf, complaints, folderForDirect, freshFolder, recordOf, runCases } from './fixtures.js';
import { departures } from './records/schemas.js';

const CHILD = { timeoutSeconds: 300 };
/** One batch, and eight of them. */
export const TPCH_TABLES = ['nation@0.01', 'lineitem@0.01'] as const;
/** The batches and types that no table of TPC-H has. */
export const EDGE_TABLE = 'types@0.001';
const SCALE = 0.01;
/** Batches of the 1,000 rows of types@0.001, as native/engine/TYPES.md cuts them: ten first ones, the rest, one of 1 row and one of none. */
const TYPES_BATCHES = 13;

/** Who judges each format. Of `types` hyparquet holds more columns than DuckDB, so it comes first; IPC has no statistics. */
const JUDGES: Readonly<{
  [format: string]: { readonly readers: readonly string[]; readonly detectors: string } | undefined;
}> = {
  parquet: {
    readers: ['duckdb: different implementation', 'hyparquet: different implementation'],
    detectors: 'CEFMNOPRSXZ',
  },
  arrow: {
    readers: ['apache-arrow: different implementation', 'arrow-rs: same implementation'],
    detectors: 'CEFMNORSXZ',
  },
  lance: { readers: ['lance-rs: same implementation'], detectors: 'CEFMNORSZ' },
  raw: { readers: ['node:fs: different implementation'], detectors: 'BCEFMNORSZ' },
};

const CODECS = { [CompressionType.LZ4_FRAME]: 'lz4', [CompressionType.ZSTD]: 'zstd' } as const;

function judges({ format, options }: WriteCase): { readonly readers: readonly string[]; readonly detectors: string } {
  const found = JUDGES[format];
  assert.ok(found !== undefined, `nobody judges ${format}`);
  // A part of raw bytes does not begin where its content does.
  return options.part.count > 1 ? { ...found, detectors: found.detectors.replace('B', '') } : found;
}

const { folder, noDirect } = await folderForDirect();
const probe = await probeFolder(folder, CHILD);

interface Declared {
  readonly name: string;
  readonly format: string;
  readonly extension: string;
  readonly variants: readonly string[];
  readonly batching: readonly string[];
  readonly options: Readonly<{ [name: string]: { readonly default: unknown; readonly values?: readonly unknown[] } }>;
}

async function declared(writer: WriterSpec): Promise<Declared> {
  assert.equal(writer.holder.kind, 'library');
  const file = 'file' in writer.holder ? writer.holder.file : '';
  return (await askCapabilities('library', builtFile(file))) as Declared;
}

const madeAnew = new Map<string, Facts>();

/** Facts from a generation of this test's own, not from the cache that the run took them from. */
async function factsOf(table: string, scale: number, part: Part): Promise<Facts> {
  const key = `${table}@${scale} ${part.index}/${part.count}`;
  const facts = madeAnew.get(key) ?? ((await askWorker('facts', { table, scale, part, threads: 1 }, CHILD)) as Facts);
  madeAnew.set(key, facts);
  return facts;
}

/** A record's claims beside what they must be; equal when the writer kept its contract. */
async function claimed(record: WriteRecord): Promise<readonly [actual: unknown, expected: unknown]> {
  const { verdict, crossed, case: one } = record;
  assert.ok(verdict.status === 'verified' && crossed !== null, complaints([record]));
  const { rows, arrowBytes, digest } = await factsOf(one.table, one.scale, one.options.part);
  const batches = one.table === 'types' ? TYPES_BATCHES : Math.ceil(rows / one.options.batchRows);
  const { measurement } = verdict;
  const { direct } = measurement;
  const switches = SWITCHES[one.variant];
  const isDirect = switches.io === 'direct';
  const actual = {
    rows: [verdict.rows, crossed.rows, measurement.rows, ...verdict.readers.map((reader) => reader.rows)],
    bytes: [crossed.bytes, measurement.arrowBytes],
    digest: verdict.digest,
    readers: verdict.readers.map(({ reader, independence }) => `${reader.split(' ')[0] ?? ''}: ${independence}`).sort(),
    calls: [crossed.calls, measurement.callNs.count],
    flushes: crossed.flushes,
    handover: crossed.handover,
    addressesProved: crossed.addressesProved,
    batchingBy: crossed.batchingBy,
    direct:
      direct === null
        ? null
        : { flagSeen: direct.flagSeen, aligned: direct.dioMemAlign > 0 && direct.dioOffsetAlign > 0 },
    diskBytes: measurement.diskBytes,
    threads: (record.writerSays as { readonly threads?: unknown }).threads,
    detectors: verdict.detectors.join(''),
    departures: departures('writeproof.record.v1', record),
  };
  const expected = {
    rows: actual.rows.map(() => rows),
    bytes: [arrowBytes, arrowBytes],
    digest: { version: digest.version, multiset: digest.multiset, order: digest.order },
    readers: judges(one).readers,
    calls: [batches, batches],
    flushes: one.options.flushEvery === 0 ? 0 : Math.floor(batches / one.options.flushEvery),
    handover: switches.handover,
    addressesProved: true,
    batchingBy: switches.batching === 'at_close' ? 'writer' : 'none',
    direct: isDirect ? { flagSeen: true, aligned: true } : null,
    diskBytes: record.files.reduce((sum, file) => sum + file.bytes, 0),
    // One thread encodes IPC, and none raw bytes, whatever is asked for.
    threads: ['arrow', 'raw'].includes(one.format) ? undefined : one.options.threads,
    detectors: judges(one).detectors,
    departures: [],
  };
  assert.equal(measurement.durableNs >= measurement.returnNs && measurement.returnNs > 0, true);
  return [actual, expected];
}

/** Rows and codec in a Parquet file's footer. */
async function parquetSays(file: string): Promise<readonly [rows: number, codec: string]> {
  const names: Readonly<{ [codec: string]: string }> = { SNAPPY: 'snappy', UNCOMPRESSED: 'none', ZSTD: 'zstd' };
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(file));
  const columns = metadata.row_groups.flatMap((group) => group.columns);
  const used = new Set(columns.map((column) => names[column.meta_data?.codec ?? ''] ?? 'another'));
  return [Number(metadata.num_rows), [...used].join()];
}

/** Rows and codec in the messages of an Arrow IPC file. */
async function arrowSays(path: string): Promise<readonly [rows: number, codec: string]> {
  const { findings, layout } = await readLayout(path);
  assert.ok(layout !== null, JSON.stringify(findings));
  const file = await open(path);
  const used = new Set<string>();
  let rows = 0;
  for (const { offset } of layout.messages) {
    const found = await messageAt(file, offset, (await file.stat()).size);
    const content = found?.message.content;
    assert.ok(content?.kind === 'batch');
    rows += content.batch.rows;
    used.add(content.batch.compression === null ? 'none' : CODECS[content.batch.compression]);
  }
  await file.close();
  return [rows, [...used].join()];
}

/** Cases that can run on this machine's disk, and the ones that must be skipped on it. */
function divided(writer: WriterSpec, rest: readonly string[]): { readonly able: string[]; readonly unable: string[] } {
  const ids = (variants: readonly string[]): string[] =>
    variants.flatMap((variant) => rest.map((text) => text.replace('*', `${writer.name}/${variant}`)));
  const direct = (variant: string): boolean => noDirect !== null && variant === 'direct';
  return {
    able: ids(writer.variants.filter((variant) => !direct(variant))),
    unable: ids(writer.variants.filter(direct)),
  };
}

async function checkAll(writer: WriterSpec, rest: readonly string[]): Promise<void> {
  const { able, unable } = divided(writer, rest);
  const { code, records, printed } = await runCases(
    [...casesOf([...able, ...unable]), '--target', path.join(freshFolder(folder), 'data')],
    folder,
  );
  assert.deepEqual(records.map((record) => record.case.id).sort(), [...able, ...unable].sort());
  assert.deepEqual(departures('writeproof.records.v1', printed), []);
  for (const id of able) {
    const [actual, expected] = await claimed(recordOf(records, id) as WriteRecord);
    assert.deepEqual(actual, expected, id);
  }
  const skipped = unable.map((id) => recordOf(records, id).verdict);
  assert.deepEqual(
    skipped,
    unable.map(() => ({ status: 'skipped', reason: noDirect })),
  );
  assert.equal(code, 0, complaints(records));
}

/** The options without which the writer takes no flush. */
const flushing = ({ flushes }: WriterSpec): string =>
  flushes === undefined ? '' : `;${flushes.option}=${String(flushes.values[0])}`;

/** Tables at scales that a library is held to the contract on. */
export interface Grounds {
  readonly tables: readonly string[];
  /** Of few rows, and of several batches. */
  readonly few: string;
  readonly many: string;
  /** Sources beside the usual one. */
  readonly sources: readonly string[];
}

const TPCH_GROUNDS: Omit<Grounds, 'tables'> = {
  few: `nation@${SCALE}`,
  many: `lineitem@${SCALE}`,
  sources: ['source=generated'],
};

export const RAW_GROUNDS: Grounds = {
  tables: ['raw@1', 'raw@100001', 'raw@40MiB'],
  few: 'raw@100001',
  many: 'raw@20000003',
  sources: [],
};

/** The tests of a library. */
export function holdToContract(
  writer: WriterSpec,
  tables: readonly string[],
  { few, many, sources }: Omit<Grounds, 'tables'> = TPCH_GROUNDS,
): void {
  test(`${writer.name}: the library declares what the registry says`, async () => {
    const { format, extension, variants, batching, options } = await declared(writer);
    const plain = (all: Declared['options'] | WriterSpec['options']): unknown =>
      Object.fromEntries(Object.entries(all).map(([name, option]) => [name, [option.default, option.values ?? null]]));
    assert.deepEqual(
      { format, extension, variants, options: plain(options) },
      { format: writer.format, extension: writer.extension, variants: writer.variants, options: plain(writer.options) },
    );
    // Without it the engine would collect, and accumulating would not be the writer's own.
    assert.deepEqual(batching, ['per_batch', 'at_close']);
  });

  test(`${writer.name}: every variant is verified on every table`, async () => {
    await checkAll(
      writer,
      tables.map((table) => `${table}/*`),
    );
  });

  test(`${writer.name}: every variant is verified with every option of a case`, async () => {
    const options = [
      ...sources,
      'batchRows=1000',
      'threads=2',
      'overlap=on',
      `flushEvery=2${flushing(writer)}`,
      'part=2/3',
      'cold=on',
      `${[...sources, 'batchRows=1000'].join(';')};threads=2;overlap=on;flushEvery=2;part=2/3${flushing(writer)}`,
    ];
    await checkAll(writer, [`${few}/*;batchRows=1`, ...options.map((option) => `${many}/*;${option}`)]);
  });

  test(`${writer.name}: every variant is verified with every value of an option of its own`, async () => {
    const values = Object.entries(writer.options).flatMap(([name, option]) =>
      (option.values ?? []).filter((value) => value !== option.default).map((value) => `${name}=${optionText(value)}`),
    );
    const possible = values.filter((text) => text !== 'queue=io_uring' || probe.ioUring);
    assert.ok(possible.length > 0);
    await checkAll(
      writer,
      possible.map((option) => `${many}/*;${option}`),
    );
  });
}

/** The tests of a library that leaves one file. */
export function holdFileToContract(writer: WriterSpec): void {
  test(`${writer.name}: the file it leaves says how many rows it has, and is compressed as asked`, async () => {
    const data = path.join(freshFolder(folder), 'data');
    const codecs = writer.options['compression']?.values ?? [];
    assert.ok(codecs.length >= 3);
    const usual = writer.options['compression']?.default;
    const texts = codecs.map((codec) => (codec === usual ? '' : `;compression=${String(codec)}`));
    const { able } = divided(
      writer,
      texts.map((text) => `lineitem@${SCALE}/*${text}`),
    );
    const { records } = await runCases([...casesOf(able), '--target', data, '--keep'], folder);
    assert.deepEqual(readdirSync(data).sort(), records.map(({ kept }) => kept ?? 'nothing kept').sort());
    const said = await Promise.all(
      records.map(async ({ kept, case: one }) => {
        assert.ok(one.kind === 'write');
        const file = path.join(data, kept ?? '', `lineitem.${writer.extension}`);
        const asked = one.options.writer['compression'] ?? usual;
        return [one.id, asked, ...(await (writer.format === 'parquet' ? parquetSays(file) : arrowSays(file)))];
      }),
    );
    assert.deepEqual(
      said.map(([, asked, rows, codec]) => [rows, codec === asked]),
      able.map(() => [60_175, true]),
      JSON.stringify(said),
    );
  });
}

/** Why the program cannot run here, in the words of a skipped case; null where it can. */
function absence({ holder }: WriterSpec): string | null {
  assert.ok(holder.kind === 'command');
  const program = holder.argv[0] ?? '';
  if (onPath(program) === null) return `${program} is not on PATH: ${holder.install}`;
  const [command = '', ...args] = holder.probe ?? ['true'];
  if (spawnSync(command, args, { stdio: 'ignore' }).status === 0) return null;
  return `${program} is there, but "${[command, ...args].join(' ')}" fails: ${holder.install}`;
}

/** The test of a command. */
export function holdCommandToContract(writer: WriterSpec): void {
  test(`${writer.name}: the command is verified, or skipped because it is not on this machine`, async (context) => {
    const ids = writer.variants.map((variant) => `nation@${SCALE}/${writer.name}/${variant};source=generated`);
    const { code, records } = await runCases(casesOf(ids));
    const found = records.map(({ verdict }) => (verdict.status === 'skipped' ? verdict.reason : verdict.status));
    const absent = absence(writer);
    if (absent !== null) context.diagnostic(`skipped: ${absent}`);
    assert.deepEqual([code, found], [absent === null ? 0 : 5, ids.map(() => absent ?? 'verified')]);
  });
}
