import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { PACKAGE_ROOT } from '../../harness/paths.js';
import { ask } from '../../harness/query/database.js';
import { TABLES } from '../../harness/query/load.js';
import { filled } from '../../harness/query/table.js';

const EMPTY = TABLES.map((table) => filled(table, []));

test('results/README.md has every table and column, with its type and meaning, and no other', () => {
  const text = readFileSync(path.join(PACKAGE_ROOT, 'results', 'README.md'), 'utf8');
  const section = text.slice(text.indexOf('## Tables of `query`'));
  const documented = section
    .split('\n')
    .map((line) => /^#### `(\w+)`: (.*)$|^\| `(\w+)` +\| (\w+) +\| (.*?) *\|$/.exec(line))
    .flatMap((match) => (match === null ? [] : [match.slice(1).filter((part?: string) => part !== undefined)]));
  const expected = TABLES.flatMap(({ name, about, columns }) => [
    [name, about],
    ...columns.map((column) => [column.name, column.type, column.meaning.replaceAll('|', '\\|')]),
  ]);
  assert.equal(expected.length > 130, true);
  assert.deepEqual(documented, expected);
});

test('every column can be asked for by its name, without quotes', async () => {
  for (const { name, columns } of TABLES) {
    const names = columns.map((column) => column.name).join(', ');
    const found = await ask(EMPTY, `select ${names} from ${name} order by ${names}`);
    assert.deepEqual(
      found.columns,
      columns.map((column) => ({ name: column.name, type: column.type })),
    );
  }
});
