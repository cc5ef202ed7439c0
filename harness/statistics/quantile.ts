/** Quantile by linear interpolation between order statistics (Hyndman and Fan 1996, type 7). Throws on no values. */
export function quantile(values: readonly number[], probability: number): number {
  if (values.length === 0) throw new RangeError('a quantile of no values does not exist');
  const sorted = [...values].sort((one, other) => one - other);
  const place = (sorted.length - 1) * probability;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** (p90 − p10) ÷ median: the noise of repeated work, as a share. */
export function spread(values: readonly number[]): number {
  return (quantile(values, 0.9) - quantile(values, 0.1)) / median(values);
}
