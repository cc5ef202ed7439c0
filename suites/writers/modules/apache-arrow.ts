/**
 * Arrow IPC files by `apache-arrow`. `stream` writes each batch as it comes; `accumulate` keeps the batches and makes the whole
 * file in memory at close, as `tableToIPC` is used.
 */

import { AsyncByteQueue, RecordBatchFileWriter, Schema, Table, tableToIPC, type RecordBatch } from 'apache-arrow';
import type { CreateRequest, OpenWriter, WriterModule } from '../../../harness/module-worker/writer-module.js';
import { apacheArrow } from '../apache-arrow.js';
import { Dictionaries } from './dictionaries.js';
import { TargetFile } from './disk.js';

/** Takes the library's output chunk by chunk, so that each batch goes to the file before the next comes. */
class Chunks extends AsyncByteQueue {
  private held: Uint8Array[] = [];

  override write(chunk: Uint8Array): void {
    this.held.push(chunk);
  }

  take(): readonly Uint8Array[] {
    const taken = this.held;
    this.held = [];
    return taken;
  }
}

function withNonce({ fields, metadata, dictionaries, metadataVersion }: Schema, nonce: string): Schema {
  return new Schema(fields, new Map([...metadata, ['writeproof.nonce', nonce]]), dictionaries, metadataVersion);
}

function streaming({ target, schema, nonce }: CreateRequest): OpenWriter {
  const file = new TargetFile(target);
  const chunks = new Chunks();
  const dictionaries = new Dictionaries();
  const writer = new RecordBatchFileWriter().reset(chunks, withNonce(schema, nonce));
  const empty = (): void => {
    file.write(chunks.take());
  };
  return {
    write(batch) {
      writer.write(dictionaries.unified(batch));
      empty();
    },
    flush: empty,
    close() {
      writer.close();
      empty();
      file.close();
      return { writeNs: file.writeNs };
    },
    abort() {
      file.close();
    },
  };
}

function accumulating({ target, schema, nonce }: CreateRequest): OpenWriter {
  const file = new TargetFile(target);
  const batches: RecordBatch[] = [];
  const dictionaries = new Dictionaries();
  return {
    write(batch) {
      batches.push(dictionaries.unified(batch));
    },
    close() {
      file.write([tableToIPC(new Table(withNonce(schema, nonce), batches), 'file')]);
      file.close();
      return { writeNs: file.writeNs };
    },
    abort() {
      file.close();
    },
  };
}

const { name, format, extension, options } = apacheArrow;

const writer: WriterModule = {
  name,
  format,
  extension,
  variants: ['accumulate', 'stream'],
  options,
  create: (request) => (request.variant === 'stream' ? streaming(request) : accumulating(request)),
};

export default writer;
