import { countText } from '../../reports/format.js';
import { EXIT } from '../exit-code.js';
import { Changed } from '../run/unchanged.js';
import { Damaged } from '../verify/file-contents.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { factsOfFile, requireFileOrDataset } from './file-facts.js';
import { print, printDocument, printTable, say } from './output.js';

async function digest(files: readonly string[], flags: { readonly json?: true }): Promise<void> {
  for (const file of files) requireFileOrDataset(file);
  const results = [];
  for (const file of files) {
    try {
      const { format, facts } = await factsOfFile(file);
      results.push({ path: file, format, schema: facts.schema, digest: facts.digest });
    } catch (error) {
      if (!(error instanceof Damaged || error instanceof Changed)) throw error;
      say(error.message);
      exitWith(EXIT.integrity);
    }
  }
  if (flags.json === true) {
    printDocument('writeproof.digest.v1', results);
    return;
  }
  for (const { path, digest: found } of results) {
    print(`${path}: ${countText(found.rows)} rows, digest ${found.version}`);
    print(`rows  ${found.multiset}\norder ${found.order}`);
    printTable(
      ['column', 'digest', 'nulls', 'smallest', 'largest'],
      found.columns.map((column) => [
        column.name,
        column.sum,
        String(column.nulls),
        column.min ?? '',
        column.max ?? '',
      ]),
    );
  }
}

export const addDigest: AddCommand = (program) => {
  program
    .command('digest')
    .argument('<paths...>', 'Parquet or Arrow IPC files, or Lance datasets')
    .description('the fingerprint of what a file holds, whatever its layout')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', examples(['digest lineitem.parquet', 'digest a.parquet a.arrow --json']))
    .action(digest);
};
