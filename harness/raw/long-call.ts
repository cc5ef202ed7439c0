/** A call of the native worker that takes long: lines of progress, then a result or a failure; an abort lets it clean up. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Misuse } from '../misuse.js';
import { workerPath } from '../paths.js';
import type { Watching } from './types.js';

/** Time that an aborted call has to end its writes in flight and remove what it began. */
const GRACE_MS = 30_000;
const STDERR_LIMIT = 4096;

/** Why a file was not written or could not be read: never what is wrong with its bytes. */
export class RawFailure extends Misuse {
  readonly kind: 'misuse' | 'system' | 'changed';
  readonly errno: number | null;

  constructor(message: string, kind: RawFailure['kind'], errno: number | null) {
    super(message);
    this.kind = kind;
    this.errno = errno;
  }
}

type Line =
  | { readonly bytes: number }
  | ({ readonly outcome: 'done' } & object)
  | {
      readonly outcome: 'failed';
      readonly kind: RawFailure['kind'] | 'stopped';
      readonly message: string;
      readonly errno: number | null;
    };

/**
 * Asks the worker. Rejects with `RawFailure`, or with the signal's reason after an abort, when everything that it began is
 * removed.
 */
export async function longCall<Result>(
  command: 'write-file' | 'read-and-validate',
  job: unknown,
  { onProgress, signal }: Watching,
): Promise<Result> {
  signal?.throwIfAborted();
  const child = spawn(workerPath(), [command], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said = (said + text.toString('utf8')).slice(-STDERR_LIMIT);
  });
  // A child that ends early closes the pipe: what it says tells more.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(job));
  let killing: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    killing = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  };
  signal?.addEventListener('abort', stop, { once: true });
  let last: Line | null = null;
  try {
    for await (const text of createInterface({ input: child.stdout })) {
      const line = JSON.parse(text) as Line;
      if ('bytes' in line && !('outcome' in line)) onProgress?.(line.bytes);
      else last = line;
    }
    const [exitCode, killed] = await ended;
    if (last !== null && 'outcome' in last) {
      if (last.outcome === 'done') return last as Result;
      if (last.kind !== 'stopped') throw new RawFailure(last.message, last.kind, last.errno);
      signal?.throwIfAborted();
    }
    signal?.throwIfAborted();
    const how = killed === null ? `exit code ${String(exitCode)}` : `signal ${killed}`;
    throw new Misuse(
      `writeproof-worker ${command} ended with ${how}: ${said.trim() === '' ? 'it said nothing' : said.trim()}`,
    );
  } finally {
    clearTimeout(killing);
    signal?.removeEventListener('abort', stop);
  }
}
