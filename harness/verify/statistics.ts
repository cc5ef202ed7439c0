/** Detector P: the statistics of every column chunk against the values that were read. */

import type { SchemaElement } from 'hyparquet';
import type { Finding } from '../types.js';
import type { Segment, ValueRange } from './by-duckdb.js';
import type { Claim } from './claims.js';
import { finding, firstFew } from './finding.js';
import type { Footer } from './footer.js';

/** Findings of one kind are listed up to this many; the last says how many there are. */
const MOST_FINDINGS = 16;

type Value = bigint | Buffer;

/** Signed numbers are exact unless a flag says otherwise; strings without a flag may be cut short. */
const isNumber = (element: SchemaElement): boolean =>
  element.type === 'INT32' ||
  element.type === 'INT64' ||
  element.converted_type === 'DECIMAL' ||
  element.logical_type?.type === 'DECIMAL';

const isUnsigned = (element: SchemaElement): boolean =>
  element.converted_type?.startsWith('UINT_') === true ||
  (element.logical_type?.type === 'INTEGER' && !element.logical_type.isSigned);

function bigEndian(bytes: Buffer): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
}

/** A claimed value; a number of the wrong width is a text that equals nothing. */
function claimedValue(raw: Uint8Array, element: SchemaElement): Value | string {
  const bytes = Buffer.from(raw);
  if (element.type === 'INT32' || element.type === 'INT64') {
    const width = element.type === 'INT32' ? 4 : 8;
    if (bytes.length !== width) return `${bytes.length} bytes for a number of ${width}`;
    const signed = width === 4 ? BigInt(bytes.readInt32LE()) : bytes.readBigInt64LE();
    return isUnsigned(element) ? BigInt.asUintN(width * 8, signed) : signed;
  }
  return isNumber(element) ? bigEndian(bytes) : bytes;
}

const readValue = (text: string, element: SchemaElement): Value =>
  isNumber(element) ? BigInt(text) : Buffer.from(text);

function compare(one: Value, other: Value): number {
  if (typeof one === 'bigint' || typeof other === 'bigint') return one < other ? -1 : one > other ? 1 : 0;
  return Buffer.compare(one, other);
}

const show = (value: Value | string): string =>
  Buffer.isBuffer(value) ? JSON.stringify(value.toString()) : String(value);

interface Bound {
  readonly which: 'min' | 'max';
  readonly raw: Uint8Array | undefined;
  readonly isExact: boolean | undefined;
  readonly read: string | null;
}

/** One bound against the values: equal where it is exact, else on the right side of them. */
function boundFinding(where: string, element: SchemaElement, bound: Bound): Finding | null {
  const { which, raw, read } = bound;
  if (raw === undefined) return null;
  const claimed = claimedValue(raw, element);
  if (read === null) return finding('P', `${which} of ${where}`, 'none: every value is null', show(claimed));
  const actual = readValue(read, element);
  const isExact = bound.isExact ?? isNumber(element);
  const order = typeof claimed === 'string' ? null : compare(claimed, actual);
  const holds = order === 0 || (!isExact && order === (which === 'min' ? -1 : 1));
  const expected = isExact ? show(actual) : `${show(actual)} or a bound ${which === 'min' ? 'below' : 'above'} it`;
  return holds ? null : finding('P', `${which} of ${where}`, expected, show(claimed));
}

function chunkFindings(where: string, element: SchemaElement, claim: Claim, read: ValueRange): readonly Finding[] {
  const findings: (Finding | null)[] = [];
  if (claim.nulls !== undefined && claim.nulls !== BigInt(read.nulls)) {
    findings.push(finding('P', `null count of ${where}`, read.nulls, String(claim.nulls)));
  }
  const { isMinExact, isMaxExact } = claim;
  findings.push(boundFinding(where, element, { which: 'min', raw: claim.min, isExact: isMinExact, read: read.min }));
  findings.push(boundFinding(where, element, { which: 'max', raw: claim.max, isExact: isMaxExact, read: read.max }));
  if ((element.type === 'INT32' || element.type === 'INT64') && !isUnsigned(element)) {
    findings.push(boundFinding(where, element, { which: 'min', raw: claim.oldMin, isExact: true, read: read.min }));
    findings.push(boundFinding(where, element, { which: 'max', raw: claim.oldMax, isExact: true, read: read.max }));
  }
  return findings.filter((one) => one !== null);
}

/** Types whose statistics are compared; of others only the null count is. */
const isOrdered = (element: SchemaElement): boolean =>
  isNumber(element) || element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING';

const withoutBounds = (claim: Claim): Claim => ({
  ...claim,
  min: undefined,
  max: undefined,
  oldMin: undefined,
  oldMax: undefined,
});

export interface StatisticsReport {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

export function checkStatistics(footer: Footer, segments: readonly Segment[]): StatisticsReport {
  const leaves = footer.metadata.schema.filter((element) => element.type !== undefined);
  const findings: Finding[] = [];
  let silent = 0;
  for (const [group, claims] of footer.claims.entries()) {
    for (const [position, claim] of claims.entries()) {
      const element = leaves[position];
      const read = segments[group]?.columns[position];
      const where = `row group ${group}, column ${element?.name ?? position}`;
      if (element === undefined || read === undefined) {
        findings.push(finding('P', `values of ${where}`, 'read', 'not read'));
        continue;
      }
      const isSilent = claim.min === undefined && claim.max === undefined && claim.nulls === undefined;
      if (isSilent) silent += 1;
      findings.push(...chunkFindings(where, element, isOrdered(element) ? claim : withoutBounds(claim), read));
    }
  }
  const notes = silent === 0 ? [] : [`${silent} column chunks carry no statistics`];
  if (findings.length <= MOST_FINDINGS) return { findings, notes };
  const rest = findings.slice(MOST_FINDINGS - 1).map(({ what }) => what);
  const more = finding('P', 'more statistics that are wrong', 0, `${rest.length}: ${firstFew(rest, 3)}`);
  return { findings: [...findings.slice(0, MOST_FINDINGS - 1), more], notes };
}
