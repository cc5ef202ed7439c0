/** Where the metadata say that pages are, against each other and against the pages that were read. Readers that skip pages trust this. */

import { open, type FileHandle } from 'node:fs/promises';
import type { FileMetaData } from 'hyparquet';
import { readOffsetIndex } from 'hyparquet/src/indexes.js';
import { messageOf } from '../misuse.js';
import type { Finding } from '../types.js';
import { extentOf, type Chunk, type Extent } from './chunk-extent.js';
import type { DataPage } from './chunk-values.js';
import { finding, firstFew } from './finding.js';
import { readWhole } from './read-whole.js';

/** Findings are listed up to this many; the last says how many more there are. */
const MOST_FINDINGS = 8;

interface Location {
  readonly offset: number;
  readonly bytes: number;
  readonly firstRow: number;
}

const text = ({ offset, bytes, firstRow }: Location): string => `row ${firstRow} in ${bytes} bytes at ${offset}`;
const list = (locations: readonly Location[]): string => firstFew(locations.map(text), 4);
const same = (one: readonly Location[], other: readonly Location[]): boolean =>
  one.map(text).join() === other.map(text).join();

/** The offset index of a chunk; null where it has none. */
async function locationsOf(file: FileHandle, chunk: Chunk): Promise<readonly Location[] | null> {
  const [start, length] = [Number(chunk.offset_index_offset ?? 0n), chunk.offset_index_length ?? 0];
  if (length === 0) return null;
  const bytes = new ArrayBuffer(length);
  const bytesRead = await readWhole(file, new Uint8Array(bytes), start);
  if (bytesRead !== length) throw new Error(`expected ${length} bytes at ${start}, got ${bytesRead}`);
  const { page_locations: locations } = readOffsetIndex({ view: new DataView(bytes), offset: 0 });
  return locations.map((location) => ({
    offset: Number(location.offset),
    bytes: location.compressed_page_size,
    firstRow: Number(location.first_row_index),
  }));
}

/** What is wrong with an index by itself: pages outside of the chunk, over each other, or rows that do not go up. */
function wrongIndex(locations: readonly Location[], { start, end }: Extent, rows: number): string | null {
  const wrong = locations.find((location, index) => {
    const before = locations[index - 1];
    const isInside = location.offset >= (before === undefined ? start : before.offset + before.bytes);
    const isUp = before === undefined ? location.firstRow === 0 : location.firstRow > before.firstRow;
    // A page without rows stands at row 0 of a group without rows.
    const isPast = location.bytes <= 0 || location.offset + location.bytes > end || location.firstRow >= (rows || 1);
    return !isInside || !isUp || isPast;
  });
  return wrong === undefined ? null : `${text(wrong)}, in a chunk of ${rows} rows in bytes ${start} to ${end}`;
}

/** Locations as the pages that were read have them. */
function locationsRead(pages: readonly DataPage[], start: number): readonly Location[] {
  let firstRow = 0;
  return pages.map((page) => {
    const location = { offset: start + page.offset, bytes: page.bytes, firstRow };
    firstRow += page.rows;
    return location;
  });
}

interface Place {
  readonly where: string;
  readonly chunk: Chunk;
  readonly rows: number;
  readonly pages: readonly DataPage[] | null;
}

async function chunkFindings(file: FileHandle, { where, chunk, rows, pages }: Place): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const extent = extentOf(chunk) ?? { start: 0, end: 0 };
  const read = pages === null ? null : locationsRead(pages, extent.start);
  const declared = Number(chunk.meta_data?.data_page_offset ?? 0n);
  const first = read?.[0]?.offset;
  if (first !== undefined && first !== declared) {
    findings.push(finding('X', `first data page of ${where}`, `byte ${first}, where it was read`, `byte ${declared}`));
  }
  let locations: readonly Location[] | null;
  try {
    locations = await locationsOf(file, chunk);
  } catch (error) {
    return [...findings, finding('F', `offset index of ${where}`, 'readable', `failed: ${messageOf(error)}`)];
  }
  if (locations === null) return findings;
  const wrong = wrongIndex(locations, extent, rows);
  if (wrong !== null) findings.push(finding('F', `offset index of ${where}`, 'pages of the chunk, in order', wrong));
  if (read !== null && !same(read, locations)) {
    // The first that differs, and those after it.
    const from = Math.max(
      0,
      read.findIndex((one, index) => text(one) !== text(locations[index] ?? { ...one, bytes: 0 })),
    );
    const [expected, actual] = [list(read.slice(from)), list(locations.slice(from))];
    findings.push(finding('X', `offset index of ${where}`, `${expected}, as they were read`, actual));
  }
  return findings;
}

/** Detectors F and X. `pages` by row group and leaf, of the reader that reads pages; null where it did not read. */
export async function pageIndexFindings(
  path: string,
  metadata: FileMetaData,
  pages: readonly (readonly (readonly DataPage[])[])[] | null,
): Promise<readonly Finding[]> {
  const file = await open(path, 'r');
  try {
    const findings: Finding[] = [];
    for (const [index, group] of metadata.row_groups.entries()) {
      for (const [leaf, chunk] of group.columns.entries()) {
        const where = `row group ${index}, column ${chunk.meta_data?.path_in_schema.join('.') ?? leaf}`;
        const rows = Number(group.num_rows);
        findings.push(...(await chunkFindings(file, { where, chunk, rows, pages: pages?.[index]?.[leaf] ?? null })));
      }
    }
    if (findings.length <= MOST_FINDINGS) return findings;
    const rest = findings.slice(MOST_FINDINGS - 1).map(({ what }) => what);
    const more = finding('F', 'more places of pages that are wrong', 0, `${rest.length}: ${firstFew(rest, 3)}`);
    return [...findings.slice(0, MOST_FINDINGS - 1), more];
  } finally {
    await file.close();
  }
}
