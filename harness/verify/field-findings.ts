import type { Field, Finding } from '../types.js';
import { finding } from './finding.js';

export const describeField = (field: Field | undefined): string =>
  field === undefined ? 'no column' : `${field.name} ${field.type}${field.nullable ? ' nullable' : ' not null'}`;

/** Detector S where a file's metadata can say all that facts say: names, types with all their parameters and children, nullability. */
export function fieldFindings(expected: readonly Field[], actual: readonly Field[]): readonly Finding[] {
  const count = Math.max(expected.length, actual.length);
  return Array.from({ length: count }, (_, index) => index)
    .filter((index) => describeField(expected[index]) !== describeField(actual[index]))
    .map((index) => finding('S', `column ${index + 1}`, describeField(expected[index]), describeField(actual[index])));
}
