/** Gates: their verdicts, the lines that these come from, and the blocks that were measured. */

import type { Block, Gate, GateLine } from '../../gate/types.js';
import { fingerprintOf } from '../../machine-fingerprint.js';
import { seconds, tableSpec } from '../table.js';

export interface FoundLine {
  readonly gate: string;
  readonly line: GateLine;
}

export interface FoundBlock {
  readonly gate: string;
  readonly block: Block;
  /** Of the block, from 1; null where it has none, and stands there for its reason. */
  readonly pair: number | null;
}

export const GATES = tableSpec<Gate>('gates', 'one row a gate', [
  ['gate', 'VARCHAR', 'its id', (gate) => gate.id],
  ['command', 'VARCHAR', 'gate, compare, nightly or prove', (gate) => gate.command],
  ['suite', 'VARCHAR', 'its suite', (gate) => gate.suite],
  ['started_at', 'TIMESTAMP', 'UTC', (gate) => gate.startedAt],
  ['finished_at', 'TIMESTAMP', 'UTC; null where it did not come to its end', (gate) => gate.finishedAt],
  ['base', 'VARCHAR', 'as it was asked for', (gate) => gate.base.name],
  ['base_commit', 'VARCHAR', 'null where git does not know it', (gate) => gate.base.commit],
  ['head', 'VARCHAR', 'as it was asked for', (gate) => gate.head.name],
  ['head_commit', 'VARCHAR', 'null where git does not know it', (gate) => gate.head.commit],
  ['head_dirty', 'BOOLEAN', 'built from files that no commit holds', (gate) => gate.head.dirty],
  ['whole', 'BOOLEAN', 'engine and harness of each side too', (gate) => gate.whole],
  ['tolerance', 'DOUBLE', 'smallest slowdown that must be found: 0.05 is 5 %', (gate) => gate.tolerance],
  ['blocks', 'BIGINT', 'that counted', (gate) => gate.blocks],
  ['dropped_blocks', 'BIGINT', 'that did not', (gate) => gate.dropped.length],
  [
    'verdict',
    'VARCHAR',
    'pass, regression, inconclusive, integrity failure, nothing measured or interrupted',
    (gate) => gate.verdict,
  ],
  ['exit_code', 'BIGINT', 'of the command', (gate) => gate.exitCode],
  ['sentence', 'VARCHAR', 'the verdict in a sentence', (gate) => gate.sentence],
  ['machine', 'VARCHAR', 'fingerprint, as in machines', (gate) => fingerprintOf(gate.machine)],
]);

export const GATE_LINES = tableSpec<FoundLine>('gate_lines', 'one row a decision of a gate', [
  ['gate', 'VARCHAR', 'id of the gate', ({ gate }) => gate],
  ['case_id', 'VARCHAR', 'a case, or what is pooled', ({ line }) => line.case],
  ['metric', 'VARCHAR', 'what was compared', ({ line }) => line.metric],
  ['verdict', 'VARCHAR', 'pass, regression, inconclusive, unverified or not detectable', ({ line }) => line.verdict],
  ['estimate', 'DOUBLE', 'head ÷ base: 1.05 is 5 % more', ({ line }) => line.estimate],
  ['interval_low', 'DOUBLE', 'of the same ratio', ({ line }) => line.interval?.[0] ?? null],
  ['interval_high', 'DOUBLE', 'of the same ratio', ({ line }) => line.interval?.[1] ?? null],
  ['pairs', 'BIGINT', 'used', ({ line }) => line.pairs],
  ['mde', 'DOUBLE', 'minimum detectable effect: ratio − 1', ({ line }) => line.mde],
  ['tolerance', 'DOUBLE', 'ratio − 1 that must be found', ({ line }) => line.tolerance],
  ['decides', 'BOOLEAN', 'its verdict blocks', ({ line }) => line.decides],
  ['note', 'VARCHAR', 'what there is to say', ({ line }) => line.note],
]);

const pairOf = ({ block, pair }: FoundBlock): Block['pairs'][number] | undefined =>
  pair === null ? undefined : block.pairs[pair - 1];

export const GATE_BLOCKS = tableSpec<FoundBlock>(
  'gate_blocks',
  'one row a pair of a block, one row a block without pairs',
  [
    ['gate', 'VARCHAR', 'id of the gate', ({ gate }) => gate],
    ['round', 'BIGINT', 'from 1', ({ block }) => block.round],
    ['purpose', 'VARCHAR', 'decide, or confirm a red verdict', ({ block }) => block.purpose],
    ['case_id', 'VARCHAR', 'its case', ({ block }) => block.case],
    ['block_order', 'VARCHAR', 'ABBA or BAAB; A is base', ({ block }) => block.order],
    ['dropped', 'VARCHAR', 'why it does not count; null where it counts', ({ block }) => block.dropped],
    ['pair', 'BIGINT', 'of the block, from 1; null where it has none', ({ pair }) => pair],
    ['base_seconds', 'DOUBLE', 'to durable', (found) => seconds(pairOf(found)?.baseNs)],
    ['head_seconds', 'DOUBLE', 'to durable', (found) => seconds(pairOf(found)?.headNs)],
    ['canary_write_seconds', 'DOUBLE', 'of fixed bytes', ({ block }) => seconds(block.canary.writeNs)],
    ['canary_encode_seconds', 'DOUBLE', 'of fixed values', ({ block }) => seconds(block.canary.encodeNs)],
    [
      'steal',
      'DOUBLE',
      "share of processors' time taken by the hypervisor, 0 to 1",
      ({ block }) => block.conditions.steal,
    ],
    [
      'cpu_pressure',
      'DOUBLE',
      'share of time in which a task waited for a processor',
      ({ block }) => block.conditions.cpuPressure,
    ],
    [
      'io_pressure',
      'DOUBLE',
      'share of time in which a task waited for a disk',
      ({ block }) => block.conditions.ioPressure,
    ],
    [
      'memory_pressure',
      'DOUBLE',
      'share of time in which a task waited for memory',
      ({ block }) => block.conditions.memoryPressure,
    ],
  ],
);
