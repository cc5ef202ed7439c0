/** Values of variable width of native/engine/TYPES.md; binary ones as hexadecimal text. */
import { mix, type Draws } from './plain-draws.js';

const SYMBOLS = [
  'a',
  'Z',
  '0',
  ' ',
  '"',
  '\\',
  '\n',
  '\t',
  'é',
  'ß',
  'Ж',
  '€',
  '漢',
  '\u{fffd}',
  '\u{1f600}',
  '\u{10ffff}',
];
const ENTRIES: Readonly<{ [keys: string]: bigint }> = {
  int8: 128n,
  uint8: 256n,
  int16: 1_000n,
  int32: 1_000n,
  uint16: 40_000n,
};

const letter = (place: bigint): string => String.fromCharCode(97 + Number(place % 26n));

function letters(draws: Draws, count: number): string {
  let text = '';
  let word = 0n;
  for (let j = 0; j < count; j += 1) {
    if (j % 8 === 0) word = draws.next();
    text += letter((word >> BigInt(8 * (j % 8))) & 0xffn);
  }
  return text;
}

function symbols(draws: Draws, count: number): string {
  let text = '';
  let word = 0n;
  for (let j = 0; j < count; j += 1) {
    if (j % 16 === 0) word = draws.next();
    text += SYMBOLS[Number((word >> BigInt(4 * (j % 16))) & 0xfn)] ?? '';
  }
  return text;
}

export const isLong = (row: bigint): boolean => row % 1000n === 500n;

export function plainText(draws: Draws, long: boolean): string {
  if (long) {
    const begin = Array.from({ length: 65_535 }, (_, j) => letter(BigInt(j) + draws.row)).join('');
    return `${begin}€${letters(draws, draws.below(100))}`;
  }
  switch (draws.below(16)) {
    case 0:
      return '';
    case 1:
      return letters(draws, 12);
    case 2:
      return letters(draws, 13);
    case 3:
      return `${letters(draws, 11)}é`;
    case 4:
      return `${letters(draws, 10)}é`;
    case 5:
      return '\0';
    case 6:
      return 'a\0b';
    case 7:
      return '\u{1f600}';
    case 8:
      return 'e\u0301';
    default:
      return symbols(draws, draws.below(40));
  }
}

function drawnHex(draws: Draws, count: number): string {
  const bytes: number[] = [];
  let word = 0n;
  for (let j = 0; j < count; j += 1) {
    if (j % 8 === 0) word = draws.next();
    bytes.push(Number((word >> BigInt(8 * (j % 8))) & 0xffn));
  }
  return Buffer.from(bytes).toString('hex');
}

export function plainBinary(draws: Draws, long: boolean): string {
  if (long) {
    const count = 65_537 + draws.below(100);
    return Buffer.from(Array.from({ length: count }, (_, j) => (j + Number(draws.row)) % 256)).toString('hex');
  }
  switch (draws.below(8)) {
    case 0:
      return '';
    case 1:
      return drawnHex(draws, 12);
    case 2:
      return drawnHex(draws, 13);
    case 3:
      return 'ff'.repeat(8);
    default:
      return drawnHex(draws, draws.below(40));
  }
}

export function plainSixteen(draws: Draws): string {
  const kind = draws.below(8);
  if (kind < 2) return (kind === 0 ? '00' : 'ff').repeat(16);
  return drawnHex(draws, 16);
}

export function plainKey(draws: Draws, place: number): string {
  return `${letter(BigInt(place))}${draws.below(1000)}`;
}

export function plainEntry(row: bigint, keys: string, values: string): string {
  const count = ENTRIES[keys] ?? 0n;
  const entry = (37n * row + (row / count) * 11n) % count;
  if (values === 'int64') return BigInt.asIntN(64, mix(entry)).toString();
  if (entry < 3n) return ['', 'é', 'm'.repeat(13)][Number(entry)] ?? '';
  return `word-${entry}`;
}
