/** Runs that were really made, and frozen: `mixed` has a writer that loses a row and one whose error looks like markup. */

import { readFileSync } from 'node:fs';
import { runReport, type ReportRegistry } from '../../harness/report/run-report.js';
import type { Record as RunRecord, Run } from '../../harness/types.js';
import type { RunReport } from '../../reports/page/run-report.js';
import { SYSTEMS } from '../../suites/claims/index.js';
import { FAULTS, JUSTIFIED, withFaultyWriters } from '../../suites/faults/index.js';
import { REGISTRY } from '../../suites/index.js';

export const REPORTED: ReportRegistry = {
  ...REGISTRY,
  writers: withFaultyWriters(REGISTRY.writers),
  systems: SYSTEMS,
  faults: FAULTS,
  justified: JUSTIFIED,
};

export interface Frozen {
  readonly run: Run;
  readonly records: readonly RunRecord[];
}

/** What every record repeats stands in the file once. */
export function frozen(name: 'mixed' | 'claims' | 'faults'): Frozen {
  const file = new URL(`../../../test/page/runs/${name}.json`, import.meta.url);
  const { run, records } = JSON.parse(readFileSync(file, 'utf8')) as Frozen;
  return { run, records: records.map((record) => ({ ...record, machine: run.machine, writerSays: null })) };
}

export function frozenReport(name: 'mixed' | 'claims' | 'faults'): RunReport {
  const { run, records } = frozen(name);
  return runReport(run, records, REPORTED);
}

/** As many records as asked for: a thousand cases and more, made of the verified ones of a frozen run. */
export function manyRecords(count: number, repetitions: number): RunReport {
  const { run, records } = frozen('mixed');
  const models = records.filter(({ verdict }) => verdict.status === 'verified');
  const cases = Math.ceil(count / repetitions);
  const made = Array.from({ length: cases }, (_, index) => {
    const model = models[index % models.length];
    if (model?.case.kind !== 'write') throw new Error('the frozen run has no verified record');
    const { case: one } = model;
    const [table, batchRows] = [`table${index % 20}`, 1000 + index];
    const id = `${table}@${one.scale}/${one.writer}/${one.variant};batchRows=${batchRows}`;
    const own = { ...one, id, table, options: { ...one.options, batchRows } };
    return Array.from({ length: repetitions }, (_unused, repetition) => ({
      ...model,
      case: own,
      repetition: repetition + 1,
      position: index * repetitions + repetition + 1,
    })) as RunRecord[];
  });
  const all = made.flat();
  const order = all.map((record) => `${record.repetition}:${record.case.id}`);
  const own = { ...run, order, cases: made.flatMap(([first]) => (first === undefined ? [] : [first.case])) };
  return runReport(own, all, REPORTED);
}
