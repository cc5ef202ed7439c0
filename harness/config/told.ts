/** A program that builds something: what it prints is told as it comes, and its last lines are kept for a sentence. */

import { spawn, type SpawnOptions } from 'node:child_process';
import { messageOf } from '../misuse.js';
import { ended } from '../run/child.js';

const KEPT_CHARACTERS = 16_384;

export interface ToldEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started, or was given up; null where it ran to its end. */
  readonly error: string | null;
  /** The last lines of both streams, so many at most. */
  readonly lastLines: (most: number) => string;
}

export async function runTold(
  [program, ...words]: readonly [string, ...string[]],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'signal'>,
  tell: (text: string) => void,
): Promise<ToldEnd> {
  const child = spawn(program, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      tell(text);
      tail = `${tail}${text}`.slice(-KEPT_CHARACTERS);
    });
  }
  const lastLines = (most: number): string => tail.trimEnd().split('\n').slice(-most).join('\n');
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ code: null, signal: null, error: messageOf(error), lastLines });
    });
    void ended(child).then(({ exitCode: code, signal }) => {
      resolve({ code, signal, error: null, lastLines });
    });
  });
}
