/** Runs as documents: a page, pictures, Markdown, JUnit. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCharts } from '../../reports/charts/index.js';
import { junitOfRun, junitXml } from '../../reports/junit.js';
import { markdown } from '../../reports/markdown.js';
import { runPage } from '../../reports/page/page.js';
import type { RunReport } from '../../reports/page/run-report.js';
import { chartPng } from '../../reports/png.js';
import { SYSTEMS } from '../../suites/claims/index.js';
import { FAULTS, JUSTIFIED, withFaultyWriters } from '../../suites/faults/index.js';
import { REGISTRY } from '../../suites/index.js';
import { oneOf } from '../plan/names.js';
import { runReport, type ReportRegistry } from '../report/run-report.js';
import { readRun } from '../run/records.js';
import { checkFolder, makeFolders } from '../run/target.js';
import { examples, type AddCommand } from './command.js';
import { findRun, RESULTS } from './find-run.js';
import { print, say } from './output.js';

const FORMATS = ['html', 'png', 'md', 'junit'] as const;
type Format = (typeof FORMATS)[number];

const REPORTED: ReportRegistry = {
  ...REGISTRY,
  writers: withFaultyWriters(REGISTRY.writers),
  systems: SYSTEMS,
  faults: FAULTS,
  justified: JUSTIFIED,
};

interface Document {
  readonly file: string;
  readonly content: string | Buffer;
}

const markdownOf = ({ run, summaries, expected }: RunReport): string => markdown(run, summaries, expected);

function picturesOf({ run, summaries, records }: RunReport): readonly Document[] {
  const { tables, scaling } = runCharts(summaries, records);
  return [...tables, ...scaling].flatMap(({ title, charts }) =>
    charts.map((chart) => ({ file: `${run.id}.${chart.id}.png`, content: chartPng(chart, title) })),
  );
}

/** `<run>`, or `<first run>-and-2-more`: what a document of several runs is named by. */
function nameOf(reports: readonly RunReport[]): string {
  const [first, ...others] = reports.map(({ run }) => run.id);
  return others.length === 0 ? (first ?? '') : `${first ?? ''}-and-${others.length}-more`;
}

/** A page and a JUnit file hold all runs; pictures and Markdown are of one. */
function documentsOf(format: Format, reports: readonly RunReport[]): readonly Document[] {
  switch (format) {
    case 'html':
      return [{ file: `${nameOf(reports)}.html`, content: runPage(reports) }];
    case 'junit':
      return [{ file: `${nameOf(reports)}.junit.xml`, content: junitXml(reports.map(junitOfRun)) }];
    case 'md':
      return reports.map((report) => ({ file: `${report.run.id}.md`, content: markdownOf(report) }));
    case 'png':
      return reports.flatMap(picturesOf);
  }
}

async function readReport(name: string): Promise<RunReport> {
  const { run, records, cutLine } = await readRun(await findRun(name));
  if (cutLine !== null) say(`${run.id}: line ${cutLine} of records.jsonl is cut off and left out.`);
  return runReport(run, records, REPORTED);
}

async function report(names: readonly string[], flags: { readonly to: string; readonly out?: string }): Promise<void> {
  const formats = [...new Set(flags.to.split(','))].map((name) => oneOf('report', name, FORMATS));
  const reports: RunReport[] = [];
  for (const name of names) reports.push(await readReport(name));
  if (flags.out === undefined && formats.join() === 'md') {
    for (const one of reports) print(markdownOf(one));
    return;
  }
  const folder = flags.out ?? path.join(RESULTS, 'reports', nameOf(reports));
  if (flags.out !== undefined) checkFolder('--out', flags.out, true);
  await makeFolders(folder);
  for (const format of formats) {
    for (const { file, content } of documentsOf(format, reports)) {
      await writeFile(path.join(folder, file), content);
      print(path.join(folder, file));
    }
  }
}

export const addReport: AddCommand = (program) => {
  program
    .command('report')
    .argument('<runs...>', 'ids, folders, or last')
    .description('runs as a page with charts, as pictures, Markdown or JUnit')
    .option('--to <formats>', `some of ${FORMATS.join(', ')}`, 'html')
    .option('--out <dir>', `a folder for the files (default: below ${RESULTS}/reports; of md alone: stdout)`)
    .addHelpText(
      'after',
      examples(['report last', 'report last --to html,png,junit --out report', 'report last --to md > summary.md']),
    )
    .action(report);
};
