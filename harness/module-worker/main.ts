/**
 * The Node worker: takes what `writeproof-worker` takes on stdin (`write`: a `WorkerJob`; `capabilities`: `{path}`), and prints
 * the same one JSON document on stdout, for writers that are JavaScript modules. Whatever else is printed goes to stderr.
 */

import { writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { addon } from '../native.js';
import type { FileStamp, WorkerJob, WorkerReport } from '../types.js';
import { capabilitiesOf, loadModule } from './load.js';
import { measure } from './measure.js';
import { course } from './passage.js';
import { engine, StepFailure, thrownText } from './step.js';

/** Time that what a module left open is given to end; so long a late write is seen. */
const DRAIN_MS = 1000;
/** Keeps a process alive in which nothing is left to do, until the harness ends it. */
const LONG_MS = 2 ** 30;

const output = addon().setUpWorker();
const exit: (code: number) => never = process.exit.bind(process);
const state = { ending: false };

function print(document: unknown, code: number): never {
  state.ending = true;
  writeFileSync(output, `${JSON.stringify(document)}\n`);
  return exit(code);
}

/** Through the stream, which waits for room: a module may have filled the pipe. */
function complain(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** What is open, without those of `own` that are the worker's. */
function openResources(own: readonly string[]): readonly string[] {
  const rest = [...own];
  return process.getActiveResourcesInfo().filter((kind) => {
    const index = rest.indexOf(kind);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}

/** Waits until the event loop is empty; says what kept it from being so. */
async function drained(own: readonly string[]): Promise<readonly string[]> {
  state.ending = true;
  const empty = await new Promise<boolean>((resolve) => {
    process.once('beforeExit', () => {
      resolve(true);
    });
    setTimeout(() => {
      resolve(false);
    }, DRAIN_MS).unref();
  });
  if (empty) return [];
  const open = [...new Set(openResources(own))].sort().join(', ');
  return [`the module left open, ${DRAIN_MS / 1000} s after close: ${open === '' ? 'unknown' : open}`];
}

/** Errors that no step can throw: of promises that nobody awaits, of timers and of events. */
function watchStrayErrors(failed: (failure: StepFailure) => never): void {
  const say = (how: string) => (error: unknown) => {
    failed(new StepFailure(course.step, `${how} during ${course.what}: ${thrownText(error)}`));
  };
  process.on('unhandledRejection', say('a promise that nobody awaited was rejected'));
  process.on('uncaughtException', say('an error was thrown where nobody could catch it'));
}

/** A module that ends the process, and one whose promise nothing can settle any more: the last line of stderr says which. */
function watchEnd(waits: boolean): void {
  process.on('exit', (code) => {
    if (state.ending) return;
    complain(`the module ended the process by process.exit(${code}) during ${course.what}`);
    // Who asked for capabilities and got none must not take it for an answer.
    if (!waits && code === 0) process.exitCode = 1;
  });
  process.on('beforeExit', () => {
    if (state.ending) return;
    complain(`the promise of ${course.what} is pending, and nothing is left that could settle it`);
    if (!waits) {
      state.ending = true;
      exit(1);
    }
    setTimeout(() => undefined, LONG_MS);
  });
}

async function write(jobText: string): Promise<never> {
  let removes = (): boolean => false;
  const failed = ({ report }: StepFailure): never => {
    // What it started must not write on while its files are removed.
    addon().endLeftovers();
    const document: WorkerReport = { outcome: 'failed', ...report, removed: removes() };
    return print(document, 1);
  };
  watchStrayErrors(failed);
  try {
    const target = engine(() => new (addon().JobTarget)(jobText));
    // A job that cannot be taken may name a directory that is somebody's own: nothing is removed before this.
    removes = () => target.clear();
    const job = JSON.parse(jobText) as WorkerJob;
    if (job.subject.kind !== 'module') {
      throw new StepFailure('job', `the Node worker takes modules, not a ${job.subject.kind}`);
    }
    const own = process.getActiveResourcesInfo();
    const done = await measure(job, jobText, job.subject.path, target, addon());
    const leftOpen = await drained(own);
    const leftRunning = addon().endLeftovers();
    const files = JSON.parse(engine(() => target.stamps())) as readonly FileStamp[];
    return print(
      {
        ...done,
        files,
        warnings: [...done.warnings, ...leftOpen, ...(leftRunning === null ? [] : [leftRunning])],
      } satisfies WorkerReport,
      0,
    );
  } catch (error) {
    if (error instanceof StepFailure) return failed(error);
    throw error;
  }
}

async function capabilities(question: string): Promise<never> {
  const { path } = JSON.parse(question) as { readonly path: string };
  const failed = ({ report }: StepFailure): never => {
    complain(`${report.step}: ${report.message}`);
    state.ending = true;
    return exit(1);
  };
  watchStrayErrors(failed);
  try {
    return print(capabilitiesOf(await loadModule(path)), 0);
  } catch (error) {
    if (error instanceof StepFailure) return failed(error);
    throw error;
  }
}

const command = process.argv[2];
watchEnd(command === 'write');
const question = await text(process.stdin);
if (command === 'write') await write(question);
else if (command === 'capabilities') await capabilities(question);
else {
  state.ending = true;
  complain(`unknown command "${command ?? ''}"; usage: module-worker write|capabilities, one JSON document on stdin`);
  exit(1);
}
