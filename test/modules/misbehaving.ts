/** A right Parquet writer in JavaScript that misbehaves on demand, in the one way that its option `mode` names. */

import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { CreateRequest, OpenWriter, WriterModule } from '../../harness/module-worker/writer-module.js';
import right from '../../suites/writers/modules/parquet-wasm.js';

const FLOOD = 'x'.repeat(1 << 20);

const never = async (): Promise<never> => new Promise(() => undefined);

function after(milliseconds: number, work: () => void): void {
  setTimeout(work, milliseconds);
}

function full(): void {
  const descriptor = openSync('/dev/full', 'w');
  try {
    writeSync(descriptor, 'x');
  } finally {
    closeSync(descriptor);
  }
}

function fail(text: string): never {
  throw new Error(text);
}

const rejectUnseen = (text: string): void => {
  void Promise.reject(new Error(text));
};

/** What it does at a step, in place of or besides the right thing. */
type Change = (open: OpenWriter, request: CreateRequest) => Partial<OpenWriter>;

const CHANGES: Readonly<{ [mode: string]: Change }> = {
  none: () => ({}),
  'throw-create': () => fail('no target today'),
  'throw-write': (open) => {
    let calls = 0;
    return { write: async (batch) => (++calls === 2 ? fail('no room for more') : open.write(batch)) };
  },
  'throw-text': () => ({
    write() {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- this is what modules do
      throw 'just a text';
    },
  }),
  'full-disk': () => ({ write: full }),
  'throw-close': () => ({ close: () => fail('no footer today') }),
  'throw-abort': () => ({ write: () => fail('first'), abort: async () => Promise.reject(new Error('second')) }),
  'reject-late': (open) => ({
    async write(batch) {
      after(50, () => {
        rejectUnseen('too late to be seen');
      });
      await open.write(batch);
      await new Promise((resolve) => setTimeout(resolve, 500));
    },
  }),
  'reject-after-close': (open) => ({
    async close() {
      const said = await open.close();
      after(50, () => {
        rejectUnseen('after the end');
      });
      return said;
    },
  }),
  'throw-in-timer': () => ({
    write: async () => {
      after(10, () => fail('thrown to nobody'));
      return never();
    },
  }),
  'never-write': () => ({ write: never }),
  'never-close': () => ({ close: never }),
  exit: () => ({ write: () => process.exit(0) }),
  print: (open) => ({
    async write(batch) {
      for (let index = 0; index < 20; index++) console.log(FLOOD);
      process.stdout.write('{"outcome":"done"}\n');
      await open.write(batch);
    },
  }),
  elsewhere: (open, { target }) => ({
    async close() {
      await open.abort();
      writeFileSync(path.join(path.dirname(target), '..', `elsewhere-${path.basename(path.dirname(target))}`), 'x');
    },
  }),
  'second-file': (open, { target }) => ({
    close() {
      writeFileSync(`${target}.more`, 'more');
      return open.close();
    },
  }),
  'drop-last': (open) => {
    let calls = 0;
    return { write: async (batch) => (++calls === 5 ? undefined : open.write(batch)) };
  },
  'early-return': (open) => {
    let before = Promise.resolve();
    return {
      write(batch) {
        before = before.then(async () => open.write(batch));
      },
      close() {
        after(300, () => void before.then(() => open.close()));
      },
    };
  },
  'left-open': () => ({
    flush() {
      setInterval(() => undefined, 1000);
    },
  }),
  'left-running': (open) => ({
    async close() {
      await open.close();
      const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
      child.unref();
      return { pid: child.pid };
    },
  }),
  'another-process': (open) => ({
    async write(batch) {
      spawnSync('head', ['-c', '1000000', '/dev/zero']);
      await open.write(batch);
    },
  }),
  'no-abort': () => ({ abort: undefined as unknown as OpenWriter['abort'] }),
  'no-writer': () => ({}),
  circular: (open) => ({
    async close() {
      const said: { [name: string]: unknown } = { said: await open.close() };
      said['itself'] = said;
      return said;
    },
  }),
};

const writer: WriterModule = {
  ...right,
  name: 'misbehaving-module',
  options: {
    ...right.options,
    mode: { default: 'none', values: Object.keys(CHANGES), help: 'how to misbehave' },
  },
  async create(request) {
    const mode = String(request.options['mode']);
    const change = CHANGES[mode] ?? fail(`no mode ${mode}`);
    const open = await right.create(request);
    return mode === 'no-writer' ? (undefined as unknown as OpenWriter) : { ...open, ...change(open, request) };
  },
};

export default writer;
