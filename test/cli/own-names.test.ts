/** Names of writers that somebody brings: each its own, and one writer has one. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withOwnWriters } from '../../harness/cli/own-writers.js';
import { refuseSameWriter } from '../../harness/gate/sides.js';
import { Misuse } from '../../harness/misuse.js';
import { find } from '../../harness/plan/names.js';
import { REGISTRY } from '../../suites/index.js';
import type { WriterSpec } from '../../suites/types.js';

interface Named {
  readonly names: readonly string[];
  readonly told: string;
  readonly writers: readonly WriterSpec[];
}

async function named(writers: readonly string[]): Promise<Named> {
  const told: string[] = [];
  const tell = (text: string): void => {
    told.push(text);
  };
  const { registry, names } = await withOwnWriters(REGISTRY, { writers, formats: [], cases: [], config: null, tell });
  return { names, told: told.join(''), writers: names.map((name) => find('writer', name, registry.writers)) };
}

const command = (script: string): string => `sh ${script} {target}`;

test('three commands of one program are three writers, and what they are called is said', async () => {
  const { names, told, writers } = await named(['a', 'b', 'c'].map(command));
  assert.deepEqual(names, ['sh', 'own-sh', 'own-sh-2']);
  assert.equal(told, 'sh b {target} is called own-sh here\nsh c {target} is called own-sh-2 here\n');
  assert.deepEqual(
    writers.map(({ holder }) => (holder.kind === 'command' ? holder.argv[1] : null)),
    ['a', 'b', 'c'],
  );
});

test('a writer that is named twice is one, and is not compared with itself', async () => {
  const { names, writers } = await named(['a', 'b', 'b'].map(command));
  assert.deepEqual(names, ['sh', 'own-sh', 'own-sh']);
  const [a, b, again] = writers;
  assert.ok(a !== undefined && b !== undefined && again !== undefined);
  assert.throws(() => {
    refuseSameWriter(b, again);
  }, Misuse);
  assert.doesNotThrow(() => {
    refuseSameWriter(a, b);
  });
  assert.doesNotThrow(() => {
    refuseSameWriter(a, { ...a, settings: { level: 3 } });
  });
});
