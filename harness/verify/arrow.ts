/** The detectors of Arrow IPC. Two implementations can read it: where one wrote, the other judges. */

import type { Finding, Observation, ReaderReport, VerifyJob } from '../types.js';
import { readLayout, type ArrowLayout, type LayoutReading } from './arrow-layout.js';
import { settled } from './attempt.js';
import { APACHE_ARROW, readByApacheArrow } from './by-apache-arrow.js';
import { ARROW_RS, readByArrowRs } from './by-arrow-rs.js';
import { cacheNote } from './cache-note.js';
import { digestFindings, rowFindings } from './contents.js';
import { fieldFindings } from './field-findings.js';
import { finding, noInput } from './finding.js';
import { nonceFindings } from './nonce.js';
import {
  ALWAYS,
  independenceOf,
  otherReaderFindings,
  reportOf,
  requireVersion,
  type Reading,
  type Seen,
} from './reading.js';

interface Reader {
  readonly name: string;
  readonly read: (path: string, layout: ArrowLayout, firstRow: number) => Promise<Reading>;
}

const READERS: readonly [Reader, Reader] = [
  { name: APACHE_ARROW, read: readByApacheArrow },
  { name: ARROW_RS, read: readByArrowRs },
];

/** First the reader that shares nothing with the writer. */
function readersFor(job: VerifyJob): readonly [Reader, Reader] {
  const [one, other] = READERS;
  return independenceOf(job, one.name) === 'same implementation' ? [other, one] : [one, other];
}

const NO_STATISTICS = 'Arrow IPC holds no statistics: detector P has nothing to compare';

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Rows by all that the file itself says of them. */
function rowsInMetadata(layout: ArrowLayout): readonly (readonly [string, number])[] {
  const inMessages = ['rows of all batches in the messages', sum(layout.messageRows)] as const;
  if (layout.footerRows === null) return [inMessages];
  return [['rows of the batches that the footer lists', sum(layout.footerRows)], inMessages];
}

function contentFindings(
  job: VerifyJob,
  layout: ArrowLayout,
  first: string,
  reading: Reading | string,
): readonly Finding[] {
  if (typeof reading === 'string') {
    const failed = finding('X', `reading in full by ${first}`, 'a digest', `failed: ${reading}`);
    return [failed, ...noInput(['N', 'M', 'O', 'C'], `${first} cannot read the target`)];
  }
  requireVersion(job, reading.digest);
  return [
    ...rowFindings(job.facts, rowsInMetadata(layout), reading.rows),
    ...digestFindings(job.facts, reading.digest),
  ];
}

async function layoutOf(target: string): Promise<LayoutReading> {
  const read = await settled(readLayout(target));
  if (typeof read !== 'string') return read;
  return { layout: null, findings: [finding('F', 'format', 'readable bytes', `failed: ${read}`)] };
}

function unreadable(job: VerifyJob, format: readonly Finding[]): Seen {
  const reason = format.map(({ what, actual }) => `${what}: ${actual}`).join('; ');
  const blind = noInput(job.secondReader ? ['S', 'N', 'M', 'O', 'C', 'X'] : ['S', 'N', 'M', 'O', 'C'], reason);
  const ran: Observation['ran'] = job.secondReader ? [...ALWAYS, 'X'] : ALWAYS;
  return { findings: [...format, ...blind], ran, readers: [], metadataRows: null, notes: [], reading: null };
}

export async function observeArrow(job: VerifyJob): Promise<Seen> {
  const { layout, findings: format } = await layoutOf(job.target);
  if (layout === null) return unreadable(job, format);
  const notes: string[] = [NO_STATISTICS, ...layout.notes, cacheNote(job)];
  const readers: ReaderReport[] = [];
  const [first, second] = readersFor(job);
  const { firstRow = 0 } = job.facts;
  const [reading, other] = await Promise.all([
    settled(first.read(job.target, layout, firstRow)),
    job.secondReader ? settled(second.read(job.target, layout, firstRow)) : null,
  ]);
  const findings: Finding[] = [
    ...format,
    ...fieldFindings(job.facts.schema, layout.schema.fields),
    ...nonceFindings(job.nonce, layout.schema.metadata),
    ...contentFindings(job, layout, first.name, reading),
  ];
  if (typeof reading !== 'string') readers.push(reportOf(job, first.name, reading));
  if (other === null) {
    notes.push(`${second.name} did not read: the job asks for one reader`);
  } else {
    findings.push(...otherReaderFindings(job, second.name, other));
    if (typeof other !== 'string') readers.push(reportOf(job, second.name, other));
  }
  return {
    findings,
    ran: other !== null || typeof reading === 'string' ? [...ALWAYS, 'X'] : ALWAYS,
    readers,
    metadataRows: sum(layout.footerRows ?? layout.messageRows),
    notes,
    reading: typeof reading === 'string' ? null : reading,
  };
}
