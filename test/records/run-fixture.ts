import { readMachine } from '../../harness/machine.js';
import type { Run } from '../../harness/types.js';
import { CASE } from '../run/fixtures.js';

export const RUN: Run = {
  schema: 'writeproof.run.v1',
  id: '2026-01-31T12-30-45Z-quick',
  suite: 'quick',
  startedAt: '2026-01-31T12:30:45.000Z',
  finishedAt: null,
  nonce: '00112233445566778899aabbccddeeff',
  seed: 7,
  repeat: 1,
  writeproof: { version: '0.1.0', commit: null, dirty: null },
  machine: readMachine('/'),
  order: [`1:${CASE.id}`, `2:${CASE.id}`],
  cases: [CASE],
};
