/** SQL over records, history and gates. */

import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { EXIT } from '../exit-code.js';
import { Misuse } from '../misuse.js';
import type { QueryResult } from '../query/database.js';
import { ask } from '../query/database.js';
import { loadTables, TABLES } from '../query/load.js';
import type { Cell } from '../query/table.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { RESULTS } from './find-run.js';
import { paint, print, printDocument, printTable, say } from './output.js';

interface QueryFlags {
  readonly results: string;
  readonly tables?: true;
  readonly csv?: true;
  readonly json?: true;
}

const text = (cell: Cell): string => (cell === null ? '' : String(cell));

/** RFC 4180; null is an empty field, empty text one in quotes. */
const field = (cell: Cell): string => {
  if (cell === null) return '';
  const plain = String(cell);
  return plain === '' || /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};

function printCsv({ columns, rows }: QueryResult): void {
  const lines = [columns.map(({ name }) => name), ...rows].map((row) => row.map(field).join(','));
  print(lines.join('\r\n'));
}

function printColumns(flags: QueryFlags): void {
  const all = TABLES.flatMap(({ name: table, columns }) =>
    columns.map(({ name, type, meaning }) => ({ table, column: name, type, meaning })),
  );
  if (flags.json === true) {
    printDocument('writeproof.query.v1', all, {
      columns: ['table', 'column', 'type', 'meaning'].map((name) => ({ name, type: 'VARCHAR' })),
      leftOut: [],
    });
    return;
  }
  for (const { name, about, columns } of TABLES) {
    print(`${paint.bold(name)}: ${about}`);
    printTable(
      ['column', 'type', 'meaning'],
      columns.map((column) => [column.name, column.type, column.meaning]),
    );
  }
}

async function query(sql: string | undefined, flags: QueryFlags): Promise<void> {
  if (flags.json === true && flags.csv === true) {
    throw new Misuse('--json and --csv are two documents: expected one of them.');
  }
  if (flags.tables === true) {
    printColumns(flags);
    return;
  }
  if (sql === undefined || sql.trim() === '') {
    throw new Misuse('There is no query: expected SQL such as "select * from runs", or --tables.');
  }
  if (!existsSync(flags.results)) {
    throw new Misuse(
      `--results ${flags.results} does not exist: expected a folder with runs, gates or history; "writeproof run" makes one.`,
    );
  }
  const { tables, sentences } = await loadTables(path.resolve(flags.results));
  for (const sentence of sentences) say(sentence);
  const result = await ask(tables, sql);
  const { columns, rows } = result;
  if (flags.json === true) {
    const names = columns.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      throw new Misuse(`Column "${twice}" is there twice, and a JSON object holds it once: name one of them by "as".`);
    }
    const objects = rows.map((row) => Object.fromEntries(row.map((cell, index) => [names[index] ?? '', cell])));
    printDocument('writeproof.query.v1', objects, { columns, leftOut: sentences });
  } else if (flags.csv === true) printCsv(result);
  else {
    printTable(
      columns.map(({ name }) => name),
      rows.map((row) => row.map(text)),
    );
    print(paint.dim(`${rows.length} row${rows.length === 1 ? '' : 's'}`));
  }
  exitWith(EXIT.pass);
}

export const addQuery: AddCommand = (program: Command) => {
  program
    .command('query')
    .argument('[sql]', 'one query; tables and columns are listed by --tables')
    .description('SQL over records, history and gates, by DuckDB')
    .option('--tables', 'list tables and columns, with what they mean')
    .option('--results <dir>', 'the folder that holds runs, gates and history', RESULTS)
    .option('--csv', 'comma-separated values on stdout')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      examples([
        'query --tables',
        `query "select case_id, min(durable_seconds) from records where status = 'verified' group by 1 order by 1"`,
        'query "select started_at, normalised from history where case_id like \'%parquet/stream\' order by 1" --csv',
        'query "select detector, count(*) from findings group by 1" --json',
      ]),
    )
    .action(query);
};
