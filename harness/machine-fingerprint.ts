/** Which machines are alike enough for their figures to be compared: equal in everything but the subject under test. */

import { createHash } from 'node:crypto';
import type { Machine } from './types.js';

/** The parts of a machine in the order in which they are compared, as text. */
function parts(machine: Machine): ReadonlyMap<string, string> {
  const text = (value: string | number | null | undefined): string => (value == null ? 'none' : String(value));
  return new Map([
    ['CPU model', text(machine.cpuModel)],
    ['CPU flags (SHA-256)', text(machine.cpuFlagsSha256)],
    ['cores', text(machine.cores)],
    ['memory in bytes', text(machine.memoryBytes)],
    ['memory limit in bytes', text(machine.memoryLimitBytes)],
    ['kernel', text(machine.kernel)],
    ['architecture', text(machine.architecture)],
    ['file system', text(machine.fileSystem)],
    ['mount options', text(machine.mountOptions)],
    ['device', text(machine.device)],
    ['governor', text(machine.governor)],
    ['Node.js', text(machine.node)],
    ['rustc', text(machine.rustc)],
    ...Object.entries(machine.versions)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, version]): [string, string] => [`version of ${name}`, version]),
  ]);
}

/** SHA-256 over all of it, whatever the order of its fields. */
export function fingerprintOf(machine: Machine): string {
  return createHash('sha256')
    .update(JSON.stringify([...parts(machine)]))
    .digest('hex');
}

/** `kernel: expected 6.1.0, found 6.8.0`; null where they are equal. */
export function firstDifference(expected: Machine, found: Machine): string | null {
  const [one, other] = [parts(expected), parts(found)];
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    const [wanted, actual] = [one.get(name) ?? 'none', other.get(name) ?? 'none'];
    if (wanted !== actual) return `${name}: expected ${wanted}, found ${actual}`;
  }
  return null;
}
