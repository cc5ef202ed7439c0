/** Power cuts: before each change of the disk, and after the worker said that all is durable. Detector K. */

import path from 'node:path';
import { countText } from '../../reports/format.js';
import { runWorker } from '../run/worker.js';
import type { Facts } from '../types.js';
import { findingsAt, remainsOf, stationIn, type Remains, type Subject } from './attempt.js';
import { callsOf, CASE_FOLDER, onFaultFileSystem, type CallOptions, type Honest } from './calls.js';
import type { Rule } from './fault-file-system.js';
import { tally, type CrashResult, type Trial } from './results.js';
import { sideBySide, spreadOf } from './spread.js';

/** What a cut left, and what the worker had said. */
interface Cut {
  readonly saidDurable: boolean;
  readonly remains: Remains;
}

/** What must not be after a cut; null where all is well. Pure. */
export function wrongAfterCut({ saidDurable, remains }: Cut): string | null {
  if (!saidDurable || remains.is === 'new whole') return null;
  const first = remains.is === 'half, refused' ? remains.findings[0] : undefined;
  const why = first === undefined ? '' : `: ${first.what}, expected ${first.expected}, found ${first.actual}`;
  return `detector K: durable, it said, and after a power cut there is: ${remains.is}${why}`;
}

async function cut(
  subject: Subject,
  versions: readonly Facts[],
  trial: string,
  rules: readonly Rule[],
): Promise<Cut & { readonly reached: boolean }> {
  const { bench, case: one, sources } = subject;
  return onFaultFileSystem(subject, trial, { rules }, async (files) => {
    const station = await stationIn(files.mountpoint, CASE_FOLDER, subject);
    const worker = await runWorker(station.job, {
      timeoutSeconds: bench.timeoutSeconds(one),
      signal: bench.signal,
    });
    const { hits } = await files.counts();
    await files.cut();
    worker.child.endLeftovers();
    const directory = path.join(files.after, CASE_FOLDER);
    const target = path.join(directory, path.basename(station.job.target));
    const remains = await remainsOf(target, one.format, sources.whole, versions, async (facts) =>
      findingsAt(station, directory, facts, subject),
    );
    return { saidDurable: worker.report?.outcome === 'done', remains, reached: hits.length > 0 };
  });
}

const textOf = ({ is }: Remains): string => is;

export async function runPower(
  subject: Subject,
  versions: readonly Facts[],
  honest: Honest,
  { most, onWork }: CallOptions,
): Promise<readonly CrashResult[]> {
  const { bench, case: one, writer } = subject;
  const count = callsOf(honest, 'change');
  const chosen = spreadOf(count, most);
  onWork(`${one.id}: power cuts, ${countText(chosen.length)} of ${countText(count)} moments`);
  const before = await sideBySide(chosen, bench.signal, async (number): Promise<Trial> => {
    const nth = (honest.before.change ?? 0) + number;
    const left = await cut(subject, versions, `cut-${number}`, [{ call: 'change', nth, times: 1, effect: 'cut' }]);
    const wrong = wrongAfterCut(left);
    const outcome = left.reached ? textOf(left.remains) : `not reached, ${textOf(left.remains)}`;
    return { outcome, wrong: wrong === null ? null : `power cut before change ${number} of ${count}: ${wrong}` };
  });
  const after = await cut(subject, versions, 'cut-after', []);
  const late: Trial = after.saidDurable
    ? { outcome: textOf(after.remains), wrong: wrongAfterCut(after) }
    : { outcome: textOf(after.remains), wrong: 'power cut after the end: the worker did not get there' };
  const own = { part: 'power', writer: writer.name, case: one.id, inconclusive: null, skipped: null } as const;
  return [
    { ...own, what: 'before a change', of: count, ...tally(before) },
    { ...own, what: 'after "durable"', of: null, ...tally([late]) },
  ];
}
