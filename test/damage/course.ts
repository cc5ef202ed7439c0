/** Many damages of one specimen, each judged, and what came of them. A plain bounded loop. */

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { observationFindings } from '../../harness/run/judge.js';
import { verifyTarget } from '../../harness/verify/verify.js';
import { freshFolder } from '../fixtures.js';
import { Judges, MOST_MS, type Judged } from './judges.js';
import { damagedJob, textOf, type Damage, type Specimen } from './specimen.js';

const AT_ONCE = 2;

export interface Outcome {
  /** Something was found. */
  corrupt: number;
  /** Nothing was found, and all content is as it was. */
  unchanged: number;
  /** The judging process ended; the harness then calls the file corrupt, which is tried too. */
  ended: number;
  /** Sentences: no judgement within the time, too much memory, content that changed unseen. */
  readonly hung: string[];
  readonly memory: string[];
  readonly holes: string[];
  /** What ended processes said. */
  readonly endings: string[];
  peakBytes: number;
  processes: number;
}

/** What the harness itself says of a file that ended the judging process: it must find it corrupt, and go on. */
async function byHarness(specimen: Specimen, damage: Damage, directory: string): Promise<number> {
  const job = await damagedJob(specimen, damage, directory);
  const seen = await verifyTarget(job, { timeoutSeconds: MOST_MS / 1000 });
  return observationFindings(specimen.facts, seen).length;
}

/** Damages one after the other, two at a time, and judges each. */
export async function judgeAll(specimen: Specimen, damages: readonly Damage[]): Promise<Outcome> {
  const folder = freshFolder();
  const outcome: Outcome = {
    corrupt: 0,
    unchanged: 0,
    ended: 0,
    hung: [],
    memory: [],
    holes: [],
    endings: [],
    peakBytes: 0,
    processes: 0,
  };
  const enter = async (judged: Judged, damage: Damage, directory: string): Promise<void> => {
    const what = textOf(damage);
    if ('ending' in judged) {
      const sentence = `${what}: ${judged.how}`;
      if (judged.ending === 'hung') outcome.hung.push(sentence);
      else if (judged.ending === 'memory') outcome.memory.push(sentence);
      else {
        outcome.ended += 1;
        outcome.endings.push(sentence);
        const found = await byHarness(specimen, damage, `${directory}-again`);
        if (found === 0) outcome.holes.push(`${what}: ended a process, and the harness found nothing`);
      }
    } else if (judged.findings.length > 0) outcome.corrupt += 1;
    else if (judged.hole === null) outcome.unchanged += 1;
    else outcome.holes.push(`${what}: ${judged.hole}`);
  };
  const left = damages.entries();
  const work = async (): Promise<void> => {
    const judges = new Judges();
    for (const [index, damage] of left) {
      const directory = path.join(folder, String(index));
      const judged = await judges.judge(await damagedJob(specimen, damage, directory));
      await enter(judged, damage, directory);
      rmSync(directory, { recursive: true, force: true });
      rmSync(`${directory}-again`, { recursive: true, force: true });
    }
    await judges.end();
    outcome.peakBytes = Math.max(outcome.peakBytes, judges.peakBytes);
    outcome.processes += judges.started;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcome;
}

/** Each must end corrupt or unchanged; nothing may hang, take too much memory or change unseen. */
export async function assertAllJudged(
  context: TestContext,
  specimen: Specimen,
  damages: readonly Damage[],
): Promise<Outcome> {
  const honest = new Judges();
  const clean = await honest.judge(await damagedJob(specimen, null, path.join(freshFolder(), 'clean')));
  await honest.end();
  assert.deepEqual(clean, { findings: [], hole: null }, 'the specimen itself is honest');
  const outcome = await judgeAll(specimen, damages);
  const { corrupt, unchanged, ended, hung, memory, holes, endings, peakBytes, processes } = outcome;
  context.diagnostic(
    `${specimen.writer.format}: ${damages.length} judged: ${corrupt} corrupt, ${unchanged} unchanged, ${ended} ended the process, ` +
      `${hung.length} hung, ${memory.length} took too much memory, ${holes.length} changed unseen; ` +
      `${processes} processes, at most ${Math.ceil(peakBytes / 2 ** 20)} MiB`,
  );
  for (const ending of endings.slice(0, 20)) context.diagnostic(`ended: ${ending}`);
  assert.deepEqual({ hung, memory, holes }, { hung: [], memory: [], holes: [] });
  assert.equal(corrupt + unchanged + ended, damages.length);
  assert.ok(corrupt > damages.length / 4, `${corrupt} of ${damages.length} are corrupt`);
  return outcome;
}
