/** What writers cannot store, and why. A batch that holds it fails with a sentence, or its file is corrupt; it is never left out. A test counts the entries. */

export interface Limit {
  readonly writer: string;
  readonly type: string;
  readonly reason: string;
}

export const LIMITS: readonly Limit[] = [
  {
    writer: 'apache-arrow',
    type: 'dictionaries of values that are not text, bytes or integers',
    reason:
      'an Arrow file may only add to a dictionary, and values of other types are not compared exactly in JavaScript',
  },
  {
    writer: 'apache-arrow',
    type: 'dictionaries that change between batches, together of more values than their keys can tell',
    reason: 'the keys of all batches then point into one dictionary',
  },
  {
    writer: 'apache-arrow, parquet-wasm',
    type: 'maps whose entries are not called key and value',
    reason: 'apache-arrow, through which batches reach JavaScript, calls them so; detector S sees it',
  },
  {
    writer: 'apache-arrow, parquet-wasm',
    type: 'list_view, large_list_view, run_end_encoded',
    reason: 'apache-arrow, through which batches reach JavaScript, has no such types',
  },
  {
    writer: 'apache-arrow, parquet-wasm',
    type: 'null within a nested type',
    reason: 'of a slice of nulls apache-arrow stores −1 as their number, which arrow-rs refuses',
  },
  {
    writer: 'lance',
    type: 'interval, decimal32, decimal64, list_view, large_list_view, run_end_encoded, sorted maps, maps in data files before 2.2, views in those of 2.0',
    reason: 'its manifest has no names for them, or its data files no encoding',
  },
  {
    writer: 'lance',
    type: 'dictionaries of values that are not numbers, bools, text or bytes; lists of fixed size of lists or maps',
    reason: 'the names of their types cannot be read back from its manifest',
  },
  {
    writer: 'lance',
    type: 'structs within structs that are slices',
    reason: 'its encoder may refuse their null bitmap ("null_bit_buffer size too small") where they are not copied',
  },
  {
    writer: 'lance',
    type: 'structs that are null, in data files of 2.0, and where rowsPerFile cuts a batch',
    reason: 'the former have no place for it, of the latter it takes the bitmap for too small',
  },
  {
    writer: 'lance',
    type: 'lists of fixed size of structs, text or bytes',
    reason: 'it may panic at close, or write what it cannot read, which detector X sees',
  },
];
