/** What is wrong with raw bytes, in sentences. */

import type { BadExtent, Validation } from './types.js';

const hexadecimal = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`;

function standsThere(extent: BadExtent): string {
  switch (extent.kind) {
    case 'zeros':
      return 'zeros';
    case 'bits':
      return extent.flipped === 1 ? 'the right bytes but for 1 bit' : `the right bytes but for ${extent.flipped} bits`;
    case 'misplaced':
      return `what belongs at byte ${extent.position}`;
    case 'other-run':
      return `what a run with seed ${extent.seed} and ${extent.size} bytes wrote at byte ${extent.position}`;
    case 'other':
      return 'other bytes';
  }
}

/** `bytes 4096 to 8191: zeros; …` */
export function extentText(extent: BadExtent): string {
  const { offset, bytes, expected, actual, first } = extent;
  const sums = `checksum expected ${expected}, found ${actual}`;
  const byte = `first at byte ${first.offset}: expected ${hexadecimal(first.expected)}, found ${hexadecimal(first.actual)}`;
  return `bytes ${offset} to ${offset + bytes - 1} hold ${standsThere(extent)}; ${sums}; ${byte}`;
}

/** Of a file that has not as many bytes as it should; null where it has. */
export function lengthText({ size, expected }: Pick<Validation, 'size' | 'expected'>): string | null {
  if (size === expected.size) return null;
  const missing = expected.size - size;
  return missing > 0
    ? `truncated: ${size} bytes, expected ${expected.size}: the last ${missing} are missing`
    : `grown: ${size} bytes, expected ${expected.size}: ${-missing} too many`;
}

const COLD: Readonly<{ [cold in Validation['cold']]: string }> = {
  direct: 'read from the disk with O_DIRECT',
  'dropped-pages': 'read from the disk, its pages dropped from the page cache first',
  'page-cache': 'read from the page cache, which did not let go of its pages: what lies on the disk is not proved',
};

export const coldText = ({ cold, note }: Pick<Validation, 'cold' | 'note'>): string =>
  note === null ? COLD[cold] : `${COLD[cold]} (${note})`;
