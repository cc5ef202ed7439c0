import { REGISTRY } from '../../suites/index.js';
import { readRun } from '../run/records.js';
import { expectations, summarise } from '../summary.js';
import { examples, type AddCommand } from './command.js';
import { findRun } from './find-run.js';
import { print, printDocument, printResults, say } from './output.js';

async function show(name: string, flags: { readonly json?: true }): Promise<void> {
  const { run, records, cutLine } = await readRun(await findRun(name));
  if (cutLine !== null) say(`Line ${cutLine} of records.jsonl is cut off and not shown.`);
  if (flags.json === true) {
    printDocument('writeproof.records.v1', records, { run });
    return;
  }
  const suite = REGISTRY.suites.find((candidate) => candidate.name === run.suite);
  const summaries = summarise(run.cases, records);
  print(`${run.id}, ${records.length} of ${run.order.length} recorded`);
  printResults(summaries, expectations(suite?.comparisons ?? [], suite?.limits ?? [], summaries, records));
}

export const addShow: AddCommand = (program) => {
  program
    .command('show')
    .argument('<run>', 'id, folder, or last')
    .description("a run's table on the terminal")
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', examples(['show last', 'show results/runs/2026-01-31T12-30-45Z-quick --json']))
    .action(show);
};
