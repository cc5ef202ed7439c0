/**
 * Batches as `apache-arrow` objects. The engine encodes each as Arrow IPC, it is copied into memory of its own, and decoded
 * there: a real deep copy, as between other languages. All of that is busy time of the hand-over, and inside the clock.
 */

import { RecordBatchReader, type RecordBatch, type RecordBatchStreamReader, type Schema } from 'apache-arrow';
import type { JobSource } from '../native.js';
import { engine, thrownAt } from './step.js';

/** Begins every message of a stream (the continuation marker). */
const MARKER = 0xffffffff;
const MARKER_BYTES = 4;

const now = process.hrtime.bigint.bind(process.hrtime);

export interface HandedBatch {
  readonly batch: RecordBatch;
  readonly rows: number;
  readonly arrowBytes: number;
}

/** Memory of the messages' size and of a marker after them. Node's pool would keep a batch as long as its neighbours. */
function memoryFor(bytes: number): Uint8Array {
  const memory = Buffer.allocUnsafeSlow(bytes + MARKER_BYTES);
  memory.writeUInt32LE(MARKER, bytes);
  return memory;
}

/** One stream to one reader, so that dictionaries are kept from batch to batch, and the schema is one object. */
export class Batches {
  readonly schema: Schema;
  /** Copying and decoding; encoding is counted by the source. */
  decodeNs = 0;
  private readonly source: JobSource;
  private readonly reader: RecordBatchStreamReader;
  private part: Uint8Array | null;

  constructor(source: JobSource) {
    this.source = source;
    const schema = source.schema();
    this.part = memoryFor(schema.byteLength);
    this.part.set(schema);
    try {
      this.reader = RecordBatchReader.from(this.parts()).open();
    } catch (error) {
      throw thrownAt('source', 'apache-arrow cannot read the schema of the table', error);
    }
    this.schema = this.reader.schema;
  }

  /**
   * The parts that the reader asks for. It asks for the next one as soon as all of the last is read, which would be a batch
   * ahead of us: so each part ends with the marker that begins the next, and the next begins without it.
   */
  private *parts(): Generator<Uint8Array> {
    let begun = false;
    while (this.part !== null) {
      const part = this.part;
      this.part = null;
      yield begun ? part.subarray(MARKER_BYTES) : part;
      begun = true;
    }
  }

  /** The next batch; null after the last. */
  next(): HandedBatch | null {
    const pulled = engine(() => this.source.pull());
    if (pulled === null) return null;
    const begun = now();
    const memory = memoryFor(pulled.encodedBytes);
    engine(() => {
      this.source.take(memory.subarray(0, pulled.encodedBytes));
    });
    this.part = memory;
    let batch: RecordBatch | null;
    try {
      batch = this.reader.next().value as RecordBatch | null;
    } catch (error) {
      throw thrownAt('write', 'apache-arrow cannot read a batch that was encoded for it', error);
    }
    if (batch?.numRows !== pulled.rows) {
      const read = batch === null ? 'none' : `one of ${batch.numRows} rows`;
      throw thrownAt(
        'write',
        'handing over a batch',
        `${pulled.rows} rows were encoded, and apache-arrow read ${read}`,
      );
    }
    this.decodeNs += Number(now() - begun);
    return { batch, rows: pulled.rows, arrowBytes: pulled.arrowBytes };
  }
}
