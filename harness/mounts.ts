/** The mount that a folder lies on, from /proc/self/mountinfo (proc(5)). */

import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

export interface Mount {
  readonly point: string;
  readonly fileSystem: string;
  readonly options: string;
  /** Name of the block device, or the file system's name where there is none. */
  readonly device: string;
}

const unescape = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));

/** One line: `id parent major:minor root point options tags… - type source superOptions`. */
function parseLine(line: string): Mount | null {
  const [before = '', after = ''] = line.split(' - ');
  const [, , , , point, options] = before.split(' ');
  const [fileSystem, source = ''] = after.split(' ');
  if (point === undefined || options === undefined || fileSystem === undefined) return null;
  return {
    point: unescape(point),
    fileSystem,
    // Options that hold paths would tell where somebody keeps things.
    options: options
      .split(',')
      .filter((option) => !option.includes('/'))
      .join(','),
    device: source.startsWith('/dev/') ? path.basename(source) : fileSystem,
  };
}

/** The mount with the longest point that holds the folder; of equal ones the last, which covers the others. */
export function mountOf(folder: string, mountInfo: string): Mount | null {
  let best: Mount | null = null;
  for (const line of mountInfo.split('\n')) {
    const mount = parseLine(line);
    if (mount === null) continue;
    const prefix = mount.point.endsWith('/') ? mount.point : `${mount.point}/`;
    if (!`${folder}/`.startsWith(prefix)) continue;
    if (best === null || mount.point.length >= best.point.length) best = mount;
  }
  return best;
}

export function readMount(folder: string): Mount | null {
  return mountOf(realpathSync(folder), readFileSync('/proc/self/mountinfo', 'utf8'));
}
