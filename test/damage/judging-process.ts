/** A process that judges one file after another: a `VerifyJob` a line on stdin, a `Judgement` a line on stdout. */

import { createInterface } from 'node:readline';
import { messageOf } from '../../harness/misuse.js';
import { observationFindings } from '../../harness/run/judge.js';
import type { VerifyJob } from '../../harness/types.js';
import { contentsOf } from '../../harness/verify/file-contents.js';
import { observe } from '../../harness/verify/observe.js';

/** What the verifier and the judge find, and where they find nothing, what else reading in full says. */
export interface Judgement {
  readonly findings: readonly string[];
  /** Why content is another though nothing was found; null where all is well. */
  readonly hole: string | null;
}

/** The same content once more, by what `writeproof digest` does: no detector is asked. */
async function differenceOf({ target, facts }: VerifyJob): Promise<string | null> {
  try {
    const { digest, schema } = await contentsOf({ file: target, as: 'own' });
    const [expected, actual] = [facts.digest, digest].map(
      ({ rows, multiset, order }) => `${rows} ${multiset} ${order}`,
    );
    if (expected !== actual) return `digest ${actual ?? ''}, expected ${expected ?? ''}`;
    const [names, others] = [facts.schema, schema].map((fields) => fields.map(({ name }) => name).join());
    return names === others ? null : `columns ${others ?? ''}, expected ${names ?? ''}`;
  } catch (error) {
    return messageOf(error);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line) as VerifyJob;
  const found = observationFindings(job.facts, await observe(job));
  const findings = found.map(({ detector, what, actual }) => `${detector} ${what}: ${actual}`.slice(0, 300));
  const hole = findings.length > 0 ? null : await differenceOf(job);
  process.stdout.write(`${JSON.stringify({ findings, hole } satisfies Judgement)}\n`);
}
