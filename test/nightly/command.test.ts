import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { held, workspace, writeproof } from '../cli/command.js';

const { folder, remove } = workspace();
after(remove);

test('a dry run says what a night would do and how long, and writes nothing', async () => {
  const { code, stdout } = await writeproof(folder, ['nightly', '--dry-run', '--keep-nights', '30', '--budget', '90s']);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(code, 0);
  assert.deepEqual(
    lines.map((line) => line.split(':')[0]),
    ['equal builds', 'matrix', 'last release', 'history'],
  );
  assert.match(lines[0] ?? '', /this build against itself: suite gate, tolerance 5\.0 %, pairs for at most 2 minutes/);
  assert.match(lines[1] ?? '', /suite nightly: 80 cases, 240 repetitions, about \d+ minutes/);
  assert.match(lines[3] ?? '', /of 30 nights; change points as advice/);
  assert.deepEqual(held(folder), []);
});

test('misuse is a sentence each, and nothing is written', async () => {
  const words = [
    ['--resume', 'last'],
    ['--from', 'none'],
    ['--from', 'a', '--resume', 'b'],
    ['--json', '--to', 'md'],
    ['--to', 'html'],
    ['--keep-nights', '0'],
    ['--tolerance', '0'],
    ['--suite', 'nihgtly', '--dry-run'],
  ];
  const ends: (readonly [number, string])[] = [];
  for (const flags of words) {
    const { code, stderr } = await writeproof(folder, ['nightly', ...flags]);
    ends.push([code, stderr.trim()]);
  }
  const expected = [
    /^Unknown night "last": expected the id of one that was begun here, or last\.$/,
    /^Unknown night "none"/,
    /^--from only reads a night, --resume finishes one: expected one of them\.$/,
    /^--json and --to md are two documents/,
    /html/,
    /--keep-nights/,
    /--tolerance "0"/,
    /nihgtly.*nightly/,
  ];
  assert.deepEqual(
    ends.map(([code, text], index) => [code, expected[index]?.test(text) === true ? '' : text]),
    words.map(() => [1, '']),
  );
  assert.deepEqual(held(folder), []);
});
