/** One table through one writer: the real worker, and the real verifier. */

import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { SWITCHES } from '../../harness/defaults.js';
import { builtFile } from '../../harness/paths.js';
import { stampFiles } from '../../harness/run/stamps.js';
import { runWorker } from '../../harness/run/worker.js';
import type { Crossed, Facts, WorkerJob } from '../../harness/types.js';
import { observe } from '../../harness/verify/observe.js';
import type { WriterSpec } from '../../suites/types.js';
import type { Setting } from './settings.js';

const NONCE = 'nonce-of-random-tables';
const TIMEOUT_SECONDS = 120;

export interface Cargo {
  readonly preparedPath: string;
  readonly facts: Facts;
}

/** `refused`: the writer's sentence. `wrong`: what was written is not what was given. */
export type Arrival = { readonly status: 'verified' } | { readonly status: 'refused' | 'wrong'; readonly why: string };

type Written = { readonly crossed: Crossed } | { readonly failure: string };

async function written(job: Omit<WorkerJob, 'spawnedAtNs'>): Promise<Written> {
  const { report, child } = await runWorker(job, { timeoutSeconds: TIMEOUT_SECONDS });
  if (report === null) return { failure: `the worker gave no report: ${child.stderr}` };
  return report.outcome === 'done' ? { crossed: report.crossed } : { failure: `${report.step}: ${report.message}` };
}

/** What crossed against what was asked for. */
function crossedWrongly(crossed: Crossed, { rows }: Facts, handover: 'copy' | 'pointer'): string | null {
  if (crossed.rows !== rows) return `${crossed.rows} rows crossed, expected ${rows}`;
  if (crossed.handover !== handover) return `handed over by ${crossed.handover}, expected ${handover}`;
  return handover === 'pointer' && crossed.addressesProved === false ? 'not encoded from the addresses given' : null;
}

export async function carry(writer: WriterSpec, setting: Setting, cargo: Cargo, directory: string): Promise<Arrival> {
  const { holder, name, format, extension } = writer;
  if (holder.kind === 'command') throw new Error(`${name} is a command, which makes rows of its own`);
  await mkdir(directory);
  try {
    const target = path.join(directory, `table.${extension}`);
    const switches = SWITCHES[setting.variant];
    const file = holder.kind === 'library' ? builtFile(holder.file) : holder.file;
    const job: Omit<WorkerJob, 'spawnedAtNs'> = {
      ...setting,
      subject: { kind: holder.kind, path: file },
      table: 'described',
      scale: 1,
      part: { index: 1, count: 1 },
      source: 'prepared',
      preparedPath: cargo.preparedPath,
      batchRows: 1000,
      switches,
      directory,
      target,
      nonce: NONCE,
    };
    const ended = await written(job);
    if ('failure' in ended) return { status: 'refused', why: ended.failure };
    const wrong = crossedWrongly(ended.crossed, cargo.facts, switches.handover);
    if (wrong !== null) return { status: 'wrong', why: wrong };
    const { findings, readers } = await observe({
      directory,
      target,
      format,
      facts: cargo.facts,
      nonce: NONCE,
      files: await stampFiles(directory),
      secondReader: true,
      dropCache: false,
      ...(writer.implementation === undefined ? {} : { implementation: writer.implementation }),
    });
    if (findings.length > 0) return { status: 'wrong', why: JSON.stringify(findings.slice(0, 3)) };
    // Of Lance there is one implementation.
    const expected = format === 'lance' ? 1 : 2;
    return readers.length === expected ? { status: 'verified' } : { status: 'wrong', why: `${readers.length} readers` };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
