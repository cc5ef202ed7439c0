/** The result of a gate: one line a case and metric, and what it was decided from. Described by results/schema/writeproof.gate.v1.json. */

import type { LibraryStamp, Machine } from '../types.js';

export const SIDES = ['base', 'head'] as const;
export type SideName = (typeof SIDES)[number];

/** What a side is made of. */
export interface Side {
  /** As it was asked for: a git ref, the name of a folder or library, a writer. Never an absolute path. */
  readonly name: string;
  readonly kind: 'ref' | 'working tree' | 'build folder' | 'library' | 'writer';
  readonly commit: string | null;
  /** Git's hash of the tree that was built; null where git does not know it. */
  readonly tree: string | null;
  /** Built from files that no commit holds; null where that cannot be known. */
  readonly dirty: boolean | null;
  readonly libraries: readonly LibraryStamp[];
}

export const METRICS = [
  'integrity',
  'time',
  'peak RSS',
  'size',
  'allocated bytes',
  'allocations',
  'written bytes',
  'write calls',
  'page faults',
  'instructions',
] as const;
export type Metric = (typeof METRICS)[number];

/** `not detectable`: none of what was asked can see it, and the note says why; it decides nothing. */
export type LineVerdict = 'pass' | 'regression' | 'inconclusive' | 'unverified' | 'not detectable';

/** One decision. */
export interface GateLine {
  /** A case, or `parquet/stream on 2 tables` where cases are pooled. */
  readonly case: string;
  readonly metric: Metric;
  readonly verdict: LineVerdict;
  /** Head ÷ base: 1.05 is 5 % more. Null where nothing was measured. */
  readonly estimate: number | null;
  /** Of the same ratio; one-sided bounds, each at the level of the look that decided; null where so few pairs have none. */
  readonly interval: readonly [number | null, number | null] | null;
  /** Pairs used; repetitions a side where the metric is not paired. */
  readonly pairs: number;
  /** The smallest ratio − 1 that is found with 90 % power with so many pairs. */
  readonly mde: number | null;
  /** Ratio − 1 beyond which it must be found. */
  readonly tolerance: number | null;
  /** Whether the verdict blocks; false for a case whose pool decides, and for what cannot be seen. */
  readonly decides: boolean;
  readonly note: string;
}

/** Fixed work that is done beside each block (native/engine/src/canary.rs). */
export interface Canary {
  readonly version: number;
  /** So many bytes written and made durable. */
  readonly writeNs: number;
  /** A fixed encoding of fixed values, on one core. */
  readonly encodeNs: number;
}

/** What the kernel says of a stretch of time: shares of it, 0 to 1; null where it does not say. */
export interface Conditions {
  /** Of all processors' time, taken by the hypervisor. */
  readonly steal: number | null;
  /** Some task waited for a processor, the disk or memory. */
  readonly cpuPressure: number | null;
  readonly ioPressure: number | null;
  readonly memoryPressure: number | null;
}

/** ABBA of one case, or BAAB: two pairs, with its canary. One line of blocks.jsonl. */
export interface Block {
  /** From 1; a round has a block of each case that is still open. */
  readonly round: number;
  /** The first pairs of all, or those that a red verdict is confirmed with. */
  readonly purpose: 'decide' | 'confirm';
  readonly case: string;
  readonly order: 'ABBA' | 'BAAB';
  readonly canary: Canary;
  readonly conditions: Conditions;
  /** Why the block does not count, and was run again; null where it counts. */
  readonly dropped: string | null;
  /** Seconds to durable of each verified pair; none where the block was dropped or a side was not verified. */
  readonly pairs: readonly { readonly baseNs: number; readonly headNs: number }[];
}

/** Quiet counters of one repetition that was not timed. One line of counters.jsonl. */
export interface SideCounters {
  readonly side: SideName;
  /** Id of the head's case. */
  readonly case: string;
  /** A number, or why nobody can know it. */
  readonly counts: Readonly<{ [metric in Metric]?: Count }>;
}

export type Count = { readonly value: number } | { readonly why: string };

/** Pairs at most, and the looks on the way, of cases that are decided together. */
export interface PoolPlan {
  /** What their ids have in common: `parquet/stream`. */
  readonly pool: string;
  readonly cases: readonly string[];
  /** Standard deviation of the first pairs, logarithms. */
  readonly sigma: number;
  readonly pairs: number;
  readonly looks: readonly { readonly pairs: number; readonly alpha: number }[];
}

export interface Gate {
  readonly id: string;
  readonly command: 'gate' | 'compare' | 'nightly' | 'prove';
  readonly suite: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly base: Side;
  readonly head: Side;
  /** Engine and harness of each side too, not only its writers. */
  readonly whole: boolean;
  readonly tolerance: number;
  readonly seed: number;
  readonly machine: Machine;
  /** Blocks that counted, and why others did not. */
  readonly blocks: number;
  readonly dropped: readonly string[];
  /** What was planned of each pool from its first pairs; empty where nothing was timed. */
  readonly plans: readonly PoolPlan[];
  /** Of the plan, of what was left out and of what does not fit. */
  readonly notes: readonly string[];
  readonly verdict: 'pass' | 'regression' | 'inconclusive' | 'integrity failure' | 'nothing measured' | 'interrupted';
  readonly exitCode: number;
  /** The verdict in one sentence. */
  readonly sentence: string;
}

export interface GateResult {
  readonly gate: Gate;
  readonly lines: readonly GateLine[];
}
