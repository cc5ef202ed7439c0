/** Scans of a suite, and their ids: `entities@rows/scan/query`, then `columns`, `encoding`, `strategy` and `fault` where they differ from the default. */

import { SCAN_FAULTS } from '../../suites/faults/scans.js';
import { QUERIES } from '../../suites/scans/queries.js';
import { FULL, STRATEGIES } from '../../suites/scans/strategies.js';
import type { ScanBlock } from '../../suites/types.js';
import { CONTROL, DEFAULT_OPTIONS } from '../defaults.js';
import { Misuse } from '../misuse.js';
import type { IdParts } from '../plan/case-id.js';
import { find, oneOf } from '../plan/names.js';
import { parseCount } from '../plan/values.js';
import { ENCODINGS, type Encoding, type ScanCase } from '../types.js';

/** Stands in an id where the writer of other cases does. */
export const SCAN = 'scan';
/** Stands where their table does. */
export const ENTITIES = 'entities';

/** Widths that an entity store can have; the first is the usual one. */
export const WIDTHS = [10, 20] as const;
const USUAL_ENCODING: Encoding = 'json';

type Named = Pick<ScanCase, 'scale' | 'query' | 'strategy' | 'columns' | 'encoding' | 'fault'>;

function scanCase(named: Named): ScanCase {
  const { scale, query, strategy, columns, encoding, fault } = named;
  const id = [
    `${ENTITIES}@${scale}/${SCAN}/${query}`,
    ...(columns === WIDTHS[0] ? [] : [`columns=${columns}`]),
    ...(encoding === USUAL_ENCODING ? [] : [`encoding=${encoding}`]),
    ...(strategy === FULL ? [] : [`strategy=${strategy}`]),
    ...(fault === null ? [] : [`fault=${fault}`]),
  ].join(';');
  return { id, kind: 'scan', table: ENTITIES, source: 'prepared', options: DEFAULT_OPTIONS, ...named };
}

/** The product of a block's lists. */
export function scansOf({ rows, queries, strategies, columns, encodings }: ScanBlock): readonly ScanCase[] {
  return queries.flatMap((query) =>
    columns.flatMap((width) =>
      encodings.flatMap((encoding) =>
        strategies.map((strategy) => scanCase({ scale: rows, query, strategy, columns: width, encoding, fault: null })),
      ),
    ),
  );
}

/** A scan from its id. Throws `Misuse` with what was expected. */
export function scanFromId({ table, scale, variant, options }: IdParts): ScanCase {
  if (table !== ENTITIES) throw new Misuse(`Only ${ENTITIES} can be scanned, not ${table}: expected ${ENTITIES}@rows.`);
  let named: Named = {
    scale: parseCount('rows', scale, 1),
    query: find('query', variant, QUERIES).name,
    strategy: FULL,
    columns: WIDTHS[0],
    encoding: USUAL_ENCODING,
    fault: null,
  };
  for (const [key, value] of options) {
    if (key === 'columns') named = { ...named, columns: Number(oneOf('width', value, WIDTHS.map(String))) };
    else if (key === 'encoding') named = { ...named, encoding: oneOf('encoding', value, ENCODINGS) };
    else if (key === 'strategy') named = { ...named, strategy: find('strategy', value, STRATEGIES).name };
    else if (key === 'fault')
      named = { ...named, fault: find('fault', value, [{ name: CONTROL }, ...SCAN_FAULTS]).name };
    else throw new Misuse(`A scan has no option "${key}": expected columns, encoding, strategy or fault.`);
  }
  return scanCase(named);
}
