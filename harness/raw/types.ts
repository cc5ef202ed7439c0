/** Files of raw bytes: what is asked for and what comes back, as `writeproof-worker write-file` and `read-and-validate` have it. */

/** What a file's bytes are made from. Any part of them can be made again alone. */
export interface RawSettings {
  /** 0 to 2^53 − 1. Contents of different seeds have no block in common. */
  readonly seed: number;
  /** Bytes. */
  readonly size: number;
  /** Blocks to different blocks, 1 to 1000. */
  readonly dedupRatio: number;
  /** Bytes to bytes that are random, 1 to 1000. */
  readonly compressRatio: number;
}

export interface WriteFileOptions extends RawSettings {
  /** Bytes of one buffer and of one write: a multiple of 4096. */
  readonly bufferSize: number;
  readonly bufferCount: number;
  /** A buffer size that is no multiple of 4096 is rounded up, not refused. */
  readonly roundBuffer: boolean;
  /** O_DIRECT; an error where the file system has none. */
  readonly direct: boolean;
  /** io_uring where the kernel gives it, else pwrite with a note; false: pwrite. */
  readonly ioUring: boolean;
  /** Space is reserved first, so that a disk that is too small is known at once, and writes do not wait for one another to make the file longer. */
  readonly preallocate: boolean;
  /** Threads that make the bytes. */
  readonly threads: number;
  /** A file of that name is replaced, once the new one is whole. */
  readonly overwrite: boolean;
  /** What was written before a failure or an abort stays, under the final name. */
  readonly keepPartial: boolean;
}

/** Memory and CPU time of the process that did it, its own start left out. */
interface Weighed {
  /** Null where the kernel does not let the peak be reset. */
  readonly rss: { readonly beforeBytes: number; readonly peakBytes: number; readonly growthBytes: number } | null;
  readonly cpuNs: { readonly user: number; readonly system: number };
}

export interface WrittenFile extends Weighed {
  readonly bytes: number;
  readonly operations: number;
  readonly shortWrites: number;
  /** The way that the bytes went. */
  readonly mode: 'buffered' | 'direct-pwrite' | 'direct-io_uring';
  readonly registeredBuffers: boolean;
  readonly bufferBytes: number;
  readonly buffers: number;
  readonly threads: number;
  /** Nodes that the buffers were bound to; 0 where there is one. */
  readonly numaNodes: number;
  /** To the end of the last write. */
  readonly returnNs: number;
  /** To after fsync of the file and of its directory. */
  readonly durableNs: number;
  /** Making bytes, summed over the threads. */
  readonly generateNs: number;
  /** The writing thread waited for bytes. */
  readonly waitNs: number;
  /** What was done otherwise than asked, and why. */
  readonly notes: readonly string[];
}

export interface ValidateOptions {
  /** What is null, the file's own blocks say. */
  readonly size: number | null;
  readonly seed: number | null;
  readonly dedupRatio: number | null;
  readonly compressRatio: number | null;
  /** O_DIRECT where the file system has it; else, and for false, the file's pages are dropped first. */
  readonly direct: boolean;
  readonly bufferSize: number;
  /** Threads that read and compare, with a buffer each. */
  readonly threads: number;
  /** Bad extents that are named. */
  readonly mostExtents: number;
}

/** Blocks of 4096 bytes in a row that are wrong in one way. */
export type BadExtent = {
  readonly offset: number;
  readonly bytes: number;
  /** XXH3-64 of each block, seeded with its offset, added up modulo 2^64: of what belongs there, and of what stands there. */
  readonly expected: string;
  readonly actual: string;
  readonly first: { readonly offset: number; readonly expected: number; readonly actual: number };
} & (
  | { readonly kind: 'zeros' | 'other' }
  | { readonly kind: 'bits'; readonly flipped: number }
  /** Blocks of this file that belong at `position`. */
  | { readonly kind: 'misplaced'; readonly position: number }
  /** Blocks that another run wrote. */
  | ({ readonly kind: 'other-run'; readonly position: number } & RawSettings)
);

export interface Validation extends Weighed {
  readonly expected: RawSettings;
  /** Some of it was not given, and is what blocks of the file say. */
  readonly byItsOwnWord: boolean;
  /** Of the file. */
  readonly size: number;
  readonly compared: number;
  readonly badBlocks: number;
  readonly badExtents: number;
  /** The first of them. */
  readonly extents: readonly BadExtent[];
  /** Where the bytes came from. */
  readonly cold: 'direct' | 'dropped-pages' | 'page-cache';
  readonly note: string | null;
  readonly readNs: number;
}

/** Every byte is there and right, and no other. */
export const isRight = ({ size, expected, compared, badBlocks }: Validation): boolean =>
  size === expected.size && compared === size && badBlocks === 0;

/** What a caller may have with a call that takes long. */
export interface Watching {
  /** Bytes so far, at most ten times a second. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}
