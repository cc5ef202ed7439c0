/** What every registered writer owes: a new one is tested by being registered. Lance's is in test/lance. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onPath } from '../harness/paths.js';
import { REGISTRY } from '../suites/index.js';
import { EDGE_TABLE, holdFileToContract, holdToContract, SCALE, TPCH_TABLES } from './contract.js';
import { casesOf, runCases } from './fixtures.js';

const libraries = REGISTRY.writers.filter((writer) => writer.holder.kind === 'library' && writer.format !== 'lance');
const commands = REGISTRY.writers.filter((writer) => writer.holder.kind === 'command');

test('there are writers to hold to the contract, and each has variants', () => {
  assert.deepEqual(
    libraries.map(({ name, variants }) => [name, variants.length]),
    [
      ['parquet', 4],
      ['arrow', 4],
    ],
  );
  assert.equal(commands[0]?.name, 'tpchgen-cli');
  assert.deepEqual(
    REGISTRY.writers.filter((writer) => writer.variants.length === 0),
    [],
  );
});

for (const writer of libraries) {
  holdToContract(writer, [...TPCH_TABLES, EDGE_TABLE]);
  holdFileToContract(writer);
}

for (const writer of commands) {
  test(`${writer.name}: the command is verified, or skipped because it is not on PATH`, async (context) => {
    const { holder } = writer;
    assert.ok(holder.kind === 'command');
    const program = holder.argv[0] ?? '';
    const ids = writer.variants.map((variant) => `nation@${SCALE}/${writer.name}/${variant};source=generated`);
    const { code, records } = await runCases(casesOf(ids));
    const found = records.map(({ verdict }) => (verdict.status === 'skipped' ? verdict.reason : verdict.status));
    const absent = onPath(program) === null;
    const reason = `${program} is not on PATH: ${holder.install}`;
    if (absent) context.diagnostic(`skipped: ${reason}`);
    assert.deepEqual([code, found], [absent ? 5 : 0, ids.map(() => (absent ? reason : 'verified'))]);
  });
}
