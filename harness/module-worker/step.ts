/** Which step of a job is being taken, and how a step fails. */

import type { WorkerReport } from '../types.js';

export type FailedReport = Extract<WorkerReport, { readonly outcome: 'failed' }>;
export type Step = 'job' | 'load' | 'capabilities' | 'source' | 'create' | 'write' | 'flush' | 'close' | 'sync';

export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly report: Omit<FailedReport, 'outcome' | 'removed'>;

  constructor(step: string, message: string, errno: number | null = null, errnoName: string | null = null) {
    super(message);
    this.report = { step, errno, errnoName, message };
  }
}

/** Undefined for what JSON has no text for, such as functions. */
export function jsonText(value: unknown): string | undefined {
  return JSON.stringify(value);
}

/** The text of whatever was thrown; never empty. */
export function thrownText(error: unknown): string {
  if (error instanceof Error) return error.message === '' ? error.name : error.message;
  return typeof error === 'string' ? error : `not an Error but ${jsonText(error) ?? typeof error}`;
}

/** What a module threw, as a failure of a step. Node gives errno as a negative number, and its name as `code`. */
export function thrownAt(step: Step, what: string, error: unknown): StepFailure {
  if (error instanceof StepFailure) return error;
  const { errno, code } = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly errno?: unknown;
    readonly code?: unknown;
  };
  const message = `${what}: ${thrownText(error)}`;
  if (typeof errno !== 'number' || typeof code !== 'string') return new StepFailure(step, message);
  return new StepFailure(step, message, Math.abs(errno), code);
}

/** Calls the engine, whose errors carry a failure as JSON. */
export function engine<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    const { step, message, errno, errnoName } = JSON.parse(thrownText(error)) as FailedReport;
    throw new StepFailure(step, message, errno, errnoName);
  }
}
