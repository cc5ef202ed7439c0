/** One job through a JavaScript writer: the clock, the scales and the counters stand on our side of the interface. */

import * as Arrow from 'apache-arrow';
import type { Addon, JobTarget } from '../native.js';
import type { FileStamp, Measurement, WorkerJob, WorkerReport } from '../types.js';
import { Batches } from './batches.js';
import { collectGarbage, HeapWatch } from './heap.js';
import { capabilitiesOf, checkOpen, loadModule } from './load.js';
import { callTimes, now, Passage, take } from './passage.js';
import { engine, StepFailure, thrownText } from './step.js';
import {
  MODULE_VARIANTS,
  type CreateRequest,
  type ModuleVariant,
  type OpenWriter,
  type OptionValue,
  type WriterModule,
} from './writer-module.js';

export type DoneReport = Extract<WorkerReport, { readonly outcome: 'done' }>;

const NOT_PROFILED = 'profile not measured: native libraries are sampled, and this writer is JavaScript';

/** Time that `abort` of a writer that has failed is given. */
const ABORT_MS = 10_000;

interface SourceEnd {
  readonly generateNs: number;
  readonly convertNs: number;
  readonly encodeNs: number;
  readonly notes: readonly string[];
}

interface Ending {
  readonly filesAfterClose: readonly FileStamp[];
  readonly syncNs: number;
  readonly spawnToDurableNs: number;
  readonly unwrittenPages: number | null;
}

type Weight = Pick<Measurement, 'rss' | 'cpuNs' | 'io' | 'pageFaults' | 'contextSwitches'> & {
  readonly warnings: readonly string[];
};

function variantOf(job: WorkerJob, { name, variants }: WriterModule): ModuleVariant {
  const variant = MODULE_VARIANTS.find((one) => one === job.variant && variants.includes(one));
  if (variant !== undefined) return variant;
  const declared = variants.join(', ');
  throw new StepFailure(
    'capabilities',
    `writer ${name} does not declare the variant ${job.variant}; it declares ${declared}`,
  );
}

function optionsOf(job: WorkerJob, writer: WriterModule): CreateRequest['options'] {
  const defaults = Object.entries(writer.options ?? {}).map(([name, option]): [string, OptionValue] => [
    name,
    option.default,
  ]);
  return { ...Object.fromEntries(defaults), ...job.writerOptions };
}

/** Lets the writer give up; what comes of that is added to the failure's sentence. */
async function aborted(writer: OpenWriter, failure: StepFailure): Promise<StepFailure> {
  const { step, message, errno, errnoName } = failure.report;
  let limit: NodeJS.Timeout | undefined;
  const tooLate = new Promise<string>((resolve) => {
    limit = setTimeout(() => {
      resolve(`abort was not done after ${ABORT_MS / 1000} s`);
    }, ABORT_MS);
  });
  const aborting = (async (): Promise<string | null> => {
    try {
      await writer.abort();
      return null;
    } catch (error) {
      return `abort failed: ${thrownText(error)}`;
    }
  })();
  const complaint = await Promise.race([aborting, tooLate]);
  clearTimeout(limit);
  return complaint === null ? failure : new StepFailure(step, `${message}; then ${complaint}`, errno, errnoName);
}

/** The writer's word as JSON has it; what JSON cannot hold is a failed close. */
function saidBy(name: string, said: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(said ?? null)) as unknown;
  } catch (error) {
    throw new StepFailure('close', `close of ${name} returned what JSON cannot hold: ${thrownText(error)}`);
  }
}

function saidNs(said: unknown, key: 'encodeNs' | 'writeNs'): number | null {
  const value = (said as { readonly [key: string]: unknown } | null)?.[key];
  return typeof value === 'number' && Number.isSafeInteger(Math.round(value)) && value >= 0 ? Math.round(value) : null;
}

interface Closed {
  readonly passage: Passage;
  readonly said: unknown;
  readonly closing: bigint;
  readonly returned: bigint;
}

/** All batches, and close. A writer that fails on the way is aborted. */
async function written(
  writer: OpenWriter,
  batches: Batches,
  passage: Passage,
  name: string,
  endSource: () => unknown,
): Promise<Closed> {
  try {
    await passage.drive(batches);
    endSource();
    const closing = now();
    const said = await take('close', `close of ${name}`, async () => await writer.close());
    const returned = now();
    return { passage, said, closing, returned };
  } catch (error) {
    throw error instanceof StepFailure ? await aborted(writer, error) : error;
  }
}

/** Runs the job up to durable. The files are stamped once more by `stamped`, when nothing of the module runs any more. */
export async function measure(
  job: WorkerJob,
  jobText: string,
  file: string,
  target: JobTarget,
  addon: Addon,
): Promise<Omit<DoneReport, 'files'>> {
  const module = await loadModule(file);
  const { name } = module;
  const variant = variantOf(job, module);
  const options = optionsOf(job, module);
  const source = engine(() => new addon.JobSource(jobText));
  const batches = new Batches(source);
  const { schema } = batches;
  let ended: SourceEnd | null = null;
  /** Ends the source, once, also before its last batch. */
  const endSource = (): SourceEnd => (ended ??= JSON.parse(source.end()) as SourceEnd);
  const request: CreateRequest = { target: job.target, schema, options, nonce: job.nonce, variant, arrow: Arrow };

  collectGarbage();
  const heap = new HeapWatch();
  engine(() => {
    target.awaitOthers();
  });
  const weighing = new addon.ProcessWeighing();
  const begun = now();
  source.start();
  let closed: Closed;
  let created: bigint;
  try {
    const opened = await take('create', `create of ${name}`, async () => module.create(request));
    created = now();
    const writer = checkOpen(name, opened);
    const passage = new Passage(writer, name, job.flushEvery, heap, begun);
    closed = await written(writer, batches, passage, name, endSource);
  } finally {
    endSource();
  }
  const { passage, said, closing, returned } = closed;
  heap.look();
  const ending = JSON.parse(engine(() => target.makeDurable())) as Ending;
  const { warnings, ...weight } = JSON.parse(weighing.end()) as Weight;

  const { filesAfterClose, syncNs, spawnToDurableNs, unwrittenPages } = ending;
  const { generateNs, convertNs, encodeNs, notes } = endSource();
  const writerSays = saidBy(name, said);
  const returnNs = Number(returned - begun);
  const measurement: Measurement = {
    rows: passage.rows,
    arrowBytes: passage.bytes,
    diskBytes: filesAfterClose.reduce((sum, stamp) => sum + stamp.bytes, 0),
    returnNs,
    durableNs: returnNs + syncNs,
    spawnToDurableNs,
    phasesNs: {
      create: Number(created - begun),
      firstWrite: passage.firstWriteNs,
      writes: Number(closing - created),
      close: Number(returned - closing),
      sync: syncNs,
    },
    busyNs: {
      generate: generateNs,
      convert: convertNs,
      handOver: encodeNs + batches.decodeNs,
      encode: saidNs(writerSays, 'encodeNs'),
      write: saidNs(writerSays, 'writeNs'),
    },
    callNs: callTimes(passage.durationsNs),
    ...weight,
    allocations: null,
    direct: null,
    unwrittenPages,
    v8: heap.end(),
    memoryLimit: null,
    profile: null,
  };
  return {
    outcome: 'done',
    begunAtNs: Number(begun),
    measurement,
    crossed: {
      calls: passage.durationsNs.length,
      flushes: passage.flushes,
      rows: passage.rows,
      bytes: passage.bytes,
      handover: 'copy',
      addressesProved: null,
      batchingBy: variant === 'accumulate' ? 'writer' : 'none',
    },
    filesAfterClose,
    writerSays,
    capabilities: capabilitiesOf(module),
    warnings: [...notes, ...warnings, ...(job.profile === true ? [NOT_PROFILED] : [])],
  };
}
