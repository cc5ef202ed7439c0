/** Queries of the entity store, as data; native/entity-store compiles them once. Columns and what they hold: native/entity-store/ENTITIES.md. */

import { categoryOf, groupOf, idOf, liveFrom, rowsUntil } from './entities.js';

type Value = string | number | boolean;

interface Compared {
  readonly column: string;
  readonly op: '=' | '!=' | '<' | '<=' | '>' | '>=';
  readonly value: Value;
}

interface Nullness {
  readonly column: string;
  readonly op: 'isNull' | 'isNotNull';
}

type Condition = Compared | Nullness;

export interface Query {
  /** In this order; absent: all. */
  readonly columns?: readonly string[];
  readonly filter?: Condition | { readonly and: readonly Condition[] };
  /** Of the key. */
  readonly prefix?: string;
  readonly limit?: number;
}

export interface NamedQuery {
  readonly name: string;
  readonly about: string;
  /** For a store of so many rows. */
  readonly query: (rows: number) => Query;
  /** Rows that a scan has to read which seeks keys and stops at a limit, deleted ones included. */
  readonly needed: (rows: number) => number;
}

const LIMIT = 10;
const GROUP = 31;

const all = (rows: number): number => rows;
/** In the middle of the store. */
const middle = (rows: number): number => liveFrom(Math.floor(rows / 2));
const rowsOfGroup = (rows: number): number => {
  const firstOf = (group: number): number => Math.ceil((group * rows) / 64);
  const first = firstOf(GROUP);
  return groupOf(first, rows) === GROUP ? firstOf(GROUP + 1) - first : 0;
};

export const QUERIES: readonly NamedQuery[] = [
  {
    name: 'limit-10',
    about: 'the first ten rows',
    query: () => ({ limit: LIMIT }),
    needed: (rows) => rowsUntil(LIMIT, rows),
  },
  {
    name: 'unique-key',
    about: 'the row of an id in the middle',
    query: (rows) => ({ filter: { column: 'id', op: '=', value: idOf(middle(rows)) } }),
    needed: () => 1,
  },
  {
    name: 'selective',
    about: 'a filter of two columns that one row of 900 passes',
    query: () => ({
      filter: {
        and: [
          { column: 'category', op: '=', value: 'pet' },
          { column: 'quantity', op: '>', value: 980 },
        ],
      },
    }),
    needed: all,
  },
  {
    name: 'prefix',
    about: 'a group of keys, one of 64',
    query: () => ({ prefix: `g${GROUP}/` }),
    needed: rowsOfGroup,
  },
  {
    name: 'limit-of-filter',
    about: 'the first ten rows that a filter passes',
    query: () => ({ filter: { column: 'category', op: '=', value: 'pet' }, limit: LIMIT }),
    needed: (rows) => rowsUntil(LIMIT, rows, (row) => categoryOf(row) === 'pet'),
  },
  { name: 'one-column', about: 'one column of all rows', query: () => ({ columns: ['amount'] }), needed: all },
  { name: 'all', about: 'all columns of all rows', query: () => ({}), needed: all },
];
