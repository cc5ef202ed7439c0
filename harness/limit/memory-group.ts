/** A cgroup with a limit of memory for the workers of one case: made before they start, read after them, removed in any case. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import path from 'node:path';
import { messageOf } from '../misuse.js';
import type { MemoryLimitUse } from '../types.js';
import type { MemoryPlaces } from './places.js';

const NAME = /^writeproof-(\d+)-\d+$/;
/** Processes that were killed take a moment to leave their group. */
const LEAVE_MS = 5000;
const LOOK_MS = 5;

/** Names of the same thing in the two versions of cgroups. */
const FILES = {
  1: { limit: 'memory.limit_in_bytes', peak: 'memory.max_usage_in_bytes' },
  2: { limit: 'memory.max', peak: 'memory.peak' },
} as const;

const state = { made: 0 };
const live = new Set<MemoryGroup>();
process.on('exit', () => {
  for (const group of live) group.removeNow();
});

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function readNumber(file: string): number | null {
  const text = readText(file)?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** `key value` lines. */
function readKey(file: string, key: string): number | null {
  const found = new RegExp(`^${key} (\\d+)$`, 'm').exec(readText(file) ?? '')?.[1];
  return found === undefined ? null : Number(found);
}

/** Swap space of the machine. */
export function swapBytes(): number {
  return Number(/^SwapTotal:\s+(\d+) kB$/m.exec(readText('/proc/meminfo') ?? '')?.[1] ?? 0) * 1024;
}

function signal(process_: number, what: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(process_, what);
  } catch {
    return false;
  }
}

export class MemoryGroup {
  private readonly version: 1 | 2;
  private readonly folder: string;

  constructor(version: 1 | 2, folder: string) {
    this.version = version;
    this.folder = folder;
    live.add(this);
  }

  private file(name: string): string {
    return path.join(this.folder, name);
  }

  /** Sets the limit. Swap stays as the machine has it. */
  limit(bytes: number): void {
    writeFileSync(this.file(FILES[this.version].limit), String(bytes));
  }

  /** A command line that enters the group before it becomes the program, so that not one page of that is outside. */
  entering(argv: readonly [string, ...string[]]): readonly [string, ...string[]] {
    return ['/bin/sh', '-c', 'echo $$ > "$0" && exec "$@"', this.file('cgroup.procs'), ...argv];
  }

  /** What the group's own counters say so far. */
  use(): MemoryLimitUse {
    const { limit, peak } = FILES[this.version];
    const swap = swapBytes();
    const [failures, oomKills] =
      this.version === 1
        ? [readNumber(this.file('memory.failcnt')), readKey(this.file('memory.oom_control'), 'oom_kill')]
        : [readKey(this.file('memory.events'), 'max'), readKey(this.file('memory.events'), 'oom_kill')];
    return {
      limitBytes: readNumber(this.file(limit)) ?? 0,
      peakBytes: readNumber(this.file(peak)),
      failures,
      oomKills,
      swapBytes: swap,
      // Version 1 counts memory and swap in one figure, whose peak tells nothing of swap alone.
      swappedBytes: swap === 0 ? 0 : this.version === 1 ? null : readNumber(this.file('memory.swap.peak')),
    };
  }

  /** Kills what is still in the group; true once the group is gone. */
  private tryRemove(): boolean {
    for (const line of (readText(this.file('cgroup.procs')) ?? '').split('\n')) {
      if (line !== '') signal(Number(line), 'SIGKILL');
    }
    try {
      rmdirSync(this.folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return false;
    }
    live.delete(this);
    return true;
  }

  /** Ends what is left in the group and removes it. */
  async remove(): Promise<void> {
    for (const until = Date.now() + LEAVE_MS; !this.tryRemove() && Date.now() < until;) await wait(LOOK_MS);
  }

  /** The same while the process exits, when nothing can be awaited any more. */
  removeNow(): void {
    const clock = new Int32Array(new SharedArrayBuffer(4));
    for (const until = Date.now() + LEAVE_MS; !this.tryRemove() && Date.now() < until;)
      Atomics.wait(clock, 0, 0, LOOK_MS);
  }
}

/** Removes empty groups of harnesses that were killed. */
function dropOrphans(folder: string): void {
  for (const name of readdirSync(folder)) {
    const maker = NAME.exec(name)?.[1];
    if (maker === undefined || signal(Number(maker), 0)) continue;
    try {
      rmdirSync(path.join(folder, name));
    } catch {
      // Not empty: somebody is still in it.
    }
  }
}

/** Makes a group in a folder, with the limit in force and a process that was let in; throws where one of these fails. */
function makeIn(version: 1 | 2, parent: string, limitBytes: number): MemoryGroup {
  dropOrphans(parent);
  state.made += 1;
  const folder = path.join(parent, `writeproof-${process.pid}-${state.made}`);
  mkdirSync(folder);
  const group = new MemoryGroup(version, folder);
  try {
    group.limit(limitBytes);
    const [program, ...words] = group.entering(['/bin/true']);
    const trial = spawnSync(program, words, { encoding: 'utf8' });
    const killed = trial.signal !== null && (group.use().oomKills ?? 0) > 0;
    // A limit that a shell does not fit in is a limit in force.
    if (trial.status !== 0 && !killed)
      throw new Error(trial.stderr.trim().split(': ').at(-1) ?? 'a process cannot enter');
    return group;
  } catch (error) {
    group.removeNow();
    throw error;
  }
}

/** A sentence without paths: those of cgroups tell of users and containers. */
function whyNot(parent: string, version: 1 | 2, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  const controllers = readText(path.join(parent, 'cgroup.subtree_control'))?.trim();
  if (version === 2 && controllers !== undefined && !controllers.split(' ').includes('memory')) {
    return 'memory is not in its cgroup.subtree_control';
  }
  return code ?? messageOf(error);
}

const HINT =
  'groups can be made as root, or, where systemd delegates, by "systemd-run --user --scope -p Delegate=yes" before the command';

/** A group with this limit, or why there is none. */
export function makeMemoryGroup(
  limitBytes: number,
  places: MemoryPlaces | null,
): MemoryGroup | { readonly refused: string } {
  if (places === null) return { refused: 'no cgroup of this process with a memory controller is to be seen in /proc' };
  const { version, folders } = places;
  const tried: string[] = [];
  for (const [index, folder] of folders.entries()) {
    try {
      return makeIn(version, folder, limitBytes);
    } catch (error) {
      tried.push(`${index === 0 ? 'in the own group' : `${index} above it`}: ${whyNot(folder, version, error)}`);
    }
  }
  return { refused: `no cgroup (version ${version}) with a memory limit could be made: ${tried.join('; ')}; ${HINT}` };
}
