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
}

function reasonOf(child: ChildEnd, timeoutSeconds: number): string {
  const said = child.stderr.trim().split('\n').at(-1) ?? '';
  const after = said === '' ? '' : `: ${said}`;
  if (child.spawnError !== null) return `it did not start: ${child.spawnError}`;
  if (child.timedOut) return `no report after ${timeoutSeconds} s, its process group was ended${after}`;
  if (child.signal !== null) return `it was ended by ${child.signal}${after}`;
  return `it ended with exit code ${String(child.exitCode)}${after}`;
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
  if (child.exitCode !== 0) return { crashed: reasonOf(child, timeoutSeconds) };
  try {
    return JSON.parse(child.stdout) as Observation;
  } catch (error) {
    return { crashed: `its report is not JSON: ${messageOf(error)}` };
  }
}
