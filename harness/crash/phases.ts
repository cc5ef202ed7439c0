/** How far a native worker is, as it says itself in a small file that both know: native/engine/src/phase.rs. */

import { readFile, writeFile } from 'node:fs/promises';

/** The step, flushes that returned, and nanoseconds in each step. */
const WORDS = 9;
const WORD_BYTES = 8;

const STEPS = ['before', 'create', 'write', 'flush', 'close', 'sync', 'durable'] as const;
/** `before` create, and `durable` after the last fsync, are no part of writing. */
export type WorkerStep = (typeof STEPS)[number];

/** The four that kills are counted by. A flush and the engine's fsync are both commits. */
export const PHASES = ['create', 'write', 'close', 'commit'] as const;
export type Phase = (typeof PHASES)[number];

export interface Progress {
  readonly step: WorkerStep;
  /** How often `flush` has returned. */
  readonly flushes: number;
  /** Of the steps that it left. */
  readonly spentNs: Readonly<{ [step in WorkerStep]: number }>;
}

export function phaseOf(step: WorkerStep): Phase | null {
  if (step === 'before' || step === 'durable') return null;
  return step === 'flush' || step === 'sync' ? 'commit' : step;
}

/** When a worker is to be killed: so long after the n-th time (from 1) that it enters a step. */
export interface Kill {
  readonly phase: WorkerStep;
  readonly nth: number;
  readonly afterNs: number;
}

export async function makePhaseFile(file: string): Promise<void> {
  await writeFile(file, Buffer.alloc(WORDS * WORD_BYTES));
}

export async function readPhaseFile(file: string): Promise<Progress> {
  const words = await readFile(file);
  const word = (index: number): number => Number(words.readBigUInt64LE(index * WORD_BYTES));
  const spentNs = Object.fromEntries(
    STEPS.map((step, index) => [step, index === STEPS.length - 1 ? 0 : word(2 + index)]),
  );
  return {
    step: STEPS[word(0)] ?? 'before',
    flushes: word(1),
    spentNs: spentNs as Progress['spentNs'],
  };
}
