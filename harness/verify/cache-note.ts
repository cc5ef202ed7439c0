import path from 'node:path';
import { messageOf, Misuse } from '../misuse.js';
import { addon } from '../native.js';
import type { VerifyJob } from '../types.js';

/** Pages are dropped where the job says so; how much was cached is measured, never assumed. */
export function cacheNote(job: VerifyJob): string {
  try {
    const files = job.files.map((file) => ({ ...file, path: path.join(job.directory, file.path) }));
    if (job.dropCache) for (const file of files) addon().dropFromCache(file.path);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const resident = files.reduce((sum, file) => sum + addon().residentShare(file.path) * file.bytes, 0);
    const percent = ((resident / Math.max(1, bytes)) * 100).toFixed(1);
    return `${percent} % of the target was in the page cache before reading${job.dropCache ? ', after it was dropped' : ''}`;
  } catch (error) {
    if (error instanceof Misuse) throw error;
    return `how much of the target was in the page cache was not measured: ${messageOf(error)}`;
  }
}
