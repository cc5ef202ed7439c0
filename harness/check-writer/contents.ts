/** Do the rows arrive: every variant, and batches of the sizes at which writers err. */

import { bytesText } from '../../reports/format.js';
import type { Variant, WriteCase, WriteRecord } from '../types.js';
import { brief, checkOfVerdict, note, right, type Check } from './check.js';
import type { JobChanges, Workshop } from './workshop.js';

/** Which tables: a small one, a larger one at a scale, and the one of edge values. */
export interface Tables {
  readonly small: { readonly name: string; readonly scale: number };
  readonly main: { readonly name: string; readonly scale: number };
  /** Null where there is none. */
  readonly types: { readonly name: string; readonly scale: number } | null;
}

/** Types that a writer's format, or the writer, does not hold: it says so, at once. That is no fault. */
function ofTypes(check: string, record: WriteRecord): Check {
  const { verdict } = record;
  const saysSo = verdict.status === 'failed' && ['create', 'command'].includes(verdict.step);
  return saysSo
    ? note(check, `it does not hold all of these types: ${brief(verdict.reason)}`)
    : checkOfVerdict(check, verdict);
}

/** A step that may be missing: nobody needs it but cases that ask for it. A library says so by ENOTSUP. */
function ofFlush(check: string, { verdict }: WriteRecord): Check {
  const isMissing =
    verdict.status === 'failed' && verdict.step === 'flush' && ['ENOTSUP', 'ENOSYS'].includes(verdict.errnoName ?? '');
  if (isMissing) return note(check, `flush is not offered: a case with --flush-every fails, ${brief(verdict.reason)}`);
  return checkOfVerdict(check, verdict);
}

function ofPointer(variant: Variant, { verdict, crossed }: WriteRecord): Check | null {
  if (verdict.status !== 'verified' || crossed?.handover !== 'pointer') return null;
  return crossed.addressesProved === true
    ? right(`${variant}, by pointer`, 'it encoded from the very buffers that were handed over')
    : note(`${variant}, by pointer`, 'it reports no addressFold: that it does not copy is not proved');
}

/** The variant for what does not depend on it: batch by batch, where that is among them. */
export const plainVariant = (variants: readonly Variant[]): Variant | undefined =>
  variants.includes('stream') ? 'stream' : variants[0];

const EMPTY_BATCHES: JobChanges = () => ({ emptyBatches: true });

export async function checkContents(
  workshop: Workshop,
  { small, main, types }: Tables,
  variants: readonly Variant[],
  tell: (check: Check) => void,
): Promise<ReadonlyMap<Variant, WriteRecord>> {
  const records = new Map<Variant, WriteRecord>();
  const run = async (one: WriteCase, changes?: JobChanges): Promise<WriteRecord | null> =>
    workshop.signal.aborted ? null : workshop.run(one, changes);
  for (const variant of variants) {
    for (const { name, scale } of [small, main]) {
      const record = await run(workshop.caseOf(name, scale, variant));
      if (record === null) return records;
      tell(checkOfVerdict(`${variant}, ${name}@${scale}`, record.verdict));
      if (name !== main.name) continue;
      records.set(variant, record);
      const pointer = ofPointer(variant, record);
      if (pointer !== null) tell(pointer);
    }
    const edges = types === null ? null : await run(workshop.caseOf(types.name, types.scale, variant));
    if (edges !== null) tell(ofTypes(`${variant}, ${edges.case.table}@${edges.case.scale}`, edges));
  }
  const variant = plainVariant(variants);
  if (variant === undefined) return records;
  const [five, thousand] = ['batchRows=5', 'batchRows=1000'] as const;
  const tries: readonly (readonly [check: string, one: WriteCase, changes?: JobChanges])[] = [
    ['batches of one row', workshop.caseOf(small.name, small.scale, variant, 'batchRows=1')],
    ['batches without rows between others', workshop.caseOf(small.name, small.scale, variant, five), EMPTY_BATCHES],
    ['many batches', workshop.caseOf('orders', 0.01, variant, thousand)],
  ];
  for (const [check, one, changes] of tries) {
    const record = await run(one, changes);
    if (record === null) return records;
    tell(checkOfVerdict(`${check} (${variant})`, record.verdict));
  }
  const flush = `flush after every third batch (${variant})`;
  if (workshop.writer.holder.kind === 'command') {
    tell(note(flush, 'flush is not offered: a command has no such step, and is never asked for it'));
    return records;
  }
  const flushed = await run(workshop.caseOf('orders', 0.01, variant, thousand, 'flushEvery=3'));
  if (flushed !== null) tell(ofFlush(flush, flushed));
  return records;
}

const bytesOf = ({ files }: WriteRecord): number => files.reduce((sum, file) => sum + file.bytes, 0);

/** The same table once more: the digest is the facts', so what may differ is what no reader sees. */
export async function checkTwice(workshop: Workshop, first: WriteRecord): Promise<Check | null> {
  const second = await workshop.run(first.case);
  if (second === null || first.verdict.status !== 'verified') return null;
  const check = 'the same content twice';
  if (second.verdict.status !== 'verified') return checkOfVerdict(check, second.verdict);
  const [one, other] = [bytesOf(first), bytesOf(second)].map(bytesText);
  return right(check, one === other ? `the same digest in ${one}` : `the same digest, in ${one} and ${other}`);
}

/** What accumulating costs, where both were measured. Information: it is the suites that compare. */
export function memoryNote(records: ReadonlyMap<Variant, WriteRecord>): Check | null {
  const growth = (variant: Variant): number | null => {
    const verdict = records.get(variant)?.verdict;
    return verdict?.status === 'verified' ? (verdict.measurement.rss?.growthBytes ?? null) : null;
  };
  const texts = [...records.keys()].flatMap((variant) => {
    const bytes = growth(variant);
    return bytes === null ? [] : [`${variant} ${bytesText(bytes)}`];
  });
  if (texts.length === 0) return null;
  const [one] = records.values();
  return note('memory', `peak grew, on ${one?.case.table ?? ''}@${one?.case.scale ?? ''}: ${texts.join(', ')}`);
}
