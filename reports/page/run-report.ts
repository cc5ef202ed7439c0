/** What a report of one run is made from. */

import type { ClaimResult } from '../../harness/claims/results.js';
import type { CaseSummary, Expectation } from '../../harness/summary.js';
import type { Record as RunRecord, Run } from '../../harness/types.js';
import type { FaultPage } from '../faults.js';

export interface RunReport {
  readonly run: Run;
  readonly records: readonly RunRecord[];
  readonly summaries: readonly CaseSummary[];
  /** Of the records that count: not of writers that lie on purpose, nor of endings that a claim expects. */
  readonly judged: readonly CaseSummary[];
  readonly expected: readonly Expectation[];
  /** Of a run of faults. */
  readonly faults: FaultPage | null;
  /** Of a run of claims. */
  readonly claims: readonly ClaimResult[] | null;
}
