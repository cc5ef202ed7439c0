/** Detector P: the statistics of every column chunk against the values that were read. */

import type { SchemaElement } from 'hyparquet';
import type { Finding } from '../types.js';
import type { Claim } from './claims.js';
import { finding, firstFew } from './finding.js';
import type { Footer } from './footer.js';
import type { LeafRange } from './leaf-ranges.js';
import {
  compareValues,
  isExactByDefault,
  orderOf,
  valueOfBound,
  valueText,
  type OrderedValue,
  type ValueOrder,
} from './value-order.js';

/** Findings of one kind are listed up to this many; the last says how many there are. */
const MOST_FINDINGS = 16;

interface Bound {
  readonly which: 'min' | 'max';
  readonly raw: Uint8Array | undefined;
  readonly isExact: boolean | undefined;
  readonly read: OrderedValue | null;
  /** All values are NaN: a bound, where there is one, is NaN then. */
  readonly isAllNan: boolean;
  /** Zeros of both signs are equal: readers must take either as a bound of both, unless floats are in total order. */
  readonly areZerosEqual: boolean;
}

const isZero = (value: OrderedValue): boolean => value === 0;

/** One bound against the values: equal where it is exact, else on the right side of them. */
function boundFinding(where: string, element: SchemaElement, order: ValueOrder, bound: Bound): Finding | null {
  const { which, raw, read } = bound;
  if (raw === undefined) return null;
  const claimed = valueOfBound(raw, element, order);
  const claimedText = valueText(claimed, order);
  if (bound.isAllNan && Number.isNaN(claimed)) return null;
  if (read === null)
    return finding('P', `${which} of ${where}`, 'none: there is no value that has an order', claimedText);
  const isExact = bound.isExact ?? isExactByDefault(order);
  const isComparable = typeof claimed !== 'string' && !Number.isNaN(claimed);
  const isSameZero = isComparable && bound.areZerosEqual && isZero(claimed) && isZero(read);
  const side = isSameZero ? 0 : isComparable ? compareValues(claimed, read) : null;
  const readText = valueText(read, order);
  const expected = isExact ? readText : `${readText} or a bound ${which === 'min' ? 'below' : 'above'} it`;
  const holds = side === 0 || (!isExact && side === (which === 'min' ? -1 : 1));
  return holds ? null : finding('P', `${which} of ${where}`, expected, claimedText);
}

function chunkFindings(
  where: string,
  element: SchemaElement,
  claim: Claim,
  read: LeafRange,
  isTotalOrder: boolean,
): readonly Finding[] {
  const findings: (Finding | null)[] = [];
  if (claim.nulls !== undefined && claim.nulls !== BigInt(read.nulls)) {
    findings.push(finding('P', `null count of ${where}`, read.nulls, String(claim.nulls)));
  }
  if (claim.nans !== undefined && read.nans !== null && claim.nans !== BigInt(read.nans)) {
    findings.push(finding('P', `NaN count of ${where}`, read.nans, String(claim.nans)));
  }
  const order = orderOf(element);
  if (order !== null) {
    const common = { isAllNan: read.min === null && (read.nans ?? 0) > 0, areZerosEqual: !isTotalOrder };
    const bound = (which: 'min' | 'max', raw: Uint8Array | undefined, isExact: boolean | undefined): void => {
      findings.push(boundFinding(where, element, order, { ...common, which, raw, isExact, read: read[which] }));
    };
    bound('min', claim.min, claim.isMinExact);
    bound('max', claim.max, claim.isMaxExact);
    // The order of the older pair was defined for signed numbers only.
    if (order === 'signed') {
      bound('min', claim.oldMin, true);
      bound('max', claim.oldMax, true);
    }
  }
  return findings.filter((one) => one !== null);
}

export interface StatisticsReport {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** What was read of one leaf in one row group; null where nobody looked at its values. */
export type RangeOf = (group: number, leaf: number) => LeafRange | null;

export function checkStatistics(footer: Footer, rangeOf: RangeOf): StatisticsReport {
  const leaves = footer.metadata.schema.filter((element) => element.type !== undefined);
  const findings: Finding[] = [];
  let silent = 0;
  const unread = new Set<string>();
  const unordered = new Set<string>();
  for (const [group, claims] of footer.claims.chunks.entries()) {
    for (const [position, claim] of claims.entries()) {
      const element = leaves[position];
      const path = footer.metadata.row_groups[group]?.columns[position]?.meta_data?.path_in_schema.join('.');
      const name = path ?? element?.name ?? String(position);
      if (element === undefined) {
        findings.push(finding('P', `values of row group ${group}, column ${name}`, 'read', 'not read'));
        continue;
      }
      const isSilent = claim.min === undefined && claim.max === undefined && claim.nulls === undefined;
      // Of no values there is nothing to say.
      if (isSilent && footer.groupRows[group] !== 0) silent += 1;
      const read = rangeOf(group, position);
      if (read === null) {
        unread.add(name);
        continue;
      }
      if (orderOf(element) === null) unordered.add(name);
      const isTotalOrder = footer.claims.inTotalOrder[position] ?? false;
      findings.push(...chunkFindings(`row group ${group}, column ${name}`, element, claim, read, isTotalOrder));
    }
  }
  const notes = [
    ...(silent === 0 ? [] : [`${silent} column chunks carry no statistics`]),
    ...(unread.size === 0
      ? []
      : [`statistics not compared, for want of a second reading: ${firstFew([...unread], 8)}`]),
    ...(unordered.size === 0 ? [] : [`no order is defined for bounds of: ${firstFew([...unordered], 8)}`]),
  ];
  if (findings.length <= MOST_FINDINGS) return { findings, notes };
  const rest = findings.slice(MOST_FINDINGS - 1).map(({ what }) => what);
  const more = finding('P', 'more statistics that are wrong', 0, `${rest.length}: ${firstFew(rest, 3)}`);
  return { findings: [...findings.slice(0, MOST_FINDINGS - 1), more], notes };
}
