/** Values of flags, read strictly: a value is either what the flag needs or one sentence that says so. */

import type { Part } from '../types.js';
import { Misuse } from '../misuse.js';

const DECIMAL = /^(?:\d+(?:\.\d+)?|\.\d+)$/;

function wrong(flag: string, text: string, expected: string): Misuse {
  return new Misuse(`${flag} "${text}" is not ${expected}.`);
}

/** A scale factor, a decimal number above 0; of table `raw` a size such as `8GiB`, which is its bytes. */
export function parseScale(text: string): number {
  if (/^\d[\d.]*\s*[a-z]+$/i.test(text)) return parseBytes('--scale', text);
  const scale = DECIMAL.test(text) ? Number(text) : NaN;
  if (!(scale > 0) || !Number.isFinite(scale)) {
    throw wrong('--scale', text, 'a number above 0, such as 0.1 or 10, or for table raw a size, such as 1GiB');
  }
  return scale;
}

/** A whole number of at least `least`. */
export function parseCount(flag: string, text: string, least: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(count >= least) || !Number.isSafeInteger(count)) {
    throw wrong(flag, text, `a whole number of ${least} or more`);
  }
  return count;
}

/** `I/N`, 1 ≤ I ≤ N. */
export function parsePart(text: string): Part {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const index = Number(match?.[1]);
  const count = Number(match?.[2]);
  if (!(index >= 1 && index <= count)) throw wrong('--part', text, 'a part I/N with 1 ≤ I ≤ N, such as 2/8');
  return { index, count };
}

/** More workers than this on one machine would measure its scheduler. */
const MOST_PARTS = 64;

/** How many parts are written at once. */
export function parseParts(flag: string, text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(count >= 1 && count <= MOST_PARTS)) throw wrong(flag, text, `a whole number from 1 to ${MOST_PARTS}`);
  return count;
}

export function parseSwitch(flag: string, text: string): boolean {
  if (text !== 'on' && text !== 'off') throw wrong(flag, text, 'on or off');
  return text === 'on';
}

const UNITS: Readonly<{ [unit: string]: number }> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** A number of bytes: `1000000`, `500MB`, `2.5GiB`. */
export function parseBytes(flag: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text);
  const unit = UNITS[(match?.[2] ?? '?').toLowerCase()];
  const bytes = Math.floor(Number(match?.[1]) * (unit ?? NaN));
  if (!(bytes > 0) || !Number.isSafeInteger(bytes)) throw wrong(flag, text, 'a size, such as 500MB or 20GiB');
  return bytes;
}

/** The same number of bytes for `parseBytes`, in the largest binary unit that divides it. */
export function exactBytes(bytes: number): string {
  const unit = (['TiB', 'GiB', 'MiB', 'KiB'] as const).find(
    (name) => bytes > 0 && bytes % (UNITS[name.toLowerCase()] ?? NaN) === 0,
  );
  return unit === undefined ? String(bytes) : `${bytes / (UNITS[unit.toLowerCase()] ?? NaN)}${unit}`;
}

/** `KEY=VALUE` of `--option`. */
export function parseOption(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw wrong('--option', text, 'KEY=VALUE, such as compression=zstd');
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/** How many times as large: 1 to 1000. */
export function parseRatio(flag: string, text: string): number {
  const ratio = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(ratio >= 1 && ratio <= 1000))
    throw new Misuse(`${flag} "${text}" is not a number from 1 to 1000, such as 1 or 2.5.`);
  return ratio;
}
