/** Noise as it was recorded: figures of the same case, one repetition after the other. Described by results/schema/writeproof.noise.v1.json. */

import { readFile } from 'node:fs/promises';
import { GATE_NOISE } from '../../paths.js';
import { Misuse, messageOf } from '../../misuse.js';
import { deviation } from '../../statistics/paired.js';
import { median } from '../../statistics/quantile.js';

/** Verified repetitions of one case, in the order in which they ran, nothing between them. */
export interface NoiseSeries {
  readonly case: string;
  readonly durableNs: readonly number[];
  readonly peakRssBytes: readonly number[];
  readonly diskBytes: readonly number[];
}

export interface NoiseTrace {
  readonly schema: 'writeproof.noise.v1';
  /** What the machine was, in words that name nobody. */
  readonly machine: string;
  readonly series: readonly NoiseSeries[];
}

/** Fewer tell nothing of drift. */
const LEAST_RUNS = 100;

/** The trace that belongs to writeproof, or another. */
export async function readTrace(file = GATE_NOISE): Promise<NoiseTrace> {
  let trace: Partial<NoiseTrace>;
  try {
    trace = JSON.parse(await readFile(file, 'utf8')) as Partial<NoiseTrace>;
  } catch (error) {
    throw new Misuse(`The recorded noise cannot be read: ${messageOf(error)}.`);
  }
  if (trace.schema === 'writeproof.noise.v1' && (trace.series?.length ?? 0) > 0) return trace as NoiseTrace;
  throw new Misuse(`The recorded noise has schema ${String(trace.schema)} and ${trace.series?.length ?? 0} series.`);
}

/** Series that are long enough for times. */
export const timedSeries = (trace: NoiseTrace): readonly NoiseSeries[] =>
  trace.series.filter(({ durableNs }) => durableNs.length >= LEAST_RUNS);

/** Logarithms of the times, round their median: 0 is the usual time. */
export function residuals(times: readonly number[]): readonly number[] {
  const centre = Math.log(median(times));
  return times.map((time) => Math.log(time) - centre);
}

/** σ of ln(second ÷ first) of neighbours. */
export function noiseOf(logarithms: readonly number[]): number {
  return deviation(logarithms.slice(1).map((value, place) => value - (logarithms[place] ?? NaN)));
}

/**
 * Runs in blocks: so many neighbours as they were recorded, drift, bursts and all, from anywhere in the trace (moving-block bootstrap, Künsch 1989). The block is
 * longer than most bursts, and holds whole pairs.
 */
const BLOCK_RUNS = 40;

/** An endless stream of logarithms of times, with the order of the recorded ones kept within a block. */
export function resampled(logarithms: readonly number[], random: () => number): () => number {
  const starts = logarithms.length - BLOCK_RUNS + 1;
  if (starts < 1) throw new RangeError(`${logarithms.length} runs are no block of ${BLOCK_RUNS}`);
  let at = 0;
  let end = 0;
  return () => {
    if (at === end) {
      at = Math.floor(random() * starts);
      end = at + BLOCK_RUNS;
    }
    return logarithms[at++] ?? NaN;
  };
}
