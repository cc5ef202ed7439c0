/** A child process in a process group of its own, so that it ends with everything it started. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** Time between the polite and the final signal, and for pipes to drain after the exit. */
const GRACE_MS = 1000;

const STDOUT_LIMIT_BYTES = 16 * 2 ** 20;
const STDERR_LIMIT_BYTES = 64 * 2 ** 10;

export interface ChildEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** The last 64 KiB. */
  readonly stderr: string;
  readonly timedOut: boolean;
  /** The signal of the run was given: an interruption, not a result. */
  readonly aborted: boolean;
  readonly wallNs: number;
  /** CLOCK_MONOTONIC, nanoseconds. */
  readonly spawnedAtNs: number;
  /** Why it could not be started at all. */
  readonly spawnError: string | null;
  /** Ends processes of the group that outlived their leader. Called after verification, so that a late write is seen. */
  readonly endLeftovers: () => void;
}

export interface ChildOptions {
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
  readonly stdoutLimitBytes?: number;
}

/** What a child said last: its reason, more often than not. */
export const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

const live = new Set<number>();
process.on('exit', () => {
  for (const group of live) signalGroup(group, 'SIGKILL');
});

/** False when nobody is left in the group. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

/** Reads the stream to its end and keeps the first (`head`) or last bytes: a flood must not fill memory. */
function bounded(stream: Readable, limitBytes: number, head: boolean): () => string {
  let chunks: Buffer[] = [];
  let held = 0;
  stream.on('data', (chunk: Buffer) => {
    if (head && held >= limitBytes) return;
    chunks.push(chunk);
    held += chunk.length;
    if (!head && held > 2 * limitBytes) {
      chunks = [Buffer.concat(chunks).subarray(-limitBytes)];
      held = limitBytes;
    }
  });
  return () => {
    const all = Buffer.concat(chunks);
    return (head ? all.subarray(0, limitBytes) : all.subarray(-limitBytes)).toString('utf8');
  };
}

interface Exit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The exit, and at most a grace later the end of its pipes: someone who kept them open must not keep us waiting. */
export async function ended(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (exitCode, signal) => {
      const done = (): void => {
        clearTimeout(grace);
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve({ exitCode, signal });
      };
      const grace = setTimeout(done, GRACE_MS);
      child.once('close', done);
    });
  });
}

/**
 * Runs `argv`, sends it `input(spawnedAtNs)` on stdin and waits for its end. Never rejects: whatever happens to a child
 * is a result.
 */
export async function runChild(
  argv: readonly [string, ...string[]],
  input: (spawnedAtNs: number) => string,
  options: ChildOptions,
): Promise<ChildEnd> {
  const started = process.hrtime.bigint();
  const child = spawn(argv[0], argv.slice(1), { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const group = child.pid;
  if (group === undefined) {
    const error = await new Promise<Error>((resolve) => child.once('error', resolve));
    return {
      exitCode: null,
      signal: null,
      stdout: '',
      stderr: '',
      timedOut: false,
      aborted: false,
      wallNs: Number(process.hrtime.bigint() - started),
      spawnedAtNs: Number(started),
      spawnError: error.message,
      endLeftovers: () => undefined,
    };
  }
  live.add(group);
  const stdout = bounded(child.stdout, options.stdoutLimitBytes ?? STDOUT_LIMIT_BYTES, true);
  const stderr = bounded(child.stderr, STDERR_LIMIT_BYTES, false);
  // A child that ends without reading its job closes the pipe: its exit status tells more than our EPIPE.
  child.stdin.on('error', () => undefined);
  child.on('error', () => undefined);
  const ending = ended(child);
  const exit = once(child, 'exit');
  child.stdin.end(input(Number(started)));

  const clock = { timedOut: false };
  let final: NodeJS.Timeout | undefined;
  const timer = setTimeout(() => {
    clock.timedOut = true;
    signalGroup(group, 'SIGTERM');
    final = setTimeout(() => signalGroup(group, 'SIGKILL'), GRACE_MS);
  }, options.timeoutSeconds * 1000);
  const abort = (): void => {
    signalGroup(group, 'SIGKILL');
  };
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted === true) abort();

  await exit;
  const wallNs = Number(process.hrtime.bigint() - started);
  clearTimeout(timer);
  clearTimeout(final);
  options.signal?.removeEventListener('abort', abort);
  const aborted = options.signal?.aborted ?? false;
  const { timedOut } = clock;
  if (timedOut || aborted) signalGroup(group, 'SIGKILL');
  const { exitCode, signal } = await ending;
  const leftovers = signalGroup(group, 0);
  if (!leftovers) live.delete(group);
  const endLeftovers = (): void => {
    if (leftovers && live.delete(group)) signalGroup(group, 'SIGKILL');
  };
  return {
    exitCode,
    signal,
    stdout: stdout(),
    stderr: stderr(),
    timedOut,
    aborted,
    wallNs,
    spawnedAtNs: Number(started),
    spawnError: null,
    endLeftovers,
  };
}
