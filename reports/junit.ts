/** Results as JUnit XML, which CI systems show. */

import imported, { type Builder } from 'junit-report-builder';
import { scoreOf } from '../harness/faults/verdict.js';
import { statusOf, type CaseSummary } from '../harness/summary.js';
import { isWrite, type Record as RunRecord } from '../harness/types.js';
import { groupBy } from './charts/samples.js';
import { bytesText, rowRateText, secondsText } from './format.js';
import type { RunReport } from './page/run-report.js';
import { problemTexts } from './rows.js';

/** Its types speak of a default export; the module itself is the builder. */
const junit = imported as unknown as Builder;

export interface JunitCase {
  readonly name: string;
  /** What it is shown below, such as `parquet/stream`. */
  readonly group: string;
  readonly seconds: number;
  /** `type` is one word, `message` one line. */
  readonly outcome:
    | { readonly kind: 'passed' | 'skipped'; readonly text: string }
    | { readonly kind: 'failure'; readonly type: string; readonly message: string; readonly text: string };
}

export interface JunitSuite {
  readonly name: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly cases: readonly JunitCase[];
}

export function junitXml(suites: readonly JunitSuite[]): string {
  const builder = junit.newBuilder();
  for (const { name, startedAt, properties, cases } of suites) {
    const suite = builder.testSuite().name(name).timestamp(startedAt);
    for (const [key, value] of properties) suite.property(key, value);
    for (const { name: own, group, seconds, outcome } of cases) {
      const one = suite.testCase().name(own).className(group).time(seconds);
      if (outcome.kind === 'failure') one.failure(outcome.message, outcome.type).stacktrace(outcome.text);
      else if (outcome.text !== '') one.standardOutput(outcome.text);
      if (outcome.kind === 'skipped') one.skipped();
    }
  }
  return builder.build();
}

/** Time until durable of all repetitions. */
function secondsOf(records: readonly RunRecord[]): number {
  return records.reduce((sum, record) => {
    if (!isWrite(record) || record.verdict.status !== 'verified') return sum;
    return sum + record.verdict.measurement.durableNs / 1e9;
  }, 0);
}

function figuresText(summary: CaseSummary): string {
  const { figures } = summary;
  if (figures === null || !('durableNs' in figures)) return '';
  const memory = figures.peakRssBytes === null ? 'not measured' : bytesText(figures.peakRssBytes);
  const rate = rowRateText(figures.rowsPerSecond);
  return `${rate}, durable after ${secondsText(figures.durableNs)}, peak RSS ${memory}, ${bytesText(figures.diskBytes)} on disk`;
}

function outcomeOf(summary: CaseSummary): JunitCase['outcome'] {
  const status = statusOf(summary);
  if (status === 'verified') return { kind: 'passed', text: figuresText(summary) };
  const lines = problemTexts([summary]);
  if (status === 'skipped') return { kind: 'skipped', text: lines.join('\n') };
  return { kind: 'failure', type: status, message: lines[0] ?? status, text: lines.join('\n') };
}

/** A fault that was caught has passed. */
function faultCases({ faults }: RunReport): readonly JunitCase[] {
  return (faults?.results ?? []).flatMap((result): readonly JunitCase[] => {
    if (!result.applies) return [];
    const name = result.case ?? result.fault;
    const { holes, ours } = scoreOf([result]);
    const wrong = [...holes, ...ours];
    const [message] = wrong;
    const one = { name, group: `faults/${result.fault}`, seconds: 0 };
    if (message !== undefined) {
      return [{ ...one, outcome: { kind: 'failure', type: 'hole', message, text: wrong.join('\n') } }];
    }
    const kind = result.caught === null ? 'skipped' : 'passed';
    return [{ ...one, outcome: { kind, text: result.reason ?? result.what } }];
  });
}

/** A case that has no record was not measured, and has not passed. */
function missingCases({ run, records }: RunReport): readonly JunitCase[] {
  const recorded = new Set(records.map((record) => record.case.id));
  return run.cases.flatMap(({ id }) =>
    recorded.has(id)
      ? []
      : [{ name: id, group: groupOf(id), seconds: 0, outcome: { kind: 'skipped' as const, text: 'It was not run.' } }],
  );
}

/** `orders@0.1/parquet/stream;…` → `orders@0.1`. */
const groupOf = (id: string): string => id.slice(0, id.indexOf('/'));

/** Every case of a run as a test: unverified ones fail with their findings. */
export function junitOfRun(report: RunReport): JunitSuite {
  const { run, records, judged } = report;
  const byCase = groupBy(records, (record) => record.case.id);
  const cases = judged.map((summary) => ({
    name: summary.case.id,
    group: groupOf(summary.case.id),
    seconds: secondsOf(byCase.get(summary.case.id) ?? []),
    outcome: outcomeOf(summary),
  }));
  return {
    name: `${run.suite} ${run.id}`,
    startedAt: run.startedAt,
    properties: [
      ['run', run.id],
      ['commit', run.writeproof.commit ?? 'unknown'],
      ['processor', run.machine.cpuModel],
      ['seed', String(run.seed)],
    ],
    cases: [...cases, ...faultCases(report), ...missingCases(report)],
  };
}
