/** The file system of test/fault-fs, mounted for one trial: it fails calls, takes half of writes, is slow, or loses power. */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { builtFile, isBuilt } from '../paths.js';

const PROGRAM = 'writeproof-fault-fs';

/** Kinds of calls that the file system counts; `change` is any that changes the disk, or what of it is durable. */
export type Call =
  | 'create'
  | 'mkdir'
  | 'open'
  | 'read'
  | 'write'
  | 'truncate'
  | 'fallocate'
  | 'link'
  | 'rename'
  | 'unlink'
  | 'rmdir'
  | 'fsync'
  | 'fsyncdir'
  | 'flush'
  | 'change';

export interface Rule {
  readonly call: Call;
  /** From 1. */
  readonly nth: number;
  /** So many calls from the n-th on; absent: all of them. */
  readonly times?: number;
  readonly effect: { readonly errno: number } | 'short' | 'cut';
}

export interface Counts {
  readonly calls: Readonly<{ [call in Call]?: number }>;
  /** The file, from the mountpoint, of each call that something was done to. */
  readonly hits: readonly string[];
}

type Answer =
  | { readonly event: 'mounted' }
  | { readonly event: 'cut' }
  | { readonly event: 'refused' | 'failed'; readonly reason: string }
  | ({ readonly event: 'counts' } & Counts);

/** Why nothing can be mounted here; null where it works. Asks once a process, by mounting. */
export function whyNoFaultFileSystem(): string | null {
  reason ??= { why: askProgram() };
  return reason.why;
}

let reason: { readonly why: string | null } | undefined;

function askProgram(): string | null {
  if (!isBuilt(PROGRAM)) return `${PROGRAM} is not built: run "npm run setup"`;
  const { status, stdout, stderr, error } = spawnSync(builtFile(PROGRAM), ['probe'], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (error !== undefined || status !== 0) return `${PROGRAM} probe failed: ${error?.message ?? stderr.trim()}`;
  const said = JSON.parse(stdout) as { readonly works: boolean; readonly reason: string | null };
  return said.works ? null : (said.reason ?? 'no reason given');
}

export interface FaultFileSystemOptions {
  readonly rules?: readonly Rule[];
  readonly writeDelayMicroseconds?: number;
}

/** A mounted file system. It ends with this process, whatever happens to that: its standard input does. */
export interface FaultFileSystem {
  /** Where it is mounted. */
  readonly mountpoint: string;
  /** What is left after the cut. */
  readonly after: string;
  /** Cuts the power. Everything fails with EIO from here on; `after` holds what was durable. */
  readonly cut: () => Promise<void>;
  readonly counts: () => Promise<Counts>;
  /** Unmounts. */
  readonly end: () => Promise<void>;
}

/** Mounts one in a folder that is there and empty; its files lie in that folder too. */
export async function mountFaultFileSystem(
  folder: string,
  options: FaultFileSystemOptions = {},
): Promise<FaultFileSystem> {
  const mountpoint = path.join(folder, 'mount');
  const store = path.join(folder, 'store');
  await mkdir(mountpoint);
  // A group of its own: Ctrl-C ends us, and we end it in order.
  const child = spawn(builtFile(PROGRAM), ['mount'], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => undefined);
  const exited = once(child, 'exit');
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async <Event extends Answer['event']>(
    question: unknown,
    event: Event,
  ): Promise<Extract<Answer, { readonly event: Event }>> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const line = await answers.next();
    if (line.done === true) throw new Error(`${PROGRAM} ended without an answer`);
    const answer = JSON.parse(line.value) as Answer;
    if (answer.event !== event) throw new Error(`${PROGRAM} answered ${line.value}, expected ${event}`);
    return answer as Extract<Answer, { readonly event: Event }>;
  };
  await ask({ mountpoint, store, ...options }, 'mounted');
  return {
    mountpoint,
    after: path.join(store, 'after'),
    cut: async () => {
      await ask('cut', 'cut');
    },
    counts: async () => ask('counts', 'counts'),
    end: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
