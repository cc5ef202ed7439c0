/** The command `claims` over two small claims, as the test of the whole starts it. */

import { Command } from 'commander';
import { claimsCommand } from '../../harness/cli/claims.js';
import type { ClaimSpec } from '../../suites/claims/types.js';
import { FAULTS } from '../../suites/faults/index.js';
import { system, TIMES, WITH_FAULTS, SECONDS } from './fixtures.js';

const SUBJECT = 'orders@0.01/parquet/stream';

const CLAIMS: readonly ClaimSpec[] = [
  {
    id: 'T1',
    what: 'time of Arrow IPC to Parquet',
    claimed: TIMES,
    source: 'many times faster',
    measure: { kind: 'ratio', metric: 'durable', subject: SUBJECT, reference: 'orders@0.01/arrow/stream' },
    faults: [{ fault: 'drop-everything', insteadOf: SUBJECT }],
    note: 'Tiny.',
  },
  {
    id: 'T2',
    what: 'rows that arrive',
    claimed: { ...SECONDS, text: '15,000', range: [15_000, 15_000], unit: 'rows', tolerance: 0 },
    source: 'all rows',
    measure: { kind: 'figure', metric: 'rows', of: SUBJECT },
    note: 'Tiny.',
  },
  {
    id: 'T3',
    what: 'a fault that damages nothing',
    claimed: { ...SECONDS, text: '15,000', range: [15_000, 15_000], unit: 'rows', tolerance: 0 },
    source: 'all rows',
    measure: { kind: 'figure', metric: 'rows', of: SUBJECT },
    faults: [{ fault: 'slow-sleep', insteadOf: SUBJECT }],
    note: 'It must be told as a lie that passed.',
  },
];

const program = new Command('writeproof');
claimsCommand({ ...WITH_FAULTS, systems: [system(...CLAIMS)], faults: FAULTS })(program);
await program.parseAsync();
