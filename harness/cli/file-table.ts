/** Tables that are named by a file of the user's own: `--table file:orders.parquet`. */

import path from 'node:path';
import type { Registry } from '../../suites/index.js';
import type { TableSpec } from '../../suites/types.js';
import { FILE_SCALE } from '../defaults.js';
import { Misuse } from '../misuse.js';
import { factsOfFile, requireFile } from './file-facts.js';

const PREFIX = 'file:';

/** In an id these end a name, or separate. */
const SEPARATORS = /[@/;,]/;

async function fileTable(text: string, tell: (what: string) => void): Promise<TableSpec> {
  const file = text.slice(PREFIX.length);
  if (file === '')
    throw new Misuse(`--table ${text} names no file: expected ${PREFIX} and a path, such as file:orders.parquet.`);
  requireFile(file);
  const base = path.basename(file);
  if (SEPARATORS.test(base)) {
    throw new Misuse(
      `--table ${text}: the file's name cannot stand in the id of a case; expected one without @ ; and commas.`,
    );
  }
  tell(`facts of ${base}`);
  const {
    facts: found,
    format,
    stamps: [stamp],
    // arrow-rs, which makes the batches, is asked for Parquet's types too.
  } = await factsOfFile(file, { as: 'declared' });
  if (format === 'lance' || stamp === undefined) throw new Misuse(`--table ${text} is no Parquet or Arrow file.`);
  if (found.rows === 0)
    throw new Misuse(`--table ${text} holds no rows: expected at least one, because nothing can be proved of none.`);
  const name = `${PREFIX}${base}`;
  const facts = { ...found, table: name, scale: FILE_SCALE };
  return {
    name,
    about: `rows of ${base}`,
    fields: facts.schema,
    rows: () => facts.rows,
    bytesPerRow: Math.max(1, Math.ceil(facts.arrowBytes / facts.rows)),
    sources: ['prepared'],
    file: { path: path.resolve(file), format, stamp, facts },
  };
}

/** The registry with the user's own files, and the names under which the plan knows all that were asked for. */
export async function withFileTables(
  registry: Registry,
  asked: readonly string[],
  tell: (what: string) => void,
): Promise<{ readonly registry: Registry; readonly tables: readonly string[] }> {
  const tables = [...registry.tables];
  const names: string[] = [];
  for (const text of asked) {
    if (!text.startsWith(PREFIX)) {
      names.push(text);
      continue;
    }
    const table = await fileTable(text, tell);
    const other = tables.find((candidate) => candidate.name === table.name);
    if (other !== undefined && other.file?.path !== table.file?.path) {
      throw new Misuse(
        `Two files are called ${table.name.slice(PREFIX.length)}: expected one of each name, rename one.`,
      );
    }
    if (other === undefined) tables.push(table);
    names.push(table.name);
  }
  return { registry: { ...registry, tables }, tables: names };
}
