/** Whether a block of the gate counts: limits that are set in advance, and know nothing of what was measured. */

import { median } from '../statistics/quantile.js';
import type { Canary, Conditions } from './types.js';

/** Times of the canary ÷ those of the reference. */
export const ENCODE_LIMIT = 1.25;
export const WRITE_LIMIT = 3;
/** Of all processors' time. */
export const STEAL_LIMIT = 0.03;
export const CPU_PRESSURE_LIMIT = 0.5;
export const IO_PRESSURE_LIMIT = 0.9;
export const MEMORY_PRESSURE_LIMIT = 0.1;

/** The usual canary: the median of a gate's first blocks, each time by itself. Throws on none, and on two versions. */
export function referenceOf(canaries: readonly Canary[]): Canary {
  const versions = [...new Set(canaries.map(({ version }) => version))];
  const [version, ...others] = versions;
  if (version === undefined || others.length > 0) {
    throw new RangeError(`canaries of one version are needed, found ${versions.join(' and ') || 'none'}`);
  }
  return {
    version,
    writeNs: median(canaries.map(({ writeNs }) => writeNs)),
    encodeNs: median(canaries.map(({ encodeNs }) => encodeNs)),
  };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Why a block does not count, in one sentence; null where it does. What is not known disturbs nothing. */
export function disturbance(
  { canary, conditions }: { readonly canary: Canary; readonly conditions: Conditions },
  reference: Canary,
): string | null {
  const slower = (what: string, ns: number, usualNs: number, limit: number): string | null => {
    const times = ns / usualNs;
    return times > limit ? `canary: ${what} took ${times.toFixed(2)} times as long as usual, limit ${limit}` : null;
  };
  const beyond = (what: string, value: number | null, limit: number): string | null =>
    value !== null && value > limit ? `${what} ${percent(value)} of the time, limit ${percent(limit)}` : null;
  const all = [
    slower('encoding', canary.encodeNs, reference.encodeNs, ENCODE_LIMIT),
    slower('writing', canary.writeNs, reference.writeNs, WRITE_LIMIT),
    beyond('the hypervisor took', conditions.steal, STEAL_LIMIT),
    beyond('tasks waited for a processor', conditions.cpuPressure, CPU_PRESSURE_LIMIT),
    beyond('tasks waited for the disk', conditions.ioPressure, IO_PRESSURE_LIMIT),
    beyond('tasks waited for memory', conditions.memoryPressure, MEMORY_PRESSURE_LIMIT),
  ].filter((sentence) => sentence !== null);
  return all.length === 0 ? null : all.join('; ');
}
