import type { ByteBuffer } from 'flatbuffers';

/** Bytes of an entry of a vector of tables: where the table lies. */
const ENTRY_BYTES = 4;

/** The length of a vector of tables. A damaged one must not make anybody go through millions of entries that are not there. */
export function flatCount(what: string, count: number, { bb }: { readonly bb: ByteBuffer | null }): number {
  const bytes = bb?.capacity() ?? 0;
  if (count < 0 || count * ENTRY_BYTES > bytes) throw new Error(`${count} ${what} in metadata of ${bytes} bytes`);
  return count;
}
