import type { Format } from '../types.js';

/** Formats that the verify process reads, each by detectors of its own. What cannot be proved is not begun. */
export const VERIFIABLE_FORMATS = ['parquet', 'arrow', 'lance'] as const satisfies readonly Format[];
export type VerifiableFormat = (typeof VERIFIABLE_FORMATS)[number];

export const FORMATS_TEXT = `${VERIFIABLE_FORMATS.slice(0, -1).join(', ')} or ${VERIFIABLE_FORMATS.at(-1) ?? ''}`;

export const isVerifiable = (format: Format): format is VerifiableFormat =>
  VERIFIABLE_FORMATS.some((known) => known === format);
