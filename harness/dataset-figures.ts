/** What a dataset consists of, by the names of its files. */

import { median } from './statistics/quantile.js';
import type { WriteRecord } from './types.js';

/** Medians over the repetitions of a case. */
export interface DatasetFigures {
  /** Data files: one a fragment. */
  readonly fragments: number;
  readonly versions: number;
  /** Of manifests and transactions. */
  readonly metadataBytes: number;
  /** What the writer says of its first and its last commit; null where it says nothing. */
  readonly commitNs: { readonly first: number; readonly last: number } | null;
}

type Stored = Pick<WriteRecord, 'files' | 'writerSays'>;

const inFolder = (record: Stored, folder: RegExp): WriteRecord['files'] =>
  record.files.filter(({ path }) => folder.test(path));

function commitOf({ writerSays }: Stored, which: 'firstNs' | 'lastNs'): number | null {
  const said = writerSays as { readonly commits?: Partial<Record<typeof which, unknown>> } | null;
  const time = said?.commits?.[which];
  return typeof time === 'number' ? time : null;
}

/** Null where the files are not those of Lance. */
export function datasetFigures(records: readonly Stored[]): DatasetFigures | null {
  if (records.length === 0 || records.some((record) => inFolder(record, /\/_versions\//).length === 0)) return null;
  const middle = (figure: (record: Stored) => number): number => median(records.map(figure));
  const times = (which: 'firstNs' | 'lastNs'): readonly number[] =>
    records.flatMap((record) => commitOf(record, which) ?? []);
  const [first, last] = [times('firstNs'), times('lastNs')];
  const said = first.length === records.length && last.length === records.length;
  return {
    fragments: middle((record) => inFolder(record, /\/data\/[^/]+\.lance$/).length),
    versions: middle((record) => inFolder(record, /\/_versions\/[^/]+\.manifest$/).length),
    metadataBytes: middle((record) =>
      inFolder(record, /\/_(versions|transactions)\//).reduce((sum, { bytes }) => sum + bytes, 0),
    ),
    commitNs: said ? { first: median(first), last: median(last) } : null,
  };
}
