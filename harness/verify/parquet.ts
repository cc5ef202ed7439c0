/** The detectors of a Parquet file: DuckDB reads, hyparquet reads again, and alone what DuckDB cannot carry. */

import type { Detector, Facts, Field, Finding, Observation, ReaderReport, VerifyJob } from '../types.js';
import { leftOutBy } from './allowances.js';
import { attempt, settled } from './attempt.js';
import { DUCKDB, readByDuckdb, type DuckdbReading } from './by-duckdb.js';
import { HYPARQUET, readByHyparquet, type HyparquetReading } from './by-hyparquet.js';
import { cacheNote } from './cache-note.js';
import { digestFindings, rowFindings } from './contents.js';
import { finding, noInput } from './finding.js';
import { readFooter, type Footer } from './footer.js';
import { nonceFindings } from './nonce.js';
import { pageIndexFindings } from './page-index.js';
import { columnsOfLeaves, segmentRange, storedRange } from './ranges.js';
import { ALWAYS, otherReaderFindings, reportOf, requireVersion, type Reading, type Seen } from './reading.js';
import { checkSchema, readAs } from './schema.js';
import { checkStatistics, type RangeOf } from './statistics.js';

/** What both readers are asked to do. */
interface Plan {
  /** What each column is read as. */
  readonly fields: readonly Field[];
  /** Columns that DuckDB cannot carry, and why. */
  readonly leftOut: ReadonlyMap<number, string>;
  /** For each leaf the column whose extremes DuckDB's digest has; null where hyparquet's values are needed. */
  readonly columns: readonly (number | null)[];
}

interface Readings {
  readonly duckdb: DuckdbReading | string;
  readonly hyparquet: HyparquetReading | string | null;
}

function planOf(job: VerifyJob, footer: Footer): Plan {
  const fields = readAs(job.facts.schema, footer.metadata);
  const reasons = fields.map(({ type }, index) => [index, leftOutBy(DUCKDB, type)] as const);
  const leftOut = new Map(reasons.flatMap(([index, reason]) => (reason === null ? [] : [[index, reason] as const])));
  return { fields, leftOut, columns: columnsOfLeaves(footer.metadata, fields) };
}

async function readBoth(job: VerifyJob, footer: Footer, plan: Plan): Promise<Readings> {
  const { fields, leftOut } = plan;
  const { firstRow = 0 } = job.facts;
  const second = readByHyparquet.bind(null, {
    path: job.target,
    firstRow,
    metadata: footer.metadata,
    fields,
    leftOut: new Set(leftOut.keys()),
    wantsRange: (leaf) => (plan.columns[leaf] ?? null) === null,
  });
  const [duckdb, hyparquet] = await Promise.all([
    settled(readByDuckdb(job.target, footer.groupRows, fields, firstRow)),
    job.secondReader || leftOut.size > 0 ? settled(second()) : null,
  ]);
  return { duckdb, hyparquet };
}

/** The values of a leaf, by the reader that has them as they are stored. */
function rangesOf(footer: Footer, plan: Plan, { duckdb, hyparquet }: Readings): RangeOf {
  const leaves = footer.metadata.schema.filter((element) => element.type !== undefined);
  return (group, leaf) => {
    const column = plan.columns[leaf] ?? null;
    const element = leaves[leaf];
    if (column === null || element === undefined) {
      return typeof hyparquet === 'string' ? null : (hyparquet?.ranges[group]?.[leaf] ?? null);
    }
    const range = typeof duckdb === 'string' ? null : segmentRange(duckdb.segments, group, column);
    return range === null ? null : storedRange(range, element);
  };
}

/** What the values that were read say about rows and digest: by the reader that carries all columns. */
function contentFindings(job: VerifyJob, footer: Footer, name: string, reading: Reading | string): readonly Finding[] {
  if (typeof reading === 'string') {
    const failed = finding('X', `reading in full by ${name}`, 'a digest', `failed: ${reading}`);
    return [failed, ...noInput(['N', 'M', 'O', 'C'], `${name} cannot read the target`)];
  }
  requireVersion(job, reading.digest);
  const inMetadata = [
    ['rows in the file metadata', Number(footer.metadata.num_rows)] as const,
    ['rows of all row groups in the metadata', footer.groupRows.reduce((sum, rows) => sum + rows, 0)] as const,
  ];
  return [...rowFindings(job.facts, inMetadata, reading.rows), ...digestFindings(job.facts, reading.digest)];
}

/**
 * Where DuckDB leaves columns out, its whole rows cannot be those of the facts. hyparquet has read all columns; of its rows too there is a
 * digest with nulls in these columns, which DuckDB's must equal. Where hyparquet's whole rows equal the facts, as another finding says,
 * so do the columns that DuckDB reads, in every row and in order. Each of them is compared with the facts besides.
 */
function partialFindings(
  facts: Facts,
  leftOut: ReadonlyMap<number, string>,
  { duckdb, hyparquet }: Readings,
): readonly Finding[] {
  if (typeof duckdb === 'string') return [finding('X', `reading by ${DUCKDB}`, 'a digest', `failed: ${duckdb}`)];
  const findings: Finding[] = [];
  const compare = (what: string, expected: string | number, actual: string | number): void => {
    if (expected !== actual) findings.push(finding('X', `${what} by ${DUCKDB}`, expected, actual));
  };
  compare('rows', facts.rows, duckdb.rows);
  if (hyparquet !== null && typeof hyparquet !== 'string') {
    const columns = `the columns that ${DUCKDB} carries`;
    compare(`digest of whole rows of ${columns}`, hyparquet.partial.multiset, duckdb.digest.multiset);
    compare(`digest of the order of rows of ${columns}`, hyparquet.partial.order, duckdb.digest.order);
  }
  for (const [index, expected] of facts.digest.columns.entries()) {
    const actual = duckdb.digest.columns[index];
    if (leftOut.has(index) || actual === undefined) continue;
    compare(`sum of column ${expected.name}`, expected.sum, actual.sum);
    compare(`nulls of column ${expected.name}`, expected.nulls, actual.nulls);
  }
  return findings;
}

function leftOutNote({ fields, leftOut }: Plan): string {
  const columns = [...leftOut].map(([index, reason]) => `${fields[index]?.name ?? ''} (${reason})`);
  const others = fields.length - leftOut.size;
  return `${HYPARQUET} alone read ${columns.join(', ')}; rows and order of the other ${others} columns are those of ${DUCKDB} too`;
}

export async function observeParquet(job: VerifyJob): Promise<Seen> {
  const detectors: readonly Detector[] = [...ALWAYS, 'P'];
  const { footer, findings: format } = await settledFooter(job.target);
  if (footer === null) {
    const reason = format.map(({ what, actual }) => `${what}: ${actual}`).join('; ');
    const blind: readonly Detector[] = ['S', 'N', 'M', 'O', 'C', 'P', ...(job.secondReader ? (['X'] as const) : [])];
    return {
      findings: [...format, ...noInput(blind, reason)],
      ran: job.secondReader ? [...detectors, 'X'] : detectors,
      readers: [],
      metadataRows: null,
      notes: [],
      reading: null,
    };
  }
  const findings: Finding[] = [...format];
  const notes: string[] = [];
  const noted = async (
    detector: Detector,
    what: string,
    check: () => Pick<Observation, 'findings' | 'notes'>,
  ): Promise<void> => {
    const found = await attempt(detector, what, () => {
      const checked = check();
      notes.push(...checked.notes);
      return checked.findings;
    });
    findings.push(...found);
  };
  await noted('S', 'schema', () => checkSchema(job.facts.schema, footer.metadata, job.nonce !== null));
  findings.push(...nonceFindings(job.nonce, footer.keyValues));
  notes.push(cacheNote(job));
  const plan = planOf(job, footer);
  const readings = await readBoth(job, footer, plan);
  const { duckdb, hyparquet } = readings;
  const isPartial = plan.leftOut.size > 0 && hyparquet !== null;
  const first = isPartial ? hyparquet : duckdb;
  findings.push(...contentFindings(job, footer, isPartial ? HYPARQUET : DUCKDB, first));
  if (typeof first === 'string') {
    findings.push(...noInput(['P'], `${isPartial ? HYPARQUET : DUCKDB} cannot read the target`));
  } else {
    await noted('P', 'statistics', () => checkStatistics(footer, rangesOf(footer, plan, readings)));
  }
  const pages = hyparquet === null || typeof hyparquet === 'string' ? null : hyparquet.pages;
  findings.push(
    ...(await attempt('F', 'places of pages', async () => pageIndexFindings(job.target, footer.metadata, pages))),
  );
  const readers: ReaderReport[] = [];
  if (isPartial && typeof hyparquet !== 'string') readers.push(reportOf(job, HYPARQUET, hyparquet));
  if (typeof duckdb !== 'string') readers.push(reportOf(job, DUCKDB, duckdb));
  if (isPartial) {
    findings.push(...partialFindings(job.facts, plan.leftOut, readings));
    notes.push(leftOutNote(plan));
  } else if (hyparquet === null) {
    notes.push(`${HYPARQUET} did not read: the job asks for one reader`);
  } else {
    findings.push(...otherReaderFindings(job, HYPARQUET, hyparquet));
    if (typeof hyparquet !== 'string') readers.push(reportOf(job, HYPARQUET, hyparquet));
  }
  return {
    findings,
    ran: hyparquet !== null || typeof duckdb === 'string' ? [...detectors, 'X'] : detectors,
    readers,
    metadataRows: Number(footer.metadata.num_rows),
    notes,
    reading: typeof first === 'string' ? null : first,
  };
}

/** The footer, or what is in the way of reading it. */
async function settledFooter(target: string): Promise<Awaited<ReturnType<typeof readFooter>>> {
  const read = await settled(readFooter(target));
  if (typeof read !== 'string') return read;
  return { footer: null, findings: [finding('F', 'format', 'readable bytes', `failed: ${read}`)] };
}
