import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { departures } from '../records/schemas.js';
import { held, workspace, writeproof } from './command.js';

const { folder, remove } = workspace();
after(remove);

/** Departures of what a command prints from the schema that it names. */
async function printed(schema: string, words: string): Promise<readonly unknown[]> {
  const { code, stdout } = await writeproof(folder, words.split(' '));
  return [code, ...departures(schema, JSON.parse(stdout))];
}

test('every command says how it is used, with examples', async () => {
  const commands = ['run', 'list', 'verify', 'digest', 'show', 'doctor', 'cache', 'report', 'check-writer', 'crash'];
  const helps = await Promise.all(commands.map(async (command) => writeproof(folder, [command, '--help'])));
  assert.deepEqual(
    helps.map(({ code, stdout }, index) => [code, stdout.includes(`$ writeproof ${commands[index] ?? ''}`)]),
    commands.map(() => [0, true]),
  );
});

test('documents of --json are those of their schemas', async () => {
  assert.deepEqual(await printed('writeproof.list.v1', 'list tables --json'), [0]);
  assert.deepEqual(await printed('writeproof.list.v1', 'list cases --suite smoke --json'), [0]);
  assert.deepEqual(await printed('writeproof.plan.v1', 'run --suite peers --dry-run --json'), [0]);
  assert.deepEqual(await printed('writeproof.cache.v1', 'cache --json'), [0]);
});

test('a dry run lists the plan in its order, and writes nothing', async () => {
  const words = [
    'run',
    '--table',
    'part,orders',
    '--scale',
    '0.01',
    '--writer',
    'parquet',
    '--variant',
    'stream',
    '--repeat',
    '2',
    '--seed',
    '3',
  ];
  const { code, stdout } = await writeproof(folder, [...words, '--dry-run', '--json']);
  const document = JSON.parse(stdout) as { seed: number; results: { repetition: number; case: { id: string } }[] };
  assert.equal(code, 0);
  assert.equal(document.seed, 3);
  assert.deepEqual(
    document.results.map((step) => step.repetition),
    [1, 1, 2, 2],
  );
  assert.deepEqual(document.results.map((step) => step.case.id).sort(), [
    'orders@0.01/parquet/stream',
    'orders@0.01/parquet/stream',
    'part@0.01/parquet/stream',
    'part@0.01/parquet/stream',
  ]);
  assert.deepEqual(held(folder), []);
});
