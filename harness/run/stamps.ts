import { lstat, readdir, realpath, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { FileStamp, Finding } from '../types.js';

/** One file as lstat sees it, named from the directory. */
export async function stampFile(directory: string, file: string): Promise<FileStamp> {
  const stat = await lstat(file, { bigint: true });
  return {
    path: path.relative(directory, file),
    bytes: Number(stat.size),
    mtimeNs: String(stat.mtimeNs),
    ctimeNs: String(stat.ctimeNs),
    inode: String(stat.ino),
  };
}

/** Every file below the directory as lstat sees it, in order of path. */
export async function stampFiles(directory: string): Promise<readonly FileStamp[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const stamps = await Promise.all(
    entries
      .filter((entry) => !entry.isDirectory())
      .map(async (entry) => stampFile(directory, path.join(entry.parentPath, entry.name))),
  );
  return stamps.sort((one, other) => (one.path < other.path ? -1 : 1));
}

function describe(stamps: readonly FileStamp[]): string {
  if (stamps.length === 0) return 'no file';
  return stamps
    .map(
      (stamp) =>
        `${stamp.path} of ${stamp.bytes} bytes, mtime ${stamp.mtimeNs}, ctime ${stamp.ctimeNs}, inode ${stamp.inode}`,
    )
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

/** The case's directory as it was made: what is written must end up in it, and be new. */
export interface MadeDirectory {
  readonly path: string;
  readonly realPath: string;
  readonly device: bigint;
  readonly inode: bigint;
  /** Wall clock, nanoseconds. */
  readonly madeAtNs: bigint;
}

/** File systems stamp files with the clock of the last timer tick, which may lie this far back. */
const CLOCK_TICK_NS = 20_000_000n;

export async function rememberDirectory(directory: string): Promise<MadeDirectory> {
  const stat = await lstat(directory, { bigint: true });
  const madeAtNs = BigInt(Date.now()) * 1_000_000n;
  return { path: directory, realPath: await realpath(directory), device: stat.dev, inode: stat.ino, madeAtNs };
}

/** Detector Z: the directory is still the one that was made, and every file in it is new, its own and on the same disk. */
async function placeFindings(made: MadeDirectory, files: readonly FileStamp[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const add = (what: string, expected: string, actual: string): void => {
    if (expected !== actual) findings.push({ detector: 'Z', what, expected, actual });
  };
  const { dev, ino } = await lstat(made.path, { bigint: true });
  const there = (await realpath(made.path)) === made.realPath;
  const same = there && dev === made.device && ino === made.inode;
  add('directory of the target', 'the one that was made', same ? 'the one that was made' : 'another one');
  for (const file of files) {
    const stat = await lstat(path.join(made.path, file.path), { bigint: true });
    add(`device of ${file.path}`, String(made.device), String(stat.dev));
    add(`hard links to ${file.path}`, '1', String(stat.nlink));
    // File systems without a time of birth give 0.
    const isOld = stat.birthtimeNs > 0n && stat.birthtimeNs < made.madeAtNs - CLOCK_TICK_NS;
    add(`birth of ${file.path}`, 'after the case began', isOld ? 'before it' : 'after the case began');
  }
  return findings;
}

/** Detector Z: a writer makes one file or folder at the target, and nothing beside it. */
function besideFindings(directory: string, target: string, files: readonly FileStamp[]): readonly Finding[] {
  const name = path.relative(directory, target);
  const beside = files.filter((file) => file.path !== name && !file.path.startsWith(`${name}${path.sep}`));
  if (beside.length === 0) return [];
  const actual = beside.map((file) => `${file.path} of ${file.bytes} bytes`).join(', ');
  return [{ detector: 'Z', what: `files beside the target ${name}`, expected: 'none', actual }];
}

/** What lies in the case's directory, and what is wrong with where it lies. */
export interface Place {
  readonly files: readonly FileStamp[];
  readonly findings: readonly Finding[];
  /** What the process must have written at least: holes of a file, and bytes that stay in memory, may be written by nobody. */
  readonly writtenAtLeast: number;
}

/** Types of file systems in memory (statfs(2)): what is mapped there is never counted as written. */
const IN_MEMORY = [0x01021994, 0x858458f6];
const BLOCK_BYTES = 512;

async function writtenAtLeast(directory: string, files: readonly FileStamp[]): Promise<number> {
  if (IN_MEMORY.includes((await statfs(directory)).type)) return 0;
  const stats = await Promise.all(files.map(async (file) => lstat(path.join(directory, file.path))));
  return stats.reduce((sum, { size, blocks }) => sum + Math.min(size, blocks * BLOCK_BYTES), 0);
}

/** A directory that cannot be looked at, because its writer removed or closed it, or still works in it, is a finding too. */
export async function lookAt(made: MadeDirectory, target: string): Promise<Place> {
  try {
    const files = await stampFiles(made.path);
    const findings = [...(await placeFindings(made, files)), ...besideFindings(made.path, target, files)];
    return { files, findings, writtenAtLeast: await writtenAtLeast(made.path, files) };
  } catch (error) {
    const { code, path: file } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const name = file === undefined ? '' : path.relative(made.path, file);
    const actual = `${code}${name === '' ? '' : ` at ${name}`}`;
    return {
      files: [],
      writtenAtLeast: 0,
      findings: [{ detector: 'Z', what: 'looking at the directory of the target', expected: 'its files', actual }],
    };
  }
}
