import { messageOf, Misuse } from '../misuse.js';
import { addon } from '../native.js';
import type { VerifyJob } from '../types.js';

/** Pages are dropped where the job says so; how much was cached is measured, never assumed. */
export function cacheNote(job: VerifyJob): string {
  try {
    if (job.dropCache) addon().dropFromCache(job.target);
    const percent = (addon().residentShare(job.target) * 100).toFixed(1);
    return `${percent} % of the target was in the page cache before reading${job.dropCache ? ', after it was dropped' : ''}`;
  } catch (error) {
    if (error instanceof Misuse) throw error;
    return `how much of the target was in the page cache was not measured: ${messageOf(error)}`;
  }
}
