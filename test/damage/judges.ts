/** Judges many damaged files in turn in one process, which is started again when it ends, hangs, or takes too much memory. */

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { VerifyJob } from '../../harness/types.js';
import type { Judgement } from './judging-process.js';

const SCRIPT = fileURLToPath(new URL('judging-process.js', import.meta.url));
/** More is runaway memory, whatever the file says of itself. */
export const MOST_MEMORY_BYTES = 2 * 2 ** 30;
/** Above anything that a slow machine needs for a file of a few kilobytes. */
export const MOST_MS = 60_000;
const LOOK_MS = 20;
/** Then a new process: what libraries never give back must not add up. */
const JUDGEMENTS_OF_A_PROCESS = 500;

/** How a judgement ended that gave none. */
export type Ending = 'ended' | 'hung' | 'memory';

export type Judged = Judgement | { readonly ending: Ending; readonly how: string };

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly answers: AsyncIterator<string>;
  readonly lines: Interface;
  readonly said: () => string;
  judgements: number;
}

/** Bytes after the name in /proc/PID/status; 0 when the process is gone. */
function statusBytes(pid: number, name: 'VmRSS' | 'VmHWM'): number {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function start(): Running {
  const child = spawn(process.execPath, [SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout });
  return { child, lines, answers: lines[Symbol.asyncIterator](), said: () => said.trim(), judgements: 0 };
}

export class Judges {
  /** The most memory that one judgement took, bytes. */
  peakBytes = 0;
  started = 0;
  #running: Running | null = null;

  public async judge(job: VerifyJob): Promise<Judged> {
    const running = this.#process();
    const { child, answers } = running;
    const { pid = 0 } = child;
    // The peak begins anew.
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    running.judgements += 1;
    const stopped: { why: Ending | null } = { why: null };
    const stop = (why: Ending): void => {
      stopped.why ??= why;
      child.kill('SIGKILL');
    };
    const late = setTimeout(() => {
      stop('hung');
    }, MOST_MS);
    const look = setInterval(() => {
      if (statusBytes(pid, 'VmRSS') > MOST_MEMORY_BYTES) stop('memory');
    }, LOOK_MS);
    child.stdin.write(`${JSON.stringify(job)}\n`);
    const { value, done } = (await answers.next()) as { readonly value?: string; readonly done?: boolean };
    clearTimeout(late);
    clearInterval(look);
    const peak = statusBytes(pid, 'VmHWM');
    this.peakBytes = Math.max(this.peakBytes, peak);
    if (done === true || value === undefined) {
      const how = await ending(running);
      this.#running = null;
      return { ending: stopped.why ?? 'ended', how };
    }
    if (peak > MOST_MEMORY_BYTES) return { ending: 'memory', how: `${peak} bytes at its largest` };
    return JSON.parse(value) as Judgement;
  }

  /** Ends the process. */
  public async end(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (running === null) return;
    running.child.stdin.end();
    await ending(running);
  }

  #process(): Running {
    const judged = this.#running?.judgements ?? 0;
    if (judged >= JUDGEMENTS_OF_A_PROCESS) {
      this.#running?.child.stdin.end();
      this.#running = null;
    }
    this.#running ??= this.#start();
    return this.#running;
  }

  #start(): Running {
    this.started += 1;
    return start();
  }
}

async function ending({ child, said }: Running): Promise<string> {
  if (child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => child.once('close', resolve));
  }
  const how = child.signalCode ?? `exit code ${String(child.exitCode)}`;
  return `${how}: ${said().split('\n').slice(-3).join(' | ')}`;
}
