/** Writers that lose or change data and say that all is well: each is found out, through the ordinary worker and verify process. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { VARIANTS, type Detector, type Variant } from '../harness/types.js';
import {
  casesOf,
  complaints,
  findingsOf,
  fired,
  folderForDirect,
  misbehavingWriter,
  recordOf,
  runCases,
  statuses,
  type RunDocument,
} from './fixtures.js';
import { nativePath } from './native-path.js';
import { departures } from './records/schemas.js';
import { HANDICAPS } from '../suites/handicaps.js';

const LIBRARY = nativePath('libwriteproof_faults.so');
const WRITER = 'writeproof_faults';
/** Two batches of unequal length: 8,192 and 6,808 rows. */
const TABLE = 'orders@0.01';

interface Lie {
  /** All detectors that fire, no more and no fewer; or those that must, where chance decides about others. */
  readonly fired: string;
  readonly orMore?: true;
  /** Variants in which R fires beside them: other addresses than were handed over, or a file that was not direct. */
  readonly resourcesIn?: readonly Variant[];
  /** It changes the finished file through the page cache: how many pages stay there is the kernel's affair. */
  readonly rewrites?: true;
  /** A finding that names what went wrong: its detector and text. */
  readonly what: readonly [Detector, RegExp];
}

/** Each fault with its traces. What a detector does not see (M of shuffled rows) is stated by its absence. */
const LIES: Readonly<{ [fault: string]: Lie }> = {
  'drop-everything': {
    fired: 'CFMNOPSXZ',
    what: ['Z', /^bytes on disk, expected \d+ as measured, above 0, found 0/],
    resourcesIn: ['direct'],
  },
  'empty-valid': { fired: 'CMNOX', rewrites: true, what: ['N', /^rows by reading, expected 15000, found 0$/] },
  'drop-last-batch': {
    fired: 'CMNOX',
    what: ['N', /^rows by reading, expected 15000, found 8192$/],
    resourcesIn: ['zero-copy', 'direct'],
  },
  'count-lie': { fired: 'CMNOPX', rewrites: true, what: ['X', /^reading in full by duckdb/] },
  'row-shuffle': {
    fired: 'OX',
    what: ['O', /^digest of the order of rows, expected \w{32}, found \w{32}$/],
    resourcesIn: ['zero-copy', 'direct'],
  },
  'null-value': {
    fired: 'CMOSX',
    what: ['C', /^column o_orderkey, .* 0 nulls, .* 1 nulls, /],
    resourcesIn: ['zero-copy', 'direct'],
  },
  'value-changed': {
    fired: 'CMOX',
    what: ['C', /^column o_orderkey, expected sum \w{32}, 0 nulls, 120000 bytes/],
    resourcesIn: ['zero-copy', 'direct'],
  },
  'stale-file': { fired: 'M', what: ['M', /^nonce of the run .* found older run$/] },
  // A byte that comes while the readers open the file is in their way too.
  'late-write': { fired: 'Z', orMore: true, what: ['Z', /^files unchanged /] },
  'stats-lie': {
    fired: 'P',
    rewrites: true,
    what: ['P', /^max of row group 0, column o_orderkey, expected 60000, found 1$/],
  },
  'wrong-format': {
    fired: 'CFMNOPSX',
    resourcesIn: ['direct'],
    what: ['F', /four bytes, expected "PAR1", found "(ARRO|ROW1)"$/],
  },
  'ack-only': {
    fired: 'CMNOXZ',
    what: ['N', /^rows by reading, expected 15000, found 0$/],
    resourcesIn: ['zero-copy', 'direct'],
  },
  'never-called': {
    fired: 'CFMNOPSX',
    resourcesIn: ['direct'],
    what: ['F', /four bytes, expected "PAR1", found "(ARRO|ROW1)"$/],
  },
};
/** They end otherwise than corrupt, or in one variant alone. */
const OF_ENDINGS = ['close-error-ignored', 'failed-but-timed', 'direct-downgraded'];
/** Faults that damage nothing: the control, and losses of time and memory, which are no lies about data. */
const HONEST = ['none', ...HANDICAPS];
const FAULTS = Object.keys(LIES);

const { folder, noDirect } = await folderForDirect();
const able = VARIANTS.filter((variant) => variant !== 'direct' || noDirect === null);

const idOf = (variant: Variant, fault: string): string =>
  fault === 'none' ? `${TABLE}/${WRITER}/${variant}` : `${TABLE}/${WRITER}/${variant};fault=${fault}`;

const checked = { lies: 0, honest: 0 };
let run: RunDocument;

before(async () => {
  const ids = able.flatMap((variant) => [...FAULTS, ...HONEST].map((fault) => idOf(variant, fault)));
  run = await runCases(['--writer', LIBRARY, ...casesOf(ids), '--target', `${folder}/data`], folder);
});

after(() => {
  assert.deepEqual(checked, { lies: FAULTS.length * able.length, honest: HONEST.length * able.length });
});

for (const variant of able) {
  for (const [fault, lie] of Object.entries(LIES)) {
    test(`${fault} in ${variant} ends corrupt, by the expected detectors, and without a measurement`, () => {
      const record = recordOf(run.records, idOf(variant, fault));
      assert.equal(record.verdict.status, 'corrupt', complaints([record]));
      const { what } = lie;
      const resources = lie.resourcesIn?.includes(variant) === true ? 'R' : '';
      const expected = `${lie.fired}${resources}`.split('').sort().join('');
      const leftToChance = (detector: Detector): boolean =>
        !expected.includes(detector) &&
        (lie.orMore === true || (detector === 'R' && lie.rewrites === true && variant === 'direct'));
      const seen = fired(record).filter((detector) => !leftToChance(detector));
      assert.equal(seen.join(''), expected, complaints([record]));
      const texts = findingsOf(record)
        .filter(({ detector }) => detector === what[0])
        .map((finding) => `${finding.what}, expected ${finding.expected}, found ${finding.actual}`);
      assert.match(texts.find((text) => what[1].test(text)) ?? texts.join('\n'), what[1]);
      assert.deepEqual(Object.keys(record.verdict).sort(), ['findings', 'refused', 'status']);
      // The liar itself says that it wrote everything.
      const { rows } = record.writerSays as { readonly rows: number };
      assert.deepEqual([rows, record.crossed?.rows], [15_000, 15_000]);
      assert.deepEqual(departures('writeproof.record.v1', record), []);
      checked.lies += 1;
    });
  }
  for (const fault of HONEST) {
    test(`${fault} in ${variant} is no lie: verified`, () => {
      const record = recordOf(run.records, idOf(variant, fault));
      assert.equal(record.verdict.status, 'verified', complaints([record]));
      checked.honest += 1;
    });
  }
}

test('a close that fails after all was written is a failed case with its errno, and a process that ends early a crashed one', async () => {
  const ids = OF_ENDINGS.map((fault) => `${TABLE}/${WRITER}/stream;fault=${fault}`);
  const { code, records } = await runCases(['--writer', LIBRARY, ...casesOf(ids)]);
  const [failed, crashed, notDirect] = ids.map((id) => recordOf(records, id).verdict);
  assert.deepEqual(failed, {
    status: 'failed',
    step: 'close',
    errno: 5,
    errnoName: 'EIO',
    reason: 'writeproof_close returned 5: close fails after all was written',
  });
  assert.deepEqual(crashed, {
    status: 'crashed',
    signal: null,
    exitCode: 0,
    reason: 'the worker ended with exit code 0 and no report',
  });
  const { status, reason } = notDirect as { readonly status: string; readonly reason: string };
  assert.equal(status, 'failed');
  assert.match(reason, /fault changed nothing: direct-downgraded: the case does not ask for direct I\/O$/);
  assert.equal(code, 4);
});

test(
  'a file that went through the page cache is not direct, and R alone says so',
  { skip: noDirect ?? false },
  async () => {
    const id = `${TABLE}/${WRITER}/direct;fault=direct-downgraded`;
    const { records } = await runCases(
      ['--writer', LIBRARY, ...casesOf([id]), '--target', `${folder}/page-cache`],
      folder,
    );
    assert.equal(fired(recordOf(records, id)).join(''), 'R', complaints(records));
  },
);

test('a fault of nulls without a null to damage is a failed case, not a fault that was caught', async () => {
  const id = `${TABLE}/${WRITER}/stream;fault=null-lost`;
  const { records } = await runCases(['--writer', LIBRARY, ...casesOf([id])]);
  const { verdict } = recordOf(records, id);
  assert.equal(verdict.status, 'failed');
  assert.match(
    JSON.stringify(verdict),
    /fault changed nothing: null-lost: no column of numbers, bools or text has nulls/,
  );
});

test('a run with lies ends with exit code 4, and an honest one with 0', async () => {
  assert.equal(run.code, 4);
  assert.equal(run.records.length, able.length * (FAULTS.length + HONEST.length));
  const honest = await runCases(['--writer', LIBRARY, ...casesOf([idOf('stream', 'none')])]);
  assert.deepEqual([honest.code, statuses(honest.records)], [0, ['verified']]);
});

test('a writer in C that succeeds at everything and writes nothing is corrupt, and so is one that writes text', async () => {
  const ids = ['silent', 'normal'].map((mode) =>
    mode === 'normal' ? 'nation@0.01/misbehaving/stream' : `nation@0.01/misbehaving/stream;mode=${mode}`,
  );
  const { code, records } = await runCases(['--writer', misbehavingWriter(), ...casesOf(ids)]);
  const [silent, text] = ids.map((id) => recordOf(records, id));
  assert.ok(silent !== undefined && text !== undefined);
  assert.deepEqual([code, ...statuses([silent, text])], [4, 'corrupt', 'corrupt']);
  assert.deepEqual([fired(silent).join(''), fired(text).join('')], ['CFMNOPSXZ', 'CFMNOPSX']);
  assert.deepEqual(
    [silent, text].map((record) => [(record.writerSays as { readonly rows: number }).rows, record.crossed?.rows]),
    [
      [25, 25],
      [25, 25],
    ],
  );
  assert.deepEqual([silent.files, text.files.length], [[], 1]);
});
