/**
 * The statistics of every column chunk as raw bytes. hyparquet's own conversion makes doubles of decimals, so they are
 * taken from its Thrift decoder; field numbers are those of parquet.thrift.
 */

import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';

/** What a column chunk's statistics claim; undefined where they say nothing. */
export interface Claim {
  readonly nulls: bigint | undefined;
  /** Values that are NaN; written with the newer order of floats only. */
  readonly nans: bigint | undefined;
  readonly min: Uint8Array | undefined;
  readonly max: Uint8Array | undefined;
  readonly isMinExact: boolean | undefined;
  readonly isMaxExact: boolean | undefined;
  /** Before min_value and max_value there were min and max, whose order was defined for signed numbers only. */
  readonly oldMin: Uint8Array | undefined;
  readonly oldMax: Uint8Array | undefined;
}

type Thrift = Readonly<{ [field: string]: unknown }>;

const structs = (value: unknown): readonly Thrift[] => (Array.isArray(value) ? (value as readonly Thrift[]) : []);
const struct = (value: unknown): Thrift => (typeof value === 'object' && value !== null ? (value as Thrift) : {});
const bytes = (value: unknown): Uint8Array | undefined => (value instanceof Uint8Array ? value : undefined);
const count = (value: unknown): bigint | undefined => (typeof value === 'bigint' ? value : undefined);
const flag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

function claimOf(chunk: Thrift): Claim {
  const statistics = struct(struct(chunk['field_3'])['field_12']);
  return {
    nulls: count(statistics['field_3']),
    nans: count(statistics['field_9']),
    min: bytes(statistics['field_6']),
    max: bytes(statistics['field_5']),
    isMinExact: flag(statistics['field_8']),
    isMaxExact: flag(statistics['field_7']),
    oldMin: bytes(statistics['field_2']),
    oldMax: bytes(statistics['field_1']),
  };
}

export interface Claims {
  /** By row group and leaf. */
  readonly chunks: readonly (readonly Claim[])[];
  /** Leaves whose floats are in IEEE 754's total order, in which −0.0 is less than +0.0. */
  readonly inTotalOrder: readonly boolean[];
}

/** `footer`: the metadata, its length and the last magic. */
export function claimsOf(footer: Buffer): Claims {
  const view = new DataView(footer.buffer, footer.byteOffset, footer.byteLength - 8);
  const metadata: Thrift = deserializeTCompactProtocol({ view, offset: 0 });
  return {
    chunks: structs(metadata['field_4']).map((group) => structs(group['field_1']).map(claimOf)),
    inTotalOrder: structs(metadata['field_7']).map((order) => 'field_2' in order),
  };
}
