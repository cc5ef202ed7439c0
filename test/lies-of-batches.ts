/** Faults of the stream of batches, and all detectors that find them in the table `types`: no more and no fewer. */

export interface LieOfBatches {
  readonly fired: string;
  /** Over the Arrow writer, where it is tried over that one too: both of its readers see whole rows, of which DuckDB leaves some columns out. */
  readonly overArrow?: string;
  readonly options?: string;
}

export const TABLE_OF_BATCHES = 'types@0.001';

const OF_VALUES: LieOfBatches = { fired: 'CMOX' };
const OF_COUNT: LieOfBatches = { fired: 'CMNOX' };
const OF_TYPE: LieOfBatches = { fired: 'S' };

export const LIES_OF_BATCHES: Readonly<{ [fault: string]: LieOfBatches }> = {
  'stop-at-empty-batch': OF_COUNT,
  'retry-tail': { ...OF_COUNT, overArrow: 'CMNOX' },
  'dup-batch': OF_COUNT,
  // The count is right.
  'dup-drop': OF_VALUES,
  'row-replaced': OF_VALUES,
  // The same rows: O alone, beside a second reader who sees the order.
  'row-shuffle': { fired: 'O', overArrow: 'OX' },
  // The same values in every column.
  'column-shift': { fired: 'MO', overArrow: 'MOX' },
  'shuffle-shift': { fired: 'MO' },
  'null-lost': OF_VALUES,
  'validity-offset': OF_VALUES,
  'short-null-buffer': OF_VALUES,
  'null-count-unknown': { fired: 'CMOSX', overArrow: 'CMOSX' },
  'dict-first-only': { ...OF_VALUES, overArrow: 'CMOX' },
  'dict-key-width': OF_VALUES,
  'dict-index': { fired: 'CMOSX' },
  'encoder-state': { ...OF_VALUES, options: 'flushEvery=1;' },
  'buffer-reuse': OF_VALUES,
  'bool-flip': OF_VALUES,
  'decimal-value': OF_VALUES,
  'nan-normalised': OF_VALUES,
  'negative-zero': OF_VALUES,
  'utf8-truncated': OF_VALUES,
  'int-narrowed': OF_VALUES,
  'date-shifted': OF_VALUES,
  // The digits are the same, the least and largest value are not.
  'decimal-scale': { fired: 'CS' },
  'tz-dropped': { ...OF_TYPE, overArrow: 'S' },
  'tz-added': OF_TYPE,
  'nullable-added': OF_TYPE,
};
