/** One column chunk as hyparquet decodes its pages: levels, and values as they are stored, without any conversion. */

import type { DecodedArray, SchemaTree } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage, readDataPage, readDataPageV2 } from 'hyparquet/src/datapage.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import { PAGE_CODECS } from './page-codecs.js';
import { checkRuns } from './runs.js';

type ColumnDecoder = Parameters<typeof readDataPage>[2];
type PageHeader = ReturnType<typeof parquetHeader>;

/** The values of a leaf that are not null, one after the other, and where they belong. */
export interface LeafValues {
  readonly path: readonly SchemaTree[];
  readonly maxDefinition: number;
  readonly maxRepetition: number;
  /** Number of levels; that of rows where nothing is repeated. */
  readonly entries: number;
  /** Null where every entry has a value. */
  readonly definition: Uint8Array | null;
  /** Null where nothing is repeated. */
  readonly repetition: Uint8Array | null;
  readonly values: readonly DecodedArray[];
  /** Data pages: where each header starts in the chunk, how long page and header are, and entries and rows in it. */
  readonly pages: readonly DataPage[];
}

export interface DataPage {
  readonly offset: number;
  readonly bytes: number;
  /** Records that begin in the page. */
  readonly rows: number;
}

/** Bits of a float would not survive as a JavaScript number where they are NaN; as integers they do. */
const AS_INTEGERS = { FLOAT: 'INT32', DOUBLE: 'INT64' } as const;

function decoderOf(path: readonly SchemaTree[], codec: ColumnDecoder['codec']): ColumnDecoder {
  const leaf = path.at(-1);
  const stored = leaf?.element.type;
  if (leaf === undefined || stored === undefined) throw new Error('the column has no physical type');
  const type = stored === 'FLOAT' || stored === 'DOUBLE' ? AS_INTEGERS[stored] : stored;
  return {
    pathInSchema: path.slice(1).map(({ element }) => element.name),
    type,
    element: { ...leaf.element, type },
    schemaPath: [...path],
    codec,
    parsers: {} as ColumnDecoder['parsers'],
    compressors: PAGE_CODECS,
  };
}

interface Page {
  readonly entries: number;
  readonly definition: readonly number[];
  readonly repetition: readonly number[];
  readonly values: DecodedArray;
}

/** Values behind the indices of a page. */
function looked(indices: DecodedArray, dictionary: DecodedArray | undefined): DecodedArray {
  if (dictionary === undefined) throw new Error('a page of indices comes without a dictionary');
  const size = dictionary.length;
  const [any] = [dictionary];
  const values =
    any instanceof Int32Array
      ? new Int32Array(indices.length)
      : any instanceof BigInt64Array
        ? new BigInt64Array(indices.length)
        : new Array<unknown>(indices.length);
  for (let at = 0; at < indices.length; at += 1) {
    const index = indices[at] as number;
    if (index >= size) throw new Error(`index ${index} is outside of the dictionary of ${size} values`);
    values[at] = dictionary[index] as never;
  }
  return values;
}

const bitsOf = (highest: number): number => 32 - Math.clz32(highest);

/** Levels of the first version come each with their length in front; what is left is the page's values. */
function checkLevels(page: Uint8Array, entries: number, path: SchemaTree[]): Uint8Array {
  let rest = page;
  for (const highest of [path.length > 1 ? getMaxRepetitionLevel(path) : 0, getMaxDefinitionLevel(path)]) {
    if (highest === 0 || rest.length < 4) continue;
    const length = new DataView(rest.buffer, rest.byteOffset).getUint32(0, true);
    checkRuns(rest.subarray(4, 4 + length), bitsOf(highest), entries);
    rest = rest.subarray(4 + length);
  }
  return rest;
}

/** Those of the second version lie in front of what is compressed, and their lengths in the header. */
function checkLevelsV2(
  body: Uint8Array,
  header: NonNullable<PageHeader['data_page_header_v2']>,
  path: SchemaTree[],
): void {
  const { num_values: entries, repetition_levels_byte_length: first, definition_levels_byte_length: second } = header;
  checkRuns(body.subarray(0, first), bitsOf(getMaxRepetitionLevel(path)), entries);
  checkRuns(body.subarray(first, first + second), bitsOf(getMaxDefinitionLevel(path)), entries);
}

function pageOf(body: Uint8Array, header: PageHeader, decoder: ColumnDecoder, dictionary?: DecodedArray): Page {
  const { data_page_header: first, data_page_header_v2: second } = header;
  const { encoding = 'PLAIN', num_values: entries = 0 } = first ?? second ?? {};
  let read: ReturnType<typeof readDataPage>;
  if (first !== undefined) {
    const size = header.uncompressed_page_size;
    const page = decompressPage(body, size, decoder.codec, decoder.compressors);
    const values = checkLevels(page, entries, decoder.schemaPath);
    if (encoding.endsWith('_DICTIONARY')) checkRuns(values.subarray(1), values[0] ?? 0, entries);
    if (encoding === 'RLE') checkRuns(values.subarray(4), 1, entries);
    read = readDataPage(page, first, decoder);
  } else {
    if (second !== undefined) checkLevelsV2(body, second, decoder.schemaPath);
    read = readDataPageV2(body, header, decoder);
  }
  const isIndexed = encoding.endsWith('_DICTIONARY');
  return {
    entries,
    definition: read.definitionLevels ?? [],
    repetition: read.repetitionLevels,
    values: isIndexed ? looked(read.dataPage, dictionary) : read.dataPage,
  };
}

const recordsIn = (page: Page): number =>
  page.repetition.length === 0
    ? page.entries
    : page.repetition.reduce((count, level) => count + (level === 0 ? 1 : 0), 0);

/** Decodes a chunk to its last byte; its metadata announce `values`. Throws what hyparquet does, and where levels and values do not go together. */
export function chunkValues(
  bytes: ArrayBuffer,
  path: readonly SchemaTree[],
  codec: ColumnDecoder['codec'],
  values: number,
): LeafValues {
  const decoder = decoderOf(path, codec);
  const reader = { view: new DataView(bytes), offset: 0 };
  const read: Page[] = [];
  const pages: DataPage[] = [];
  let dictionary: DecodedArray | undefined;
  let left = values;
  while (reader.offset < bytes.byteLength) {
    const offset = reader.offset;
    const header = parquetHeader(reader);
    const end = reader.offset + header.compressed_page_size;
    if (end > bytes.byteLength) throw new Error(`a page ends at byte ${end} of a column chunk of ${bytes.byteLength}`);
    const body = new Uint8Array(bytes, reader.offset, header.compressed_page_size);
    reader.offset = end;
    if (header.type === 'DICTIONARY_PAGE') {
      const page = decompressPage(body, header.uncompressed_page_size, codec, PAGE_CODECS);
      const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
      const count = header.dictionary_page_header?.num_values ?? 0;
      dictionary = readPlain({ view, offset: 0 }, decoder.type, count, decoder.element.type_length);
    } else if (header.type === 'DATA_PAGE' || header.type === 'DATA_PAGE_V2') {
      const { num_values: more = 0 } = header.data_page_header ?? header.data_page_header_v2 ?? {};
      left -= more;
      if (more < 0 || left < 0) throw new Error(`a page of ${more} values, of which the chunk has ${left + more}`);
      const page = pageOf(body, header, decoder, dictionary);
      read.push(page);
      pages.push({ offset, bytes: end - offset, rows: recordsIn(page) });
    } else {
      throw new Error(`page of type ${header.type}: expected one of data or dictionary`);
    }
  }
  return joined(read, pages, path);
}

/** Levels of all pages in one; an empty list of them stands for the highest everywhere. */
function joinedLevels(
  pages: readonly Page[],
  entries: number,
  highest: number,
  levels: (page: Page) => readonly number[],
): Uint8Array | null {
  if (highest === 0 || pages.every((page) => levels(page).length === 0)) return null;
  const all = new Uint8Array(entries);
  let start = 0;
  for (const page of pages) {
    const own = levels(page);
    if (own.length === 0) all.fill(highest, start, start + page.entries);
    else if (own.length === page.entries) all.set(own, start);
    else throw new Error(`a page of ${page.entries} values has ${own.length} levels`);
    start += page.entries;
  }
  return all;
}

function joined(read: readonly Page[], pages: readonly DataPage[], path: readonly SchemaTree[]): LeafValues {
  const entries = read.reduce((sum, page) => sum + page.entries, 0);
  const [maxDefinition, maxRepetition] = [getMaxDefinitionLevel([...path]), getMaxRepetitionLevel([...path])];
  const definition = joinedLevels(read, entries, maxDefinition, (page) => page.definition);
  const repetition = maxRepetition === 0 ? null : joinedLevels(read, entries, maxRepetition, (page) => page.repetition);
  const values = read.map((page) => page.values);
  const present =
    definition === null ? entries : definition.reduce((sum, level) => sum + (level === maxDefinition ? 1 : 0), 0);
  const found = values.reduce((sum, one) => sum + one.length, 0);
  if (present !== found) throw new Error(`levels announce ${present} values, ${found} came`);
  return { path, maxDefinition, maxRepetition, entries, definition, repetition, values, pages };
}
