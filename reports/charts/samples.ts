/** Every repetition of every case that has figures: what charts are drawn from. */

import { tableAt } from '../../harness/plan/case-id.js';
import type { CaseSummary } from '../../harness/summary.js';
import { isWriteSummary } from '../../harness/summary.js';
import { isWrite, type Measurement, type Record as RunRecord, type WriteCase } from '../../harness/types.js';

export interface Sample {
  readonly rowsPerSecond: number;
  readonly readBackNs: number;
  readonly measurement: Measurement;
}

export interface CaseSamples {
  readonly case: WriteCase;
  /** `parquet/stream`, and below it the options. */
  readonly label: readonly string[];
  readonly samples: readonly Sample[];
}

export const groupName = ({ table, scale }: Pick<WriteCase, 'table' | 'scale'>): string => tableAt({ table, scale });

function labelOf({ id, writer, variant }: WriteCase): readonly string[] {
  const [, ...options] = id.split(';');
  return [`${writer}/${variant}`, ...(options.length === 0 ? [] : [options.join(' ')])];
}

export function caseSamples(summaries: readonly CaseSummary[], records: readonly RunRecord[]): readonly CaseSamples[] {
  const taken = new Map<string, Sample[]>();
  for (const { case: one, verdict } of records.filter(isWrite)) {
    if (verdict.status !== 'verified') continue;
    const { measurement, rows, verifyNs } = verdict;
    const sample = { rowsPerSecond: (rows / measurement.durableNs) * 1e9, readBackNs: verifyNs, measurement };
    const own = taken.get(one.id);
    if (own === undefined) taken.set(one.id, [sample]);
    else own.push(sample);
  }
  return summaries.filter(isWriteSummary).flatMap(({ case: one, figures }) => {
    const samples = figures === null ? undefined : taken.get(one.id);
    return samples === undefined ? [] : [{ case: one, label: labelOf(one), samples }];
  });
}

/** In the order in which they come first. */
export function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const own = groups.get(key(item));
    if (own === undefined) groups.set(key(item), [item]);
    else own.push(item);
  }
  return groups;
}
