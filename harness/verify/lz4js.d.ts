declare module 'lz4js' {
  /** Fills `into` with what an LZ4 frame holds; returns how many bytes that were. */
  export function decompressFrame(frame: Uint8Array, into: Uint8Array): number;
}
