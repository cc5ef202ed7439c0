/** A night: its steps in order, each kept as soon as it is done. Described by results/schema/writeproof.nightly.v1.json. */

import type { ExitCode } from '../exit-code.js';
import type { Canary, GateResult } from '../gate/types.js';
import type { ChangePoint } from '../history/types.js';
import type { RunEnd } from '../run/run.js';
import type { Run } from '../types.js';

/** `equal builds again`: only where the first gate of equal builds found a difference. */
export const STEPS = ['equal builds', 'equal builds again', 'matrix', 'last release', 'history'] as const;
export type StepName = (typeof STEPS)[number];

export interface NightStep {
  readonly step: StepName;
  readonly exitCode: ExitCode;
  readonly sentence: string;
  /** Of a gate; null where there was none to run. */
  readonly gate: GateResult | null;
  /** Id of the run of the matrix. */
  readonly run: string | null;
}

export interface Night {
  readonly schema: 'writeproof.nightly.v1';
  /** Also that of the run of its matrix. */
  readonly night: string;
  readonly startedAt: string;
  /** Null where it was killed or interrupted. */
  readonly finishedAt: string | null;
  readonly writeproof: Run['writeproof'];
  readonly exitCode: ExitCode;
  readonly sentence: string;
  /** Advice: nights from which on a case is another than before. */
  readonly changePoints: readonly ChangePoint[];
  /** What was left out of the history's comparison, a sentence each. */
  readonly notes: readonly string[];
  /** The page of the history, relative to the results folder; null where none was drawn. */
  readonly trend: string | null;
  readonly results: readonly NightStep[];
}

export interface MatrixEnd extends RunEnd {
  readonly canaries: readonly Canary[];
}

/** The newest release that this tree comes after, or why there is none. */
export type LastRelease = { readonly tag: string } | { readonly why: string };

export interface HistoryEnd {
  readonly added: number;
  readonly droppedNights: number;
  readonly changePoints: readonly ChangePoint[];
  readonly notes: readonly string[];
  readonly trend: string | null;
}

/** What a night is made of: that which measures, and that which keeps. */
export interface NightParts {
  /** The same build on both sides; goes on with a gate of this night and name that was killed. */
  readonly equalBuilds: (name: 'equal' | 'equal-again') => Promise<GateResult>;
  readonly lastRelease: () => LastRelease;
  readonly releaseGate: (tag: string) => Promise<GateResult>;
  readonly matrix: () => Promise<MatrixEnd>;
  /** Adds the night to the history, and asks it for advice. */
  readonly history: (matrix: MatrixEnd, noise: ReadonlyMap<string, number>) => Promise<HistoryEnd>;
  /** σ of ln(second ÷ first) of a gate's pairs, by case. */
  readonly noise: (gate: GateResult) => Promise<ReadonlyMap<string, number>>;
  /** Keeps what there is of the night. */
  readonly keep: (night: Night) => Promise<void>;
  readonly tell: (sentence: string) => void;
  readonly now: () => string;
}
