/** Tests that were skipped, and why; none may be whose prerequisite `doctor` reports present. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './run.mjs';

/**
 * @typedef {{ readonly name: string, readonly reason: string }} Skip
 * @typedef {{ readonly name: string, readonly value: string }} Advice
 */

/** What `doctor` says of a prerequisite that is there. */
const PRESENT = /^(works?\b|on PATH)/;

/**
 * Skips for the want of what is there: whose reason names a prerequisite that `doctor` reports present.
 * @param {readonly Skip[]} skips
 * @param {readonly Advice[]} advice
 */
export function needless(skips, advice) {
  const present = advice.filter(({ value }) => PRESENT.test(value)).map(({ name }) => name);
  return skips.flatMap(({ name, reason }) => {
    const named = present.find((prerequisite) => reason.includes(prerequisite));
    return named === undefined ? [] : [{ name, reason, prerequisite: named }];
  });
}

/**
 * Prints the skips, and returns how many of them were needless.
 * @param {readonly Skip[]} skips
 */
export function reportSkips(skips) {
  if (skips.length === 0) return 0;
  for (const { name, reason } of skips) console.error(`Skipped: ${name}: ${reason}`);
  const cli = join(root, 'harness/cli/writeproof.mjs');
  const doctor = spawnSync(process.execPath, [cli, 'doctor', '--json'], { cwd: root, encoding: 'utf8' });
  if (doctor.status !== 0) throw new Error(`doctor ended with exit code ${String(doctor.status)}: ${doctor.stderr}`);
  const { results } = /** @type {{ results: readonly Advice[] }} */ (JSON.parse(doctor.stdout));
  const without = needless(skips, results);
  for (const { name, prerequisite } of without)
    console.error(`Needlessly: ${name}: doctor says that ${prerequisite} is there.`);
  return without.length;
}
