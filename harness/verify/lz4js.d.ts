declare module 'lz4js' {
  /** Decodes `bytes` of an LZ4 block from `start` into `into` at `at`; returns where it ended there. */
  export function decompressBlock(
    block: Uint8Array,
    into: Uint8Array,
    start: number,
    bytes: number,
    at: number,
  ): number;
}
