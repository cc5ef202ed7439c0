/** Tables described in JSON, as vectors.json has them and the native example `digest-json` reads them. */

export type DescribedType =
  | string
  | { readonly list: DescribedType }
  | { readonly fixedSizeList: DescribedType; readonly size: number }
  | { readonly struct: readonly DescribedType[] }
  | { readonly map: readonly [DescribedType, DescribedType] }
  | { readonly union: readonly DescribedType[] };

/**
 * Integers and unscaled decimals are decimal text, floats the hexadecimal digits of their bits, binary hexadecimal text,
 * intervals, structs, lists and map entries arrays, unions [type id, value].
 */
export type DescribedValue = null | boolean | number | string | readonly DescribedValue[];

export interface DescribedColumn {
  readonly name: string;
  readonly type: DescribedType;
  /** Layout of the native arrays; the digest must not depend on it. */
  readonly layout?: string;
  /** Whether it is declared so, by the native example prepare-json only; true where absent. */
  readonly nullable?: boolean;
  readonly values: readonly DescribedValue[];
}

export interface DescribedTable {
  readonly columns: readonly DescribedColumn[];
  /** Rows of the batches, the rest in one more; the digest must not depend on it. */
  readonly chunks?: readonly number[];
  /** Values in front of the first row that counts, which the native side slices off. */
  readonly skip?: number;
  readonly firstRow?: number;
  readonly segments?: readonly number[];
}
