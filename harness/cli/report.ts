import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { markdown } from '../../reports/markdown.js';
import { REGISTRY } from '../../suites/index.js';
import { oneOf } from '../plan/names.js';
import { readRun } from '../run/records.js';
import { checkFolder, makeFolders } from '../run/target.js';
import { expectations, summarise } from '../summary.js';
import { examples, type AddCommand } from './command.js';
import { findRun } from './find-run.js';
import { print } from './output.js';

const FORMATS = ['md'] as const;

async function report(names: readonly string[], flags: { readonly to: string; readonly out?: string }): Promise<void> {
  for (const format of flags.to.split(',')) oneOf('report', format, FORMATS);
  for (const name of names) {
    const { run, records } = await readRun(await findRun(name));
    const suite = REGISTRY.suites.find((candidate) => candidate.name === run.suite);
    const summaries = summarise(run.cases, records);
    const text = markdown(run, summaries, expectations(suite?.comparisons ?? [], suite?.limits ?? [], summaries));
    if (flags.out === undefined) {
      print(text);
      continue;
    }
    checkFolder('--out', flags.out, true);
    await makeFolders(flags.out);
    const file = path.join(flags.out, `${run.id}.md`);
    await writeFile(file, text);
    print(file);
  }
}

export const addReport: AddCommand = (program) => {
  program
    .command('report')
    .argument('<runs...>', 'ids, folders, or last')
    .description('a run as a document')
    .option('--to <formats>', `one of ${FORMATS.join(', ')}`, 'md')
    .option('--out <dir>', 'a folder for the files, instead of stdout')
    .addHelpText('after', examples(['report last', 'report last --to md --out report']))
    .action(report);
};
