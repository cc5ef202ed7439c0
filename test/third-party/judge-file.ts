/** What is seen of a file that somebody else made: what it holds, who reads it, and what is found of it. */

import path from 'node:path';
import { messageOf } from '../../harness/misuse.js';
import { stampsOf } from '../../harness/run/unchanged.js';
import type { Facts, Format, Observation, VerifyJob } from '../../harness/types.js';
import { contentsOf, Damaged, type FileContents } from '../../harness/verify/file-contents.js';
import { observe } from '../../harness/verify/observe.js';

/** Of a file that can be read. */
export interface Readable {
  readonly format: Format;
  readonly rows: number;
  /** Digest of its rows and their order. */
  readonly order: string;
  /** Readers that agree on it, the first by whose word it goes; empty where no row can prove anything. */
  readonly readers: string;
  /** Detectors that find something wrong with what it says of itself. */
  readonly findings: string;
}

/** Of one that cannot: the sentence, and the detectors that fire when it is judged. */
export interface Unreadable {
  readonly sentence: string;
  readonly findings: string;
}

const lettersOf = ({ findings }: Observation): string =>
  [...new Set(findings.map(({ detector }) => detector))].sort().join('');

/** As `writeproof verify` has a file judged that somebody else wrote. */
const jobOf = async (file: string, format: Format, facts: Facts): Promise<VerifyJob> => ({
  directory: path.dirname(file),
  target: file,
  format,
  facts,
  nonce: null,
  files: await stampsOf(file),
  secondReader: true,
  dropCache: false,
});

const judged = async (file: string, format: Format, facts: Facts): Promise<Observation> =>
  observe(await jobOf(file, format, facts));

function factsOf({ schema, rows, digest }: FileContents): Facts {
  const arrowBytes = digest.columns.reduce((sum, column) => sum + column.bytes, 0);
  return { table: 'third party', scale: 0, part: { index: 1, count: 1 }, schema, rows, arrowBytes, digest };
}

/** Of no file here: one that cannot be read has none of its own. */
const OTHER_FACTS: Facts = {
  table: 'another',
  scale: 0,
  part: { index: 1, count: 1 },
  schema: [{ name: 'one', type: 'int64', nullable: false }],
  rows: 1,
  arrowBytes: 8,
  digest: {
    version: 'wp1',
    rows: 1,
    multiset: '0'.repeat(32),
    order: '0'.repeat(32),
    columns: [{ name: 'one', sum: '0'.repeat(32), nulls: 0, bytes: 8, min: '1', max: '1' }],
    blocks: [{ rows: 1, multiset: '0'.repeat(32) }],
  },
};

/** The format that its name promises. */
const promised = (file: string): Format => (/\.(arrows?|feather)$/.test(file) ? 'arrow' : 'parquet');

export async function seenOf(file: string): Promise<Readable | Unreadable> {
  let contents: FileContents;
  try {
    contents = await contentsOf({ file, as: 'own' });
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    const sentence = messageOf(error).replaceAll(file, path.basename(file));
    return { sentence, findings: lettersOf(await judged(file, promised(file), OTHER_FACTS)) };
  }
  const { format, rows, digest } = contents;
  const facts = { format, rows, order: digest.order };
  if (rows === 0) return { ...facts, readers: '', findings: '' };
  const observation = await judged(file, format, factsOf(contents));
  const readers = observation.readers.map(({ reader }) => reader).join(' ');
  return { ...facts, readers, findings: lettersOf(observation) };
}
