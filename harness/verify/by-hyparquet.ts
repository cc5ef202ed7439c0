/**
 * The second reader: hyparquet, values raw. Its conversions make doubles of decimals, so converted and logical types are
 * taken out of the metadata that it decodes by; what it delivers then are the file's own integers and bytes.
 */

import { open } from 'node:fs/promises';
import { parquetRead, type AsyncBuffer, type Compressors, type DecodedArray, type FileMetaData } from 'hyparquet';
import { addon, type ColumnBuffers } from '../native.js';
import type { Digest, Field } from '../types.js';
import { columnBuffers } from './column-buffers.js';

export const HYPARQUET = 'hyparquet';

export interface HyparquetReading {
  readonly rows: number;
  readonly digest: Digest;
  readonly ns: number;
}

function withoutConversions(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map((element) => {
    const plain = { ...element };
    delete plain.converted_type;
    delete plain.logical_type;
    return plain;
  });
  return { ...metadata, schema };
}

/** Snappy is built in; other codecs are loaded only where a file has them. */
async function compressorsFor(metadata: FileMetaData): Promise<Compressors | undefined> {
  const codecs = new Set(
    metadata.row_groups.flatMap(({ columns }) => columns.map((column) => column.meta_data?.codec)),
  );
  codecs.delete('UNCOMPRESSED');
  codecs.delete('SNAPPY');
  if (codecs.size === 0) return undefined;
  return (await import('hyparquet-compressors')).compressors;
}

interface Piece {
  readonly rowStart: number;
  readonly values: DecodedArray;
}

/** Reads a file from the first to the last row group. Rejects when hyparquet cannot, or the columns do not line up. */
export async function readByHyparquet(
  path: string,
  metadata: FileMetaData,
  fields: readonly Field[],
): Promise<HyparquetReading> {
  const started = process.hrtime.bigint();
  const digester = new (addon().ColumnDigester)(JSON.stringify(fields));
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const source: AsyncBuffer = {
      byteLength: size,
      slice: async (start, end = size) => {
        const buffer = new ArrayBuffer(end - start);
        const { bytesRead } = await file.read(new Uint8Array(buffer), 0, end - start, start);
        if (bytesRead !== end - start) throw new Error(`expected ${end - start} bytes at ${start}, got ${bytesRead}`);
        return buffer;
      },
    };
    const raw = withoutConversions(metadata);
    const compressors = await compressorsFor(metadata);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const pieces = new Map<string, Piece[]>(fields.map(({ name }) => [name, []]));
      await parquetRead({
        file: source,
        metadata: raw,
        rowStart,
        rowEnd,
        utf8: false,
        ...(compressors === undefined ? {} : { compressors }),
        onChunk: (chunk) => {
          pieces.get(chunk.columnName)?.push({ rowStart: chunk.rowStart, values: chunk.columnData });
        },
      });
      digester.push(
        fields.map((field): ColumnBuffers => {
          const ordered = (pieces.get(field.name) ?? []).sort((one, other) => one.rowStart - other.rowStart);
          return columnBuffers(
            field,
            ordered.map(({ values }) => values),
          );
        }),
      );
      rowStart = rowEnd;
    }
    const digest = JSON.parse(digester.finish()) as Digest;
    return { rows: digest.rows, digest, ns: Number(process.hrtime.bigint() - started) };
  } finally {
    await file.close();
  }
}
