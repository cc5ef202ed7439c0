import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { FileStamp, Finding } from '../types.js';

/** Every file below the directory as lstat sees it, in order of path. */
export async function stampFiles(directory: string): Promise<readonly FileStamp[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const stamps = await Promise.all(
    entries
      .filter((entry) => !entry.isDirectory())
      .map(async (entry): Promise<FileStamp> => {
        const file = path.join(entry.parentPath, entry.name);
        const stat = await lstat(file, { bigint: true });
        return {
          path: path.relative(directory, file),
          bytes: Number(stat.size),
          mtimeNs: String(stat.mtimeNs),
          inode: String(stat.ino),
        };
      }),
  );
  return stamps.sort((one, other) => (one.path < other.path ? -1 : 1));
}

function describe(stamps: readonly FileStamp[]): string {
  if (stamps.length === 0) return 'no file';
  return stamps
    .map((stamp) => `${stamp.path} of ${stamp.bytes} bytes, mtime ${stamp.mtimeNs}, inode ${stamp.inode}`)
    .join('; ');
}

/** Detector Z between two looks at the same files: one finding that names the files that changed, or none. */
export function changedFiles(
  between: string,
  before: readonly FileStamp[],
  after: readonly FileStamp[],
): readonly Finding[] {
  const text = (stamp: FileStamp): string => describe([stamp]);
  const seenBefore = new Set(before.map(text));
  const seenAfter = new Set(after.map(text));
  const gone = before.filter((stamp) => !seenAfter.has(text(stamp)));
  const come = after.filter((stamp) => !seenBefore.has(text(stamp)));
  if (gone.length === 0 && come.length === 0) return [];
  return [{ detector: 'Z', what: `files unchanged ${between}`, expected: describe(gone), actual: describe(come) }];
}
