/** Profiled cases, as users run them. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { PACKAGE_ROOT } from '../../harness/paths.js';
import { summarise } from '../../harness/summary.js';
import { CATEGORIES, type Profile, type WriteRecord } from '../../harness/types.js';
import { profileRows, profileTexts } from '../../reports/profile.js';
import { casesOf, complaints, freshFolder, recordOf, runCases, statuses, type RunDocument } from '../fixtures.js';
import { departures } from '../records/schemas.js';

const COMMAND = path.join(PACKAGE_ROOT, 'test', 'bad-writers', 'command.mjs');
const SAMPLED = [
  'lineitem@0.1/parquet/stream;source=generated;profile=on',
  'lineitem@0.1/parquet/zero-copy;overlap=on;profile=on',
  'lineitem@0.1/arrow/stream;source=generated;parts=2;profile=on',
];
const UNSAMPLED = ['nation@0.01/apache-arrow/stream;profile=on', 'nation@0.01/command/stream;profile=on'];
const PLAIN = 'lineitem@0.1/parquet/stream;source=generated';

let run: RunDocument;
const record = (id: string): WriteRecord => recordOf(run.records, id) as WriteRecord;
function profileOf(id: string): Profile | null | 'unverified' {
  const { verdict } = record(id);
  return verdict.status === 'verified' ? verdict.measurement.profile : 'unverified';
}

before(async () => {
  const folder = freshFolder();
  const command = `"${process.execPath}" "${COMMAND}" {target}`;
  const writers = [{ name: 'command', command, format: 'parquet' }];
  writeFileSync(path.join(folder, 'writeproof.config.json'), JSON.stringify({ writers }));
  run = await runCases([...casesOf([...SAMPLED, ...UNSAMPLED, PLAIN]), '--repeat', '1'], folder);
});

test('all are verified, and as their schema says', () => {
  assert.deepEqual(
    statuses(run.records),
    run.records.map(() => 'verified'),
    complaints(run.records),
  );
  assert.equal(run.records.length, SAMPLED.length + UNSAMPLED.length + 1);
  assert.deepEqual(departures('writeproof.records.v1', run.printed), []);
});

for (const id of SAMPLED) {
  test(`${id}: there are samples, and their shares make a whole`, () => {
    const profile = profileOf(id);
    assert.ok(profile !== null && profile !== 'unverified', complaints([record(id)]));
    assert.equal(profile.samples > 0, true);
    assert.equal(profile.dropped, 0);
    const shares = [...CATEGORIES.map((category) => profile.categories[category]), profile.unclassifiedShare];
    assert.equal(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) <= 1e-9, true, shares.join(' '));
    // Without symbols and line tables nothing of our own libraries is known.
    assert.equal(profile.unclassifiedShare < 0.15, true, profile.topUnclassified.join('; '));
    assert.equal(/(^|[ [(])\//.test(profile.topUnclassified.join('; ')), false);
  });
}

test('generating and encoding show where they happen', () => {
  const profile = profileOf(SAMPLED[0] ?? '');
  assert.ok(profile !== null && profile !== 'unverified');
  assert.equal(profile.categories.generation > 0.02, true, JSON.stringify(profile));
  assert.equal(profile.categories.encoding > 0.02, true, JSON.stringify(profile));
});

test('without the option there is none', () => {
  assert.equal(profileOf(PLAIN), null);
});

test('of modules and commands it is not measured, and a note says why', () => {
  assert.deepEqual(UNSAMPLED.map(profileOf), [null, null]);
  const notes = UNSAMPLED.map((id) => record(id).notes.filter((note) => note.startsWith('profile not measured: ')));
  assert.deepEqual(notes, [
    ['profile not measured: native libraries are sampled, and this writer is JavaScript'],
    ['profile not measured: it is sampled within the worker, and a command runs outside of it'],
  ]);
});

test('the report has a row for each that was sampled, and says of the others that they were not', () => {
  const cases = run.records.map((one) => one.case);
  const summaries = summarise(cases, run.records);
  const rows = profileRows(summaries);
  assert.deepEqual(rows.map(([id]) => id).sort(), [...SAMPLED].sort());
  const texts = profileTexts(summaries).join('\n');
  assert.match(texts, /^profile=on: sampling slows/);
  assert.deepEqual(
    UNSAMPLED.filter((id) => texts.includes(`${id}: profile not measured`)),
    UNSAMPLED,
  );
});
