/** Lines of formats that were written before this one, made into lines of it. */

import type { HistoryPoint } from './types.js';

type Line = Readonly<{ [field: string]: unknown }>;

/** What a line is in the present format, or a sentence that says why that is not known. */
export type Migration = (line: Line) => object | string;

export const PRESENT: HistoryPoint['schema'] = 'writeproof.history.v1';

export const MIGRATIONS: Readonly<{ [schema: string]: Migration }> = {
  [PRESENT]: (line) => line,
  // Nothing was said of noise, nor how a case ended that has no time.
  'writeproof.history.v0': (line) =>
    typeof line['durableNs'] === 'number'
      ? { ...line, schema: PRESENT, status: 'verified', noise: null }
      : 'writeproof.history.v0 does not say how a case without a time ended',
};

export function migrated(line: Line): object | string {
  const schema = String(line['schema']);
  const migration = Object.hasOwn(MIGRATIONS, schema) ? MIGRATIONS[schema] : undefined;
  if (migration !== undefined) return migration(line);
  return `schema is ${'schema' in line ? JSON.stringify(line['schema']) : 'missing'}, expected ${Object.keys(MIGRATIONS).join(' or ')}`;
}
