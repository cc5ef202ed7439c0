/** Lance keeps the contract of every writer; of the table of edge values it refuses the types that it is declared not to hold. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lance } from '../../suites/writers/lance.js';
import { pylance } from '../../suites/writers/pylance.js';
import { holdCommandToContract, holdToContract, TPCH_TABLES } from '../contract.js';
import { casesOf, runCases } from '../fixtures.js';

holdToContract(lance, TPCH_TABLES);
holdCommandToContract(pylance);

test('the table of edge values has types that Lance does not hold, which it says before anything is written', async () => {
  const { code, records } = await runCases(casesOf(['types@0.001/lance/zero-copy']));
  assert.deepEqual(
    records.map(({ verdict }) => verdict.status === 'failed' && [verdict.step, verdict.reason]),
    [['create', 'writeproof_create returned -1: LanceError(Schema): Unsupported data type: Interval(YearMonth)']],
  );
  assert.equal(code, 4);
});
