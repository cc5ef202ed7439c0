/** One unit for all of an axis, so that its ticks are plain numbers. */

export interface Unit {
  readonly name: string;
  readonly size: number;
}

const RATES: readonly Unit[] = [
  { name: 'million rows/s', size: 1e6 },
  { name: 'thousand rows/s', size: 1e3 },
  { name: 'rows/s', size: 1 },
];

const BYTES: readonly Unit[] = [
  { name: 'GiB', size: 2 ** 30 },
  { name: 'MiB', size: 2 ** 20 },
  { name: 'KiB', size: 2 ** 10 },
  { name: 'B', size: 1 },
];

const TIMES: readonly Unit[] = [
  { name: 's', size: 1e9 },
  { name: 'ms', size: 1e6 },
  { name: 'µs', size: 1e3 },
  { name: 'ns', size: 1 },
];

export const UNITS = { rate: RATES, bytes: BYTES, time: TIMES } as const;
export type Dimension = keyof typeof UNITS;

/** The largest unit of which there is at least one; the smallest where there is less. */
export function unitFor(dimension: Dimension, largest: number): Unit {
  const units = UNITS[dimension];
  return units.find(({ size }) => largest >= size) ?? units[units.length - 1] ?? { name: '', size: 1 };
}

/** Five digits are more than a chart shows. */
export const inUnit = (value: number, { size }: Unit): number => Number((value / size).toPrecision(5));
