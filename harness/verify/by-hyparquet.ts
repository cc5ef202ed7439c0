/**
 * The second reader: hyparquet, values raw. Its conversions make doubles of decimals and lose bits of floats, so only its decoding of
 * pages is used: what it delivers are the file's own integers and bytes, and levels.
 */

import { open, type FileHandle } from 'node:fs/promises';
import type { FileMetaData, SchemaTree } from 'hyparquet';
import { messageOf } from '../misuse.js';
import { addon, type ColumnBuffers } from '../native.js';
import type { Digest, Field } from '../types.js';
import { parseArrowType } from './arrow-type.js';
import { assemble } from './assemble.js';
import { extentOf, type Chunk } from './chunk-extent.js';
import { chunkValues, type DataPage, type LeafValues } from './chunk-values.js';
import { rangeOf, type LeafRange } from './leaf-ranges.js';
import { readWhole } from './read-whole.js';
import { columnTrees, leafPaths } from './schema-tree.js';

export const HYPARQUET = 'hyparquet';

export interface HyparquetReading {
  readonly rows: number;
  readonly digest: Digest;
  /** With nulls in the columns that the job leaves out; the same object where it leaves out none. */
  readonly partial: Digest;
  /** By row group and leaf; null where the job asks for none. */
  readonly ranges: readonly (readonly (LeafRange | null)[])[];
  readonly pages: readonly (readonly (readonly DataPage[])[])[];
  readonly ns: number;
}

export interface HyparquetJob {
  readonly path: string;
  /** Index in the whole table of the file's first row; absent where it is 0. */
  readonly firstRow?: number;
  readonly metadata: FileMetaData;
  /** What the values of each column are read as. */
  readonly fields: readonly Field[];
  /** Columns that the other reader leaves out. */
  readonly leftOut: ReadonlySet<number>;
  /** Whether the range of a leaf's values is wanted, which costs time. */
  readonly wantsRange: (leaf: number) => boolean;
}

async function leafOf(file: FileHandle, chunk: Chunk | undefined, path: readonly SchemaTree[]): Promise<LeafValues> {
  const data = chunk?.meta_data;
  if (chunk === undefined || data === undefined) throw new Error('its column chunk has no metadata');
  const { start, end } = extentOf(chunk) ?? { start: 0, end: 0 };
  const bytes = new ArrayBuffer(end - start);
  const read = await readWhole(file, new Uint8Array(bytes), start);
  if (read < bytes.byteLength) throw new Error(`expected ${bytes.byteLength} bytes at ${start}, got ${read}`);
  const leaf = chunkValues(bytes, path, data.codec, Number(data.num_values));
  if (leaf.entries !== Number(data.num_values)) {
    throw new Error(`its metadata announces ${Number(data.num_values)} values, its pages hold ${leaf.entries}`);
  }
  return leaf;
}

const named = (name: string, error: unknown): Error => new Error(`column ${name}: ${messageOf(error)}`);

/** Reads a file from the first to the last row group. Rejects when hyparquet cannot, or the columns do not line up. */
export async function readByHyparquet(job: HyparquetJob): Promise<HyparquetReading> {
  const started = process.hrtime.bigint();
  const { metadata, fields, leftOut } = job;
  const newDigester = (): InstanceType<ReturnType<typeof addon>['ColumnDigester']> =>
    new (addon().ColumnDigester)(JSON.stringify(fields), job.firstRow ?? 0);
  const digester = newDigester();
  const partial = leftOut.size === 0 ? null : newDigester();
  const types = fields.map((field) => parseArrowType(field.type));
  const [trees, paths] = [columnTrees(metadata), leafPaths(metadata)];
  const ranges: (LeafRange | null)[][] = [];
  const pages: (readonly DataPage[])[][] = [];
  const file = await open(job.path, 'r');
  try {
    for (const group of metadata.row_groups) {
      const [groupRanges, groupPages]: [(LeafRange | null)[], (readonly DataPage[])[]] = [[], []];
      const columns: ColumnBuffers[] = [];
      for (const [column, type] of types.entries()) {
        const node = trees[column];
        if (node === undefined) throw new Error(`the file has no column ${column + 1}`);
        const leaves: LeafValues[] = [];
        try {
          for (const path of paths.filter((one) => one[1]?.element === node.element)) {
            const leaf = await leafOf(file, group.columns[groupPages.length], path);
            const element = path.at(-1)?.element;
            const isWanted = element !== undefined && job.wantsRange(groupRanges.length);
            groupRanges.push(isWanted ? rangeOf(element, leaf) : null);
            groupPages.push(leaf.pages);
            leaves.push(leaf);
          }
          columns.push(assemble(type, leaves[0]?.path[1] ?? node, leaves));
        } catch (error) {
          throw named(node.element.name, error);
        }
      }
      digester.push(columns);
      const nullRows = Number(group.num_rows);
      partial?.push(columns.map((column, index) => (leftOut.has(index) ? { nullRows } : column)));
      ranges.push(groupRanges);
      pages.push(groupPages);
    }
    const digest = JSON.parse(digester.finish()) as Digest;
    const other = partial === null ? digest : (JSON.parse(partial.finish()) as Digest);
    return { rows: digest.rows, digest, partial: other, ranges, pages, ns: Number(process.hrtime.bigint() - started) };
  } finally {
    await file.close();
  }
}
