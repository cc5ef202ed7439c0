/** The file system of test/fault-fs, mounted for one trial: it fails calls, takes half of writes, is slow, or loses power. */

import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
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
  /** Calls that something was done to. */
  readonly injected: number;
}

type Answer =
  | { readonly event: 'mounted' | 'cut' }
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
export class FaultFileSystem {
  private constructor(
    /** Where it is mounted. */
    readonly mountpoint: string,
    /** What is left after the cut. */
    readonly after: string,
    private readonly child: ChildProcessByStdio<Writable, Readable, null>,
    private readonly answers: AsyncIterator<string>,
  ) {}

  /** Mounts one in a folder that is there and empty; its files lie in that folder. */
  static async mount(folder: string, options: FaultFileSystemOptions = {}): Promise<FaultFileSystem> {
    const mountpoint = path.join(folder, 'mount');
    const store = path.join(folder, 'store');
    await mkdir(mountpoint);
    // A group of its own: Ctrl-C ends us, and we end it in order.
    const child = spawn(builtFile(PROGRAM), ['mount'], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdin.on('error', () => undefined);
    const lines = createInterface({ input: child.stdout });
    const made = new FaultFileSystem(mountpoint, path.join(store, 'after'), child, lines[Symbol.asyncIterator]());
    const answer = await made.ask({ mountpoint, store, ...options });
    if (answer.event !== 'mounted') throw new Error(`no file system was mounted: ${JSON.stringify(answer)}`);
    return made;
  }

  /** Cuts the power. Everything fails with EIO from here on; `after` holds what was durable. */
  async cut(): Promise<void> {
    const answer = await this.ask('cut');
    if (answer.event !== 'cut') throw new Error(`the power could not be cut: ${JSON.stringify(answer)}`);
  }

  async counts(): Promise<Counts> {
    const answer = await this.ask('counts');
    if (answer.event !== 'counts') throw new Error(`no counts: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Unmounts. */
  async end(): Promise<void> {
    const exited = this.child.exitCode === null ? once(this.child, 'exit') : null;
    this.child.stdin.end();
    await exited;
  }

  private async ask(question: unknown): Promise<Answer> {
    this.child.stdin.write(`${JSON.stringify(question)}\n`);
    const line = await this.answers.next();
    if (line.done === true) throw new Error(`${PROGRAM} ended without an answer`);
    return JSON.parse(line.value) as Answer;
  }
}
