/** All parts on all writers that were asked for, one writer after the other. */

import path from 'node:path';
import type { WriterSpec } from '../../suites/types.js';
import { messageOf } from '../misuse.js';
import type { Bench } from '../run/repetition.js';
import { resolveSubject } from '../run/subject.js';
import type { WriteCase } from '../types.js';
import { subjectOf, type Subject } from './attempt.js';
import { countCalls, runCalls, type CallOptions } from './calls.js';
import { whyNoFaultFileSystem } from './fault-file-system.js';
import { runKills } from './kills.js';
import { runLimits } from './limits.js';
import { runPower } from './power.js';
import { versionFacts } from './prefixes.js';
import { PARTS, skippedResult, type CrashPart, type CrashResult } from './results.js';

/** A writer, and what it is tried on. */
export interface CrashSubject {
  readonly writer: WriterSpec;
  readonly case: WriteCase;
  /** A case that needs more memory than it has; null where the writer has none. */
  readonly hungry: WriteCase | null;
}

export interface CrashOptions extends CallOptions {
  readonly parts: readonly CrashPart[];
  readonly kills: number;
  readonly seed: number;
  readonly tenthsAVersion: number;
  readonly onKill: (done: number, of: number) => void;
}

const WHAT: Readonly<{ [part in CrashPart]: string }> = {
  kills: 'SIGKILL',
  calls: 'failing calls',
  power: 'power cuts',
  limits: 'limits',
};

/** Why a part cannot be tried on this writer; null where it can. */
function hindrance(part: CrashPart, { holder }: WriterSpec): string | null {
  if (part === 'calls' || part === 'power') {
    const why = whyNoFaultFileSystem();
    return why === null ? null : `no FUSE file system can be mounted: ${why}`;
  }
  if (holder.kind === 'library') return null;
  const reason =
    part === 'kills'
      ? 'the worker of a library alone says how far it is'
      : 'the limits are those of the worker of a library';
  return `${holder.kind}: ${reason}`;
}

async function runOn(one: CrashSubject, bench: Bench, options: CrashOptions): Promise<readonly CrashResult[]> {
  const { writer, case: chosen } = one;
  const skip = (part: CrashPart, why: string): CrashResult =>
    skippedResult(part, writer.name, chosen.id, WHAT[part], why);
  const resolved = resolveSubject(chosen, writer);
  if ('missing' in resolved) return options.parts.map((part) => skip(part, resolved.missing));
  const subject: Subject = await subjectOf(chosen, writer, bench);
  const versions = await versionFacts(chosen, subject.sources.whole, options.tenthsAVersion, bench.store);
  const results: CrashResult[] = [];
  const run: Readonly<{ [part in CrashPart]: () => Promise<readonly CrashResult[]> }> = {
    kills: async () =>
      runKills(subject, versions, { kills: options.kills, seed: options.seed, onTrial: options.onKill }),
    calls: async () => runCalls(subject, await countCalls(subject), options),
    power: async () => runPower(subject, versions, await countCalls(subject), options),
    limits: async () => runLimits(subject, one.hungry),
  };
  for (const part of PARTS.filter((each) => options.parts.includes(each))) {
    if (bench.signal.aborted) break;
    const why = hindrance(part, writer);
    if (why !== null) {
      results.push(skip(part, why));
      continue;
    }
    options.onWork(`${chosen.id}: ${WHAT[part]}`);
    try {
      results.push(...(await run[part]()));
    } catch (error) {
      // An interruption is told by the exit code; else nothing can be said of the part, and that is no pass.
      const wrong = [`${WHAT[part]} could not be tried: ${messageOf(error)}`];
      results.push({ ...skip(part, ''), wrong, skipped: null });
    }
  }
  return results;
}

export async function runCrash(
  subjects: readonly CrashSubject[],
  bench: Bench,
  options: CrashOptions,
): Promise<readonly CrashResult[]> {
  const results: CrashResult[] = [];
  for (const one of subjects) {
    if (bench.signal.aborted) break;
    results.push(...(await runOn(one, { ...bench, target: path.resolve(bench.target) }, options)));
  }
  return results;
}
