/** What a repetition runs with, in a target of its own. */

import { readMachine } from '../../harness/machine.js';
import type { Bench } from '../../harness/run/repetition.js';
import { verifyTarget } from '../../harness/verify/verify.js';
import type { Registry } from '../../suites/index.js';
import { freshFolder } from '../fixtures.js';

export function benchOf(registry: Registry, own: Partial<Bench>, cache = freshFolder()): Bench {
  const target = freshFolder();
  const { signal } = new AbortController();
  return {
    runId: 'test',
    nonce: 'of the test',
    machine: readMachine(target),
    target,
    keep: false,
    overwrite: false,
    store: {
      cache,
      cacheLimitBytes: 1e9,
      tables: registry.tables,
      child: { timeoutSeconds: 600, signal },
      onWork: () => undefined,
    },
    writers: new Map(registry.writers.map((writer) => [writer.name, writer])),
    noDirect: null,
    signal,
    timeoutSeconds: () => 600,
    verify: verifyTarget,
    ...own,
  };
}
