/** Where a writer is tried: cases through the ordinary worker and verify process, one after the other. */

import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Registry } from '../../suites/index.js';
import type { WriterSpec } from '../../suites/types.js';
import { readMachine } from '../machine.js';
import { cacheFolder } from '../paths.js';
import { makePlan } from '../plan/plan.js';
import { cacheLimitBytes } from '../run/cache.js';
import { probeFolder, whyNotDirect } from '../run/direct-support.js';
import { runRepetition, type Bench } from '../run/repetition.js';
import { makeFolders } from '../run/target.js';
import { isWrite, type WorkerJob, type WriteCase, type WriteRecord } from '../types.js';
import { verifyTarget } from '../verify/verify.js';

/** What a case asks for beside table, writer and variant; as in ids. */
export type CaseOption = `${string}=${string | number}`;

export type JobChanges = (job: Omit<WorkerJob, 'spawnedAtNs'>) => Partial<WorkerJob>;

export interface Workshop {
  readonly writer: WriterSpec;
  readonly folder: string;
  readonly noDirect: string | null;
  readonly signal: AbortSignal;
  readonly timeoutSeconds: number;
  readonly caseOf: (table: string, scale: number, variant: string, ...options: readonly CaseOption[]) => WriteCase;
  /** Null when it was interrupted. */
  readonly run: (one: WriteCase, changes?: JobChanges) => Promise<WriteRecord | null>;
  readonly store: Bench['store'];
}

export interface Settings {
  readonly folder: string;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  readonly onWork: (what: string) => void;
}

export async function openWorkshop(registry: Registry, writer: WriterSpec, settings: Settings): Promise<Workshop> {
  const { folder, timeoutSeconds, signal, onWork } = settings;
  await makeFolders(folder);
  const child = { timeoutSeconds, signal };
  const noDirect = writer.variants.includes('direct') ? whyNotDirect(await probeFolder(folder, child)) : null;
  const bench: Bench = {
    runId: 'check',
    nonce: randomBytes(16).toString('hex'),
    machine: readMachine(folder),
    target: folder,
    keep: false,
    overwrite: false,
    store: { cache: cacheFolder(), cacheLimitBytes: cacheLimitBytes(), tables: registry.tables, child, onWork },
    writers: new Map([[writer.name, writer]]),
    noDirect,
    signal,
    timeoutSeconds: () => timeoutSeconds,
    verify: verifyTarget,
  };
  let position = 0;
  return {
    writer,
    folder,
    noDirect,
    signal,
    timeoutSeconds,
    store: bench.store,
    caseOf: (table, scale, variant, ...options) => {
      const id = [`${table}@${scale}/${writer.name}/${variant}`, ...options].join(';');
      const selection = { cases: [id], tables: [], scales: [], writers: [], formats: [], variants: [], options: {} };
      const [one] = makePlan({ ...selection, seed: 1 }, { ...registry, suites: [] }).cases;
      if (one?.kind !== 'write') throw new Error(`no case of writing ${id}`);
      return one;
    },
    run: async (one, changes) => {
      position += 1;
      const step = { position, repetition: 1, case: one };
      const record = await runRepetition(step, changes === undefined ? bench : { ...bench, changes });
      return record !== null && isWrite(record) ? record : null;
    },
  };
}

/** A new folder of the workshop, removed after the work. */
export async function inFolder<T>(workshop: Workshop, name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = path.join(workshop.folder, name);
  await makeFolders(folder);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
