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
  if (ns >= 1e5 || ns === 0) return `${(ns / 1e6).toFixed(1)} ms`;
  return ns >= 1e3 ? `${(ns / 1e3).toFixed(2)} µs` : `${ns.toFixed(0)} ns`;
}

/** Rows a second. */
export function rowRateText(rowsPerSecond: number): string {
  if (rowsPerSecond >= 1e6) return `${(rowsPerSecond / 1e6).toFixed(2)} M/s`;
  if (rowsPerSecond >= 1e3) return `${(rowsPerSecond / 1e3).toFixed(1)} k/s`;
  return `${rowsPerSecond.toFixed(rowsPerSecond >= 10 ? 0 : 2)} rows/s`;
}

export function byteRateText(bytesPerSecond: number): string {
  if (bytesPerSecond >= 1e6) return `${(bytesPerSecond / 1e6).toFixed(0)} MB/s`;
  if (bytesPerSecond >= 1e3) return `${(bytesPerSecond / 1e3).toFixed(1)} kB/s`;
  return `${bytesPerSecond.toFixed(0)} B/s`;
}

/** The version in what `rustc -Vv` prints: `1.90.0 (…)`. Older runs hold all of its lines. */
export function rustcText(printed: string): string {
  return (printed.split('\n')[0] ?? '').replace(/^rustc /, '');
}

/** 1234567 → `1,234,567`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 case`, `2 cases`. */
export const plural = (count: number, what: string): string => `${countText(count)} ${what}${count === 1 ? '' : 's'}`;

/** A share from 0 to 1, rounded down, so that only all of it is 100 %. */
export const percentText = (share: number): string => `${Math.floor(share * 1000) / 10} %`;
