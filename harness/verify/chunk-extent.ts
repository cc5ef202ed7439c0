import type { FileMetaData } from 'hyparquet';

export type Chunk = FileMetaData['row_groups'][number]['columns'][number];

/** First byte of a column chunk's pages, and the byte after the last. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the pages of a chunk lie, as its metadata say. Null where it has none: a chunk without values needs none, and then names no
 * byte, which is an offset of 0 (the magic is there). With a dictionary pyarrow writes an empty one, and no data page, for it.
 */
export function extentOf({ meta_data: data }: Chunk): Extent | null {
  if (data === undefined) return { start: -1, end: -1 };
  const offsets = [data.dictionary_page_offset ?? 0n, data.data_page_offset]
    .map(Number)
    .filter((offset) => offset !== 0);
  const bytes = Number(data.total_compressed_size);
  if (offsets.length === 0 && bytes === 0 && Number(data.num_values) === 0) return null;
  const start = offsets.length === 0 ? 0 : Math.min(...offsets);
  return { start, end: start + bytes };
}
