import type { ChildOptions } from './child.js';
import { askWorker } from './worker.js';

/** What the worker found by trying (native/sink, `Probe`). */
export interface Probe {
  readonly fileSystem: string;
  readonly direct: boolean;
  readonly directReason: string | null;
  readonly alignment: { readonly memoryBytes: number; readonly offsetBytes: number } | null;
  readonly ioUring: boolean;
  readonly ioUringReason: string | null;
  readonly registrableBytes: number;
  readonly registrableReason: string | null;
  readonly memoryLockLimitBytes: number | null;
}

export async function probeFolder(directory: string, child: ChildOptions): Promise<Probe> {
  return (await askWorker('probe', { directory }, child)) as Probe;
}

/** Why direct cases cannot run here, or null. tmpfs accepts O_DIRECT and has no alignment: it is no direct I/O. */
export function whyNotDirect(probe: Probe): string | null {
  const where = `the target's file system (${probe.fileSystem}) has no O_DIRECT`;
  if (!probe.direct) return `${where}: ${probe.directReason ?? 'the trial write failed'}`;
  if (probe.alignment === null || probe.alignment.memoryBytes === 0 || probe.alignment.offsetBytes === 0) {
    return `${where}: it accepts the flag, but STATX_DIOALIGN gives no alignment`;
  }
  return null;
}
