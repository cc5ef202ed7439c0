/** What `write-file` and `read-and-validate` print, and how they watch. */

import progress from 'cli-progress';
import { byteRateText, bytesText, countText, plural, secondsText } from '../../reports/format.js';
import { RawFailure } from '../raw/long-call.js';
import { coldText, extentText, lengthText } from '../raw/texts.js';
import { isRight, type Validation, type WrittenFile } from '../raw/types.js';
import { EXIT } from '../exit-code.js';
import { exitWith } from './command.js';
import { interruptible } from './interrupt.js';
import { paint, print, say } from './output.js';

const GIBIBYTE = 2 ** 30;

/** Of one file: reports how many bytes are done. */
export type OnBytes = (bytes: number) => void;

export interface FilesWatcher {
  /** `bytes`: of all files together; null where nobody knows yet. */
  readonly start: (what: string, bytes: number | null) => OnBytes;
  readonly end: () => void;
}

/** A bar with the time left on a terminal; nothing when piped. */
export function filesWatcher(quiet: boolean): FilesWatcher {
  if (quiet || !process.stderr.isTTY) return { start: () => () => undefined, end: () => undefined };
  const bar = new progress.SingleBar({
    format: '{what} {bar} {percentage} % {eta_formatted} left',
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  return {
    start: (what, bytes) => {
      bar.start(bytes ?? 0, 0, { what });
      return (done) => {
        bar.update(done);
      };
    },
    end: () => {
      bar.stop();
    },
  };
}

/** Of several files that are worked on at once. */
export function together(count: number, onBytes: OnBytes): readonly OnBytes[] {
  const done = new Array<number>(count).fill(0);
  return done.map((_, index) => (bytes) => {
    done[index] = bytes;
    onBytes(done.reduce((sum, one) => sum + one, 0));
  });
}

/** All of them, also where one fails: the first failure only after all have ended. */
export async function allOf<Result>(work: readonly Promise<Result>[]): Promise<readonly Result[]> {
  const ended = await Promise.allSettled(work);
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason as Error;
    return one.value;
  });
}

/** Runs what can be interrupted; a file that changed under its reader proves nothing. */
export async function interruptibly(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const { signal, release } = interruptible();
  try {
    await work(signal);
  } catch (error) {
    if (signal.aborted) exitWith(EXIT.interrupted);
    else if (error instanceof RawFailure && error.kind === 'changed') {
      say(error.message);
      exitWith(EXIT.integrity);
    } else throw error;
  } finally {
    release();
  }
}

const rate = (bytes: number, ns: number): string => byteRateText(bytes / (ns / 1e9));
const cpuText = ({ cpuNs }: Pick<WrittenFile, 'cpuNs'>, bytes: number): string =>
  `${((cpuNs.user + cpuNs.system) / 1e9 / (bytes / GIBIBYTE)).toFixed(2)} CPU seconds a GiB`;

function memoryText({ rss }: Pick<WrittenFile, 'rss'>): string {
  return rss === null
    ? 'peak RSS not measured'
    : `peak RSS ${bytesText(rss.peakBytes)}, grown by ${bytesText(rss.growthBytes)}`;
}

const WAY: Readonly<{ [mode in WrittenFile['mode']]: string }> = {
  buffered: 'pwrite through the page cache',
  'direct-pwrite': 'pwrite with O_DIRECT',
  'direct-io_uring': 'io_uring with O_DIRECT',
};

export function wayText(written: WrittenFile): string {
  const { mode, buffers, bufferBytes, registeredBuffers, numaNodes } = written;
  const registered = mode !== 'direct-io_uring' ? '' : registeredBuffers ? ', registered' : ', not registered';
  const nodes = numaNodes === 0 ? '' : `, bound to ${plural(numaNodes, 'NUMA node')}`;
  return `${WAY[mode]}, ${plural(buffers, 'buffer')} of ${bytesText(bufferBytes)}${registered}${nodes}`;
}

/** How fast it was: only of bytes that were read back and right. */
export function printSpeed(written: WrittenFile): void {
  const { bytes, returnNs, durableNs, operations, shortWrites } = written;
  print(
    `${rate(bytes, durableNs)} to durable (${secondsText(durableNs)}), ${rate(bytes, returnNs)} to the last write's end (${secondsText(returnNs)})`,
  );
  const short = shortWrites === 0 ? '' : `, ${countText(shortWrites)} of them ended short and were continued`;
  print(`${plural(operations, 'write')}${short}; ${memoryText(written)}; ${cpuText(written, bytes)}`);
}

/** True where every byte is right. */
export function printValidation(file: string, validation: Validation): boolean {
  const { expected, byItsOwnWord, readNs, compared, badBlocks, badExtents, extents } = validation;
  const length = lengthText(validation);
  if (length !== null) print(paint.red(length));
  for (const extent of extents) print(paint.red(extentText(extent)));
  if (badExtents > extents.length) print(paint.red(`and ${plural(badExtents - extents.length, 'bad extent')} more`));
  const { seed, size } = expected;
  const by = byItsOwnWord ? ', as its own blocks say' : '';
  const what = `${countText(size)} bytes made from seed ${seed}${by}`;
  const right = isRight(validation);
  if (right) print(paint.green(`verified: ${file}: every one of ${what}`));
  else {
    const blocks = badBlocks === 0 ? '' : `: ${plural(badBlocks, 'block')} of 4096 bytes wrong`;
    print(paint.red(`corrupt: ${file}: not ${what}${blocks}`));
  }
  print(`${coldText(validation)}, ${rate(compared, readNs)} (${secondsText(readNs)}); ${memoryText(validation)}`);
  return right;
}
