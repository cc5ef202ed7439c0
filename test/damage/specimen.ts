/** A small honest target of one of our writers: nested columns, nulls, dictionaries, two row groups, messages or data files. */

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SWITCHES } from '../../harness/defaults.js';
import { stampFiles } from '../../harness/run/stamps.js';
import { runWorker } from '../../harness/run/worker.js';
import { builtFile } from '../../harness/paths.js';
import type { Facts, VerifyJob, WorkerJob } from '../../harness/types.js';
import type { WriterSpec } from '../../suites/types.js';
import type { DescribedTable, DescribedValue } from '../digest/described.js';
import { freshFolder } from '../fixtures.js';
import { loadsOf } from '../random/loads.js';
import { settingsOf } from '../random/settings.js';

const NONCE = 'nonce-of-damaged-files';
const ROWS = 40;

const column = (value: (row: number) => DescribedValue): readonly DescribedValue[] =>
  Array.from({ length: ROWS }, (_, row) => value(row));

const TABLE: DescribedTable = {
  columns: [
    { name: 'key', type: 'int64', nullable: false, values: column((row) => String(row * 1_000_003)) },
    { name: 'note', type: 'utf8', values: column((row) => (row % 5 === 0 ? null : `note ${row % 7} äöü`)) },
    {
      name: 'word',
      type: 'utf8',
      layout: 'dictionary',
      values: column((row) => (row % 9 === 4 ? null : `word ${row % 3}`)),
    },
    {
      name: 'list',
      type: { list: 'int32' },
      values: column((row) =>
        row % 6 === 1 ? null : Array.from({ length: row % 4 }, (_, item) => String(row - item)),
      ),
    },
    {
      name: 'pair',
      type: { struct: ['bool', 'decimal128(15, 2)'] },
      values: column((row) => (row % 8 === 2 ? null : [row % 2 === 0, String(row * 777 - 9999)])),
    },
  ],
  chunks: [ROWS / 2],
};

/** A target in a directory that holds nothing else. */
export interface Specimen {
  readonly writer: WriterSpec;
  readonly directory: string;
  /** Name of the target in its directory. */
  readonly name: string;
  readonly facts: Facts;
}

export async function specimenOf(writer: WriterSpec, writerOptions: WorkerJob['writerOptions']): Promise<Specimen> {
  const { holder } = writer;
  assert.ok(holder.kind === 'library');
  const folder = freshFolder();
  const [setting] = settingsOf(writer, ['stream'], 1, 0);
  assert.ok(setting !== undefined);
  const consignment = { turn: 0, table: TABLE, setting: { ...setting, parts: 1, batchRows: 0 }, refused: null };
  const [load] = await loadsOf([consignment], path.join(folder, 'prepared'));
  const [cargo] = load?.parts ?? [];
  assert.ok(cargo !== undefined);
  const directory = path.join(folder, 'target');
  mkdirSync(directory);
  const name = `table.${writer.extension}`;
  const job: Omit<WorkerJob, 'spawnedAtNs'> = {
    subject: { kind: 'library', path: builtFile(holder.file) },
    table: 'described',
    scale: 1,
    part: { index: 1, count: 1 },
    source: 'prepared',
    preparedPath: cargo.preparedPath,
    batchRows: ROWS,
    threads: 1,
    overlap: false,
    flushEvery: 0,
    variant: 'stream',
    switches: SWITCHES.stream,
    writerOptions,
    directory,
    target: path.join(directory, name),
    nonce: NONCE,
  };
  const { report, child } = await runWorker(job, { timeoutSeconds: 120 });
  assert.equal(report?.outcome, 'done', child.stderr);
  return { writer, directory, name, facts: cargo.facts };
}

/** One thing done to one file of the target; `cut`: the length that is left. */
export type Damage =
  | { readonly file: string; readonly byte: number; readonly bit: number }
  | { readonly file: string; readonly cut: number };

export const textOf = (damage: Damage): string =>
  'cut' in damage
    ? `${damage.file} cut to ${damage.cut} bytes`
    : `bit ${damage.bit} of byte ${damage.byte} of ${damage.file}`;

/** A copy with the damage, in a folder of its own, and the job to judge it. */
export async function damagedJob(specimen: Specimen, damage: Damage | null, directory: string): Promise<VerifyJob> {
  cpSync(specimen.directory, directory, { recursive: true });
  if (damage !== null) {
    const file = path.join(directory, damage.file);
    if ('cut' in damage) truncateSync(file, damage.cut);
    else {
      const bytes = readFileSync(file);
      bytes[damage.byte] = (bytes[damage.byte] ?? 0) ^ (1 << damage.bit);
      writeFileSync(file, bytes);
    }
  }
  const { writer, name, facts } = specimen;
  return {
    directory,
    target: path.join(directory, name),
    format: writer.format,
    facts,
    nonce: NONCE,
    files: await stampFiles(directory),
    secondReader: true,
    dropCache: false,
    ...(writer.implementation === undefined ? {} : { implementation: writer.implementation }),
  };
}
