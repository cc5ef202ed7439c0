/** Values that are all there, under another type. */
import type { FaultSpec } from './types.js';

const EDGES = 'core-types@0.001';

export const SCHEMA: readonly FaultSpec[] = [
  {
    name: 'decimal-scale',
    about: 'a decimal is declared with another scale',
    seenIn: 'facebookincubator/velox#12846',
    mustFire: 'SC',
    blind: 'N',
  },
  {
    name: 'tz-dropped',
    about: 'the time zone of a timestamp is lost, the values are equal',
    seenIn: 'duckdb/duckdb#23766',
    mustFire: 'S',
    blind: 'NMOC',
    table: EDGES,
  },
  {
    name: 'tz-added',
    about: 'a timestamp without a time zone gets one, the values are equal',
    seenIn: 'duckdb/duckdb#23766',
    mustFire: 'S',
    blind: 'NMOC',
    table: EDGES,
  },
  {
    name: 'nullable-added',
    about: 'a required column is declared nullable',
    seenIn: 'apache/parquet-testing, bad_data',
    mustFire: 'S',
    blind: 'NMOC',
  },
  {
    name: 'required-with-nulls',
    about: 'a column that holds nulls is declared required',
    seenIn: 'apache/parquet-testing, bad_data',
    mustFire: { parquet: 'SX', arrow: 'S', lance: 'S' },
    table: EDGES,
  },
];
