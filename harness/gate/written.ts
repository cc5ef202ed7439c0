/** Bytes and calls by which a writer's output crossed to the kernel. */

import type { Measurement } from '../types.js';
import type { Count } from './counters.js';

export interface Written {
  readonly 'written bytes': Count;
  readonly 'write calls': Count;
}

/** What a writer of ours says of a sink. */
interface SaidIo {
  readonly mode: string;
  readonly operations: number;
}

function saidIo(writerSays: unknown): SaidIo | null {
  const io = (writerSays as { readonly io?: Partial<SaidIo> } | null)?.io;
  const { mode, operations } = io ?? {};
  return typeof mode === 'string' && typeof operations === 'number' ? { mode, operations } : null;
}

const RING = 'direct-io_uring';

/**
 * The kernel counts calls of write and its like and their bytes; what goes through io_uring is in neither. Its bytes are among those sent
 * towards storage, and its operations are what the writer says; of several workers, each says its own.
 */
export function writtenOf(measurement: Measurement, writerSays: unknown): Written {
  const { io, diskBytes } = measurement;
  const neither = (why: string): Written => ({ 'written bytes': { why }, 'write calls': { why } });
  if (io === null) return neither('the counters of /proc could not be read');
  const said = (Array.isArray(writerSays) ? writerSays : [writerSays]).map(saidIo);
  const rings = said.filter((one) => one?.mode === RING);
  if (rings.length > 0) {
    const operations = rings.reduce((sum, one) => sum + (one?.operations ?? 0), 0);
    const bytes: Count =
      io.writeBytes >= diskBytes
        ? { value: io.writeBytes }
        : { why: `the kernel says that ${io.writeBytes} bytes went towards storage, for files of ${diskBytes}` };
    return { 'written bytes': bytes, 'write calls': { value: io.writeCalls + operations } };
  }
  if (io.writtenChars < diskBytes) {
    return neither(
      `${io.writtenChars} of ${diskBytes} bytes came by calls that the kernel counts; those of io_uring and mmap it does not`,
    );
  }
  return { 'written bytes': { value: io.writtenChars }, 'write calls': { value: io.writeCalls } };
}
