/** The machine as data: enough to tell two apart, nothing that says whose it is. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import path from 'node:path';
import { buildStamp } from './libraries.js';
import { readMount } from './mounts.js';
import { PACKAGE_ROOT } from './paths.js';
import type { Machine } from './types.js';

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

/** Flags of the first core (x86 `flags`, arm64 `Features`), sorted, as one hash. */
function cpuFlagsSha256(): string {
  const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readText('/proc/cpuinfo') ?? '')?.[1] ?? '';
  return createHash('sha256').update(line.split(/\s+/).sort().join(' ')).digest('hex');
}

/** The container's limit (cgroup v2, then v1), where there is one below the machine's memory. */
export function memoryLimitBytes(): number | null {
  const text =
    readText('/sys/fs/cgroup/memory.max') ?? readText('/sys/fs/cgroup/memory/memory.limit_in_bytes') ?? 'max';
  const bytes = Number(text);
  return Number.isFinite(bytes) && bytes < totalmem() ? bytes : null;
}

export const governor = (): string | null => readText('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor');

interface PackageJson {
  readonly version: string;
  readonly dependencies: Readonly<{ [name: string]: string }>;
}

export function packageJson(): PackageJson {
  return JSON.parse(readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8')) as PackageJson;
}

/** `rustc 1.90.0 (…)` that the native part was built with. Its other lines, of `rustc -Vv`, tell builds apart and not people. */
export const rustcVersion = (): string => buildStamp('writeproof-worker')?.rustc.split('\n')[0] ?? 'unknown';

/** Fingerprint of the machine, with the file system of the folder that is measured. */
export function readMachine(targetFolder: string): Machine {
  const mount = existsSync(targetFolder) ? readMount(targetFolder) : null;
  return {
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cpuFlagsSha256: cpuFlagsSha256(),
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    memoryLimitBytes: memoryLimitBytes(),
    kernel: release(),
    architecture: process.arch,
    fileSystem: mount?.fileSystem ?? 'unknown',
    mountOptions: mount?.options ?? 'unknown',
    device: mount?.device ?? 'unknown',
    governor: governor(),
    node: process.version,
    rustc: rustcVersion(),
    versions: packageJson().dependencies,
  };
}
