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
import { trendPage } from '../../reports/trend.js';
import { FAULTS, JUSTIFIED, withFaultyWriters } from '../../suites/faults/index.js';
import { REGISTRY } from '../../suites/index.js';
import { changePoints } from '../history/change-points.js';
import { ownHistory } from '../history/series.js';
import { readHistory } from '../history/store.js';
import { readMachine } from '../machine.js';
import { Misuse } from '../misuse.js';
import { oneOf } from '../plan/names.js';
import { runReport, type ReportRegistry } from '../report/run-report.js';
import { readRun } from '../run/records.js';
import { checkFolder, makeFolders } from '../run/target.js';
import { examples, type AddCommand } from './command.js';
import { findRun, RESULTS } from './find-run.js';
import { historyFolder } from './nightly-parts.js';
import { print, say } from './output.js';

const FORMATS = ['html', 'png', 'md', 'junit'] as const;
type Format = (typeof FORMATS)[number];

/** In place of a run: the page of all nights. */
const HISTORY = 'history';

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

/** The history of this machine, with its change points. */
async function trend(out: string | undefined): Promise<void> {
  const folder = out ?? path.join(RESULTS, 'reports');
  const history = await readHistory(historyFolder());
  const own = ownHistory(history, readMachine(process.cwd()));
  for (const sentence of [...history.sentences, ...own.refused]) say(sentence);
  if (own.points.length === 0) throw new Misuse('There is no history of this machine: "writeproof nightly" makes one.');
  if (out !== undefined) checkFolder('--out', out, true);
  await makeFolders(folder);
  const file = path.join(folder, 'trend.html');
  await writeFile(file, trendPage(own.points, changePoints(own.points)));
  print(file);
}

async function report(names: readonly string[], flags: { readonly to: string; readonly out?: string }): Promise<void> {
  const formats = [...new Set(flags.to.split(','))].map((name) => oneOf('report', name, FORMATS));
  if (names.includes(HISTORY)) {
    if (names.length > 1 || formats.join() !== 'html') {
      throw new Misuse('The history is a page of its own: expected "report history", with --to html or nothing.');
    }
    await trend(flags.out);
    return;
  }
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
    .argument('<runs...>', 'ids, folders, or last; or history, for the trends of all nights')
    .description('runs as a page with charts, as pictures, Markdown or JUnit')
    .option('--to <formats>', `some of ${FORMATS.join(', ')}`, 'html')
    .option('--out <dir>', `a folder for the files (default: below ${RESULTS}/reports; of md alone: stdout)`)
    .addHelpText(
      'after',
      examples([
        'report last',
        'report last --to html,png,junit --out report',
        'report last --to md > summary.md',
        'report history',
      ]),
    )
    .action(report);
};
