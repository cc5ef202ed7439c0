/** The fixed piece of work of native/engine/src/canary.rs, done once: what its times say is how busy the machine is otherwise. */

import { askWorker } from '../run/worker.js';
import type { Canary } from './types.js';

/** `folder` lies on the disk that is measured. Throws `Misuse` where nothing can be written there. */
export async function runCanary(
  folder: string,
  options: { readonly timeoutSeconds: number; readonly signal?: AbortSignal },
): Promise<Canary> {
  return (await askWorker('canary', { directory: folder }, options)) as Canary;
}
