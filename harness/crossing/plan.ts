/** Crossings of a suite, and their ids: `table@scale/crossing/handover`, then `loop` and `batchRows` where they differ from the default. */

import type { CrossingBlock } from '../../suites/types.js';
import { DEFAULT_OPTIONS } from '../defaults.js';
import { oneOf } from '../plan/names.js';
import { parseCount, parseScale } from '../plan/values.js';
import { tableAt, type IdParts } from '../plan/case-id.js';
import { Misuse } from '../misuse.js';
import { LOOPS, type CrossingCase } from '../types.js';

/** Stands in an id where the writer of other cases does. */
export const CROSSING = 'crossing';

type Named = Pick<CrossingCase, 'table' | 'scale' | 'handover' | 'loop'> & { readonly batchRows: number };

function crossingCase({ table, scale, handover, loop, batchRows }: Named): CrossingCase {
  const id = [
    `${tableAt({ table, scale })}/${CROSSING}/${handover}`,
    ...(loop === 'native' ? [] : [`loop=${loop}`]),
    ...(batchRows === DEFAULT_OPTIONS.batchRows ? [] : [`batchRows=${batchRows}`]),
  ].join(';');
  const options = { ...DEFAULT_OPTIONS, batchRows };
  return { id, kind: 'crossing', table, scale, source: 'prepared', handover, loop, options };
}

/** `batchRows` replaces the block's. */
export function crossingsOf(block: CrossingBlock, batchRows: number | undefined): readonly CrossingCase[] {
  const { table, scale } = block;
  const sizes = batchRows === undefined ? block.batchRows : [batchRows];
  return sizes.flatMap((rows) =>
    block.handovers.flatMap((handover) =>
      block.loops.map((loop) => crossingCase({ table, scale, handover, loop, batchRows: rows })),
    ),
  );
}

/** A crossing from its id; `table` is known to exist. */
export function crossingFromId({ table, scale, variant, options }: IdParts): CrossingCase {
  const named = {
    table,
    scale: parseScale(scale),
    handover: oneOf('hand-over', variant, ['copy', 'pointer'] as const),
  };
  let loop: CrossingCase['loop'] = 'native';
  let { batchRows } = DEFAULT_OPTIONS;
  for (const [key, value] of options) {
    if (key === 'loop') loop = oneOf('loop', value, LOOPS);
    else if (key === 'batchRows') batchRows = parseCount(key, value, 1);
    else throw new Misuse(`A crossing has no option "${key}": expected loop or batchRows.`);
  }
  return crossingCase({ ...named, loop, batchRows });
}
