/** Numbers as people read them, with their unit. */

export function bytesText(bytes: number): string {
  const magnitude = Math.abs(bytes);
  if (magnitude >= 2 ** 30) return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
  if (magnitude >= 2 ** 20) return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  if (magnitude >= 2 ** 10) return `${(bytes / 2 ** 10).toFixed(1)} KiB`;
  return `${bytes.toFixed(0)} B`;
}

export function secondsText(ns: number): string {
  if (ns >= 1e9) return `${(ns / 1e9).toFixed(2)} s`;
  return `${(ns / 1e6).toFixed(1)} ms`;
}

/** Rows a second, in millions. */
export function rowRateText(rowsPerSecond: number): string {
  return `${(rowsPerSecond / 1e6).toFixed(rowsPerSecond >= 1e5 ? 2 : 4)} M/s`;
}

export function byteRateText(bytesPerSecond: number): string {
  return `${(bytesPerSecond / 1e6).toFixed(bytesPerSecond >= 1e6 ? 0 : 2)} MB/s`;
}

/** 1234567 → `1,234,567`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}
