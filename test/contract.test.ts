/** What every registered writer owes: a new one is tested by being registered. Lance's is in test/lance, programs that write raw bytes are in test/raw. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REGISTRY } from '../suites/index.js';
import {
  EDGE_TABLE,
  holdCommandToContract,
  holdFileToContract,
  holdToContract,
  RAW_GROUNDS,
  TPCH_TABLES,
} from './contract.js';

const libraries = REGISTRY.writers.filter((writer) => writer.holder.kind === 'library' && writer.format !== 'lance');
const commands = REGISTRY.writers.filter(
  (writer) => writer.holder.kind === 'command' && !['lance', 'raw'].includes(writer.format),
);

test('there are writers to hold to the contract, and each has variants', () => {
  assert.deepEqual(
    libraries.map(({ name, variants }) => [name, variants.length]),
    [
      ['parquet', 4],
      ['arrow', 4],
      ['raw', 4],
    ],
  );
  assert.equal(commands[0]?.name, 'tpchgen-cli');
  assert.deepEqual(
    REGISTRY.writers.filter((writer) => writer.variants.length === 0),
    [],
  );
});

for (const writer of libraries) {
  if (writer.format === 'raw') {
    holdToContract(writer, RAW_GROUNDS.tables, RAW_GROUNDS);
    continue;
  }
  holdToContract(writer, [...TPCH_TABLES, EDGE_TABLE]);
  holdFileToContract(writer);
}

for (const writer of commands) holdCommandToContract(writer);
