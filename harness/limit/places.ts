/** Where a group of processes with a limit of memory may be made: the memory cgroup of this process, and those above it (cgroups(7)). */

import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A folder of the hierarchy that has the memory controller. */
export interface MemoryPlaces {
  readonly version: 1 | 2;
  /** In the order in which they are tried; the first is this process's own group. */
  readonly folders: readonly string[];
}

/** A mounted hierarchy: the part of it that is seen, and where. */
interface Hierarchy {
  readonly root: string;
  readonly point: string;
}

/** Lines of mountinfo: `id parent major:minor root point options tags… - type source superOptions`. */
function hierarchyOf(
  mountInfo: string,
  fits: (type: string, superOptions: readonly string[]) => boolean,
): Hierarchy | null {
  for (const line of mountInfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root, point] = before.split(' ');
    const [type = '', , superOptions = ''] = after.split(' ');
    if (root !== undefined && point !== undefined && fits(type, superOptions.split(','))) return { root, point };
  }
  return null;
}

/** The folder of a group as this process sees it, or null where the mount does not show it. */
function folderOf(group: string, { root, point }: Hierarchy): string | null {
  const below =
    root === '/' ? group : group === root ? '/' : group.startsWith(`${root}/`) ? group.slice(root.length) : null;
  return below === null || below.startsWith('/..') ? null : path.resolve(point, `.${below}`);
}

/** The group itself and all above it that the mount shows. */
function withParents(folder: string, point: string): readonly string[] {
  const above = folder === point || !folder.startsWith(`${point}/`) ? [] : withParents(path.dirname(folder), point);
  return [folder, ...above];
}

/**
 * From /proc/self/cgroup (`id:controllers:group` lines) and /proc/self/mountinfo; null where no memory controller is to be seen.
 * In version 1 groups nest freely, so only the own one is tried: what is made in it stays under all limits that hold for this
 * process. In version 2 a group with processes has none below it that are controlled, and a parent has to do.
 */
export function placesOf(ownGroups: string, mountInfo: string): MemoryPlaces | null {
  const groups = ownGroups.split('\n').map((line) => {
    const [, id = '', controllers = '', group = ''] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    return { id, controllers: controllers.split(','), group };
  });
  const first = groups.find(({ controllers }) => controllers.includes('memory'));
  const [version, own, hierarchy] =
    first === undefined
      ? ([2, groups.find(({ id }) => id === '0'), hierarchyOf(mountInfo, (type) => type === 'cgroup2')] as const)
      : ([
          1,
          first,
          hierarchyOf(mountInfo, (type, options) => type === 'cgroup' && options.includes('memory')),
        ] as const);
  const folder = own === undefined || hierarchy === null ? null : folderOf(own.group, hierarchy);
  if (folder === null || hierarchy === null) return null;
  return { version, folders: version === 1 ? [folder] : withParents(folder, hierarchy.point) };
}

export function memoryPlaces(): MemoryPlaces | null {
  try {
    return placesOf(readFileSync('/proc/self/cgroup', 'utf8'), readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return null;
  }
}
