/** Points that may be compared with each other, and a sentence for those that may not. Pure. */

import { plural } from '../../reports/format.js';
import { fingerprintOf, firstDifference } from '../machine-fingerprint.js';
import type { Machine } from '../types.js';
import type { History } from './store.js';
import type { HistoryPoint } from './types.js';

export interface OwnHistory {
  readonly points: readonly HistoryPoint[];
  /** What was refused, a sentence each. */
  readonly refused: readonly string[];
}

/** The points of this machine. Those of each other one are refused, with the first difference. */
export function ownHistory({ points, machines }: Pick<History, 'points' | 'machines'>, machine: Machine): OwnHistory {
  const own = fingerprintOf(machine);
  const foreign = new Set(points.map(({ fingerprint }) => fingerprint).filter((fingerprint) => fingerprint !== own));
  const refused = [...foreign].map((fingerprint) => {
    const count = points.filter((point) => point.fingerprint === fingerprint).length;
    const nights = new Set(points.filter((point) => point.fingerprint === fingerprint).map(({ night }) => night)).size;
    const other = machines.get(fingerprint);
    const why = other === undefined ? `its machine ${fingerprint} is not stored` : firstDifference(machine, other);
    return `${plural(count, 'point')} of ${plural(nights, 'night')} on another machine not compared: ${String(why)}.`;
  });
  return { points: points.filter(({ fingerprint }) => fingerprint === own), refused };
}

/** The points of each case, oldest first, and of the latest canary only: an earlier version of it is other work. */
export function seriesByCase(points: readonly HistoryPoint[]): ReadonlyMap<string, readonly HistoryPoint[]> {
  const latest = Math.max(0, ...points.map(({ canary }) => canary.version));
  const series = new Map<string, HistoryPoint[]>();
  for (const point of points) {
    if (point.canary.version !== latest) continue;
    const own = series.get(point.case);
    if (own === undefined) series.set(point.case, [point]);
    else own.push(point);
  }
  for (const own of series.values()) own.sort((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)));
  return series;
}
