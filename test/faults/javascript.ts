/**
 * JavaScript writers that lie, each in one way, around one that does not: the registered module that option `over` names. A fault
 * that did not damage anything throws at close, so that it is never counted as caught or missed.
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { RecordBatch } from 'apache-arrow';
import type { CreateRequest, OpenWriter, WriterModule } from '../../harness/module-worker/writer-module.js';
import apacheArrow from '../../suites/writers/modules/apache-arrow.js';
import parquetWasm from '../../suites/writers/modules/parquet-wasm.js';

/** The registered modules; each is the wrong format for the other. */
const MODULES: Readonly<{ [over: string]: { readonly right: WriterModule; readonly other: WriterModule } }> = {
  'apache-arrow': { right: apacheArrow, other: parquetWasm },
  'parquet-wasm': { right: parquetWasm, other: apacheArrow },
};

/** What both formats end with. */
const MAGICS = ['PAR1', 'ARROW1'];

/** A nonce that no run has: those are random text without blanks. */
const OLDER_RUN = 'older run';

/** A writer with a fault: the steps that are not the honest ones, and whether it has damaged something, asked after close. */
interface Lie {
  readonly steps: Partial<OpenWriter>;
  readonly damaged: () => boolean;
  /** What would have been needed. */
  readonly needed: string;
}

function fail(text: string): never {
  throw new Error(text);
}

function endsWithMagic(target: string): boolean {
  const descriptor = openSync(target, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const tail = Buffer.alloc(Math.min(size, 6));
    readSync(descriptor, tail, 0, tail.length, size - tail.length);
    return MAGICS.some((magic) => tail.toString('latin1').endsWith(magic));
  } finally {
    closeSync(descriptor);
  }
}

function ackOnly(open: OpenWriter): Lie {
  let rows = 0;
  let calls = 0;
  return {
    steps: {
      async write(batch) {
        rows += batch.numRows;
        // parquet-wasm takes the schema from a batch.
        if (calls++ === 0) await open.write(batch.slice(0, 0));
      },
    },
    damaged: () => rows > 0,
    needed: 'no batch had rows',
  };
}

function dropLastBatch(open: OpenWriter): Lie {
  let held: RecordBatch | null = null;
  return {
    steps: {
      async write(batch) {
        if (batch.numRows === 0) return open.write(batch);
        const before = held;
        held = batch;
        if (before !== null) await open.write(before);
      },
    },
    damaged: () => held !== null,
    needed: 'no batch had rows',
  };
}

function duplicateBatch(open: OpenWriter): Lie {
  let damaged = false;
  return {
    steps: {
      async write(batch) {
        if (!damaged && batch.numRows > 0) {
          damaged = true;
          await open.write(batch.slice(0, batch.numRows));
        }
        await open.write(batch);
      },
    },
    damaged: () => damaged,
    needed: 'no batch had rows',
  };
}

/** The rows of one batch are those of the batch before: their number is right. */
function duplicateAndDrop(open: OpenWriter): Lie {
  let before: RecordBatch | null = null;
  let damaged = false;
  return {
    steps: {
      async write(batch) {
        const replaces = !damaged && before !== null && batch.numRows > 0 && batch.numRows <= before.numRows;
        const written = replaces && before !== null ? before.slice(0, batch.numRows) : batch;
        damaged ||= replaces;
        if (batch.numRows > 0) before = batch;
        await open.write(written);
      },
    },
    damaged: () => damaged,
    needed: 'no batch had rows for the next to be replaced by',
  };
}

const rowText = (batch: RecordBatch, row: number): string =>
  JSON.stringify(batch.get(row)?.toArray(), (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );

/** The second half of a batch comes before its first. */
function shuffleRows(open: OpenWriter): Lie {
  let damaged = false;
  return {
    steps: {
      async write(batch) {
        const half = Math.floor(batch.numRows / 2);
        if (damaged || half === 0 || rowText(batch, 0) === rowText(batch, half)) return open.write(batch);
        damaged = true;
        await open.write(batch.slice(half));
        await open.write(batch.slice(0, half));
      },
    },
    damaged: () => damaged,
    needed: 'no batch has two halves that differ',
  };
}

/** The second value of a column of integers is the first. */
function changeValue(open: OpenWriter, { arrow }: CreateRequest): Lie {
  let damaged = false;
  const change = (batch: RecordBatch): boolean =>
    batch.data.children.some((column) => {
      if (!arrow.DataType.isInt(column.type) || column.nullCount > 0 || column.length < 2) return false;
      const values = column.values as (number | bigint)[] | Int32Array | BigInt64Array;
      const [first, second] = values;
      if (first === undefined || first === second) return false;
      values[1] = first;
      return values[1] === first;
    });
  return {
    steps: {
      async write(batch) {
        damaged ||= change(batch);
        await open.write(batch);
      },
    },
    damaged: () => damaged,
    needed: 'no column of integers without nulls begins with two values',
  };
}

/** Its files are closed as they are. */
function noFooter(open: OpenWriter, { target }: CreateRequest): Lie {
  return {
    steps: {
      async close() {
        await open.abort();
        return {};
      },
    },
    damaged: () => !endsWithMagic(target),
    needed: 'the file has its end',
  };
}

/** Close is begun, and nobody waits for its end. */
function closeUnawaited(open: OpenWriter): Lie {
  let ended = false;
  return {
    steps: {
      close() {
        const closing = open.close();
        ended = !(closing instanceof Promise);
        return {};
      },
    },
    damaged: () => !ended,
    needed: 'close does not return a promise',
  };
}

/** Close fails, as the file cannot be written any more, and nobody says so. */
function swallowCloseError(open: OpenWriter): Lie {
  let thrown = false;
  return {
    steps: {
      async close() {
        await open.abort();
        try {
          return await open.close();
        } catch {
          thrown = true;
          return {};
        }
      },
    },
    damaged: () => thrown,
    needed: 'close did not fail',
  };
}

const honest = (): Lie => ({ steps: {}, damaged: () => true, needed: '' });

type MakeLie = (open: OpenWriter, request: CreateRequest) => Lie;

const FAULTS: Readonly<{ [fault: string]: MakeLie }> = {
  none: honest,
  'ack-only': ackOnly,
  'drop-last-batch': dropLastBatch,
  'dup-batch': duplicateBatch,
  'dup-drop': duplicateAndDrop,
  'row-shuffle': shuffleRows,
  'value-changed': changeValue,
  'no-footer': noFooter,
  'close-not-awaited': closeUnawaited,
  'close-error-swallowed': swallowCloseError,
  // These are honest with another nonce, and in another format.
  'stale-file': (_, { nonce }) => ({ ...honest(), damaged: () => nonce !== OLDER_RUN, needed: 'the nonce is the older' }),
  'wrong-format': honest,
};

async function create(request: CreateRequest): Promise<OpenWriter> {
  const { options, nonce } = request;
  const fault = String(options['fault']);
  const modules = MODULES[String(options['over'])] ?? fail(`no writer ${String(options['over'])} to be over`);
  const makeLie = FAULTS[fault] ?? fail(`no fault ${fault}`);
  const module = fault === 'wrong-format' ? modules.other : modules.right;
  const open = await module.create({ ...request, nonce: fault === 'stale-file' ? OLDER_RUN : nonce });
  const { steps, damaged, needed } = makeLie(open, request);
  const lying = { ...open, ...steps };
  return {
    ...lying,
    async close() {
      const said = await lying.close();
      if (!damaged()) fail(`fault changed nothing: ${fault}: ${needed}`);
      return said;
    },
  };
}

/** A module says of itself one format: that of the writer that it is usually over. */
export function faultyModule(over: string): WriterModule {
  const { right } = MODULES[over] ?? fail(`no writer ${over} to be over`);
  return {
    ...right,
    name: `faulty-${over}`,
    options: {
      ...apacheArrow.options,
      ...parquetWasm.options,
      fault: { default: 'none', values: Object.keys(FAULTS), help: 'what goes wrong' },
      over: { default: over, values: Object.keys(MODULES), help: 'the honest writer' },
    },
    create,
  };
}

export default faultyModule('apache-arrow');
