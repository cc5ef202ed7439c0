import { fileURLToPath } from 'node:url';
import { messageOf, Misuse } from '../misuse.js';
import { runChild, type ChildEnd } from '../run/child.js';
import type { Observation, VerifyJob } from '../types.js';

const PROCESS = fileURLToPath(new URL('process.js', import.meta.url));

export interface VerifyOptions {
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
  /** The verify process's script; another one in tests. */
  readonly script?: string;
}

/** Why there is no observation; the judge makes a finding of detector X of it. */
export interface Unobserved {
  readonly crashed: string;
  /** The process ended itself, or was killed, over this file; else it never began, or was ended for its time. */
  readonly byFile: boolean;
}

/** How a process ended that should have ended with 0; null where it did. */
export function endingOf(
  child: ChildEnd,
  timeoutSeconds: number,
): { readonly how: string; readonly crashed: boolean } | null {
  const said = child.stderr.trim().split('\n').at(-1) ?? '';
  const after = said === '' ? '' : `: ${said}`;
  if (child.spawnError !== null) return { how: `it did not start: ${child.spawnError}`, crashed: false };
  if (child.timedOut) {
    return { how: `no report after ${timeoutSeconds} s, its process group was ended${after}`, crashed: false };
  }
  if (child.signal !== null) return { how: `it was ended by ${child.signal}${after}`, crashed: !child.aborted };
  if (child.exitCode === 0) return null;
  return { how: `it ended with exit code ${String(child.exitCode)}${after}`, crashed: true };
}

/**
 * Verifies a target in a fresh process, in a process group of its own. A process that crashes, hangs or reports nonsense is
 * a value too; only a job that cannot be judged at all throws (`Misuse`).
 */
export async function verifyTarget(job: VerifyJob, options: VerifyOptions): Promise<Observation | Unobserved> {
  const { timeoutSeconds, signal, script = PROCESS } = options;
  const child = await runChild([process.execPath, script], () => JSON.stringify(job), { timeoutSeconds, signal });
  child.endLeftovers();
  if (child.exitCode === 1 && child.signal === null && !child.timedOut) throw new Misuse(child.stderr.trim());
  const ending = endingOf(child, timeoutSeconds);
  if (ending !== null) return { crashed: ending.how, byFile: ending.crashed };
  try {
    return JSON.parse(child.stdout) as Observation;
  } catch (error) {
    return { crashed: `its report is not JSON: ${messageOf(error)}`, byFile: true };
  }
}
