/**
 * Parquet by `parquet-wasm`. Batches go into WebAssembly's memory as Arrow IPC, which is its only way in.
 *
 * `accumulate` is `writeParquet`: the whole table, its file and WebAssembly's copies of both at once. `stream` is
 * `transformParquetStream`: batches go in one by one and encoded bytes come out after each row group, so that one row group is
 * held; there is no other way to write in steps.
 */

import { Schema, Table, tableToIPC, type RecordBatch } from 'apache-arrow';
import {
  Compression,
  Table as WasmTable,
  transformParquetStream,
  writeParquet,
  WriterPropertiesBuilder,
  type RecordBatch as WasmBatch,
  type WriterProperties,
} from 'parquet-wasm';
import type { CreateRequest, OpenWriter, WriterModule } from '../../../harness/module-worker/writer-module.js';
import { parquetWasm } from '../parquet-wasm.js';
import { TargetFile } from './disk.js';

const CODECS: Readonly<{ [name: string]: Compression }> = {
  none: Compression.UNCOMPRESSED,
  snappy: Compression.SNAPPY,
  zstd: Compression.ZSTD,
};

function propertiesOf({ options, nonce }: CreateRequest): WriterProperties {
  const codec = CODECS[String(options['compression'])];
  const rowGroupRows = options['rowGroupRows'];
  if (codec === undefined) throw new Error(`compression cannot be ${String(options['compression'])}`);
  if (typeof rowGroupRows !== 'number' || !Number.isSafeInteger(rowGroupRows) || rowGroupRows < 1) {
    throw new Error(`rowGroupRows must be a whole number of 1 or more, not ${String(rowGroupRows)}`);
  }
  return new WriterPropertiesBuilder()
    .setCompression(codec)
    .setMaxRowGroupSize(rowGroupRows)
    .setKeyValueMetadata(new Map([['writeproof.nonce', nonce]]))
    .build();
}

const toWasm = (schema: Schema, batches: readonly RecordBatch[]): WasmTable =>
  WasmTable.fromIPCStream(tableToIPC(new Table(schema, [...batches]), 'stream'));

function accumulating(request: CreateRequest): OpenWriter {
  const file = new TargetFile(request.target);
  const properties = propertiesOf(request);
  const batches: RecordBatch[] = [];
  return {
    write(batch) {
      batches.push(batch);
    },
    close() {
      // Takes table and properties: both are WebAssembly's to free.
      file.write([writeParquet(toWasm(request.schema, batches), properties)]);
      file.close();
      return { writeNs: file.writeNs };
    },
    abort() {
      file.close();
    },
  };
}

function streaming(request: CreateRequest): OpenWriter {
  const file = new TargetFile(request.target);
  const properties = propertiesOf(request);
  const { readable, writable } = new TransformStream<WasmBatch, WasmBatch>();
  const input = writable.getWriter();
  const toFile = async (): Promise<void> => {
    // Answers once it has seen the first batch, from which it takes the schema.
    const output = (await transformParquetStream(readable, properties)) as ReadableStream<Uint8Array>;
    for await (const chunk of output) file.write([chunk]);
  };
  const done = toFile();
  // A failure is thrown by the step that waits next; until then it must not count as one that nobody awaits.
  done.catch(() => undefined);
  const orFailed = async (step: Promise<void>): Promise<void> => {
    await Promise.race([step, done.then(async () => step)]);
  };
  return {
    async write(batch) {
      const table = toWasm(request.schema, [batch]);
      const [moved] = table.recordBatches();
      // The batch holds what it needs; the table would hold it too, until some garbage collection.
      table.free();
      if (moved === undefined) throw new Error('parquet-wasm took a batch, and has none');
      await orFailed(input.write(moved));
    },
    async close() {
      await orFailed(input.close());
      await done;
      file.close();
      return { writeNs: file.writeNs };
    },
    async abort() {
      await input.abort().catch(() => undefined);
      file.close();
    },
  };
}

const { name, format, extension, options } = parquetWasm;

const writer: WriterModule = {
  name,
  format,
  extension,
  variants: ['accumulate', 'stream'],
  options,
  create: (request) => (request.variant === 'stream' ? streaming(request) : accumulating(request)),
};

export default writer;
