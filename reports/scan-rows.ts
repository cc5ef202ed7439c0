/** The columns of the table of scans, the same on a terminal and in Markdown. */

import { isScanSummary, type CaseSummary, type ScanSummary } from '../harness/summary.js';
import { BASELINE } from '../suites/scans/strategies.js';
import { bytesText, countText, secondsText } from './format.js';

export const SCAN_HEADINGS = [
  'scan',
  'median',
  'p99',
  'speed to baseline',
  'first batch',
  'Rust allocated',
  'to baseline',
  'allocations',
  'RocksDB allocated',
  'RSS growth',
  'result',
  'rows',
  'rows read',
  'bytes read',
  'scans timed',
  'n',
] as const;

/** What is the same of a case and its baseline. */
const keyOf = ({ case: { scale, query, columns, encoding } }: ScanSummary): string =>
  JSON.stringify([scale, query, columns, encoding]);

function timesText(ratio: number): string {
  if (ratio < 0.01) return '< 0.01×';
  return ratio < 100 ? `${ratio.toFixed(2)}×` : `${countText(Math.round(ratio))}×`;
}

function scanCells(summary: ScanSummary, baseline: ScanSummary | undefined): readonly string[] | null {
  const { case: one, figures, repetitions } = summary;
  if (figures === null) return null;
  const usual = baseline?.figures ?? null;
  return [
    one.id,
    secondsText(figures.p50Ns),
    figures.p99Ns === null ? '–' : secondsText(figures.p99Ns),
    usual === null ? '–' : timesText(usual.p50Ns / figures.p50Ns),
    secondsText(figures.firstBatchNs),
    bytesText(figures.rustBytes),
    usual === null ? '–' : timesText(figures.rustBytes / usual.rustBytes),
    countText(figures.rustAllocations),
    bytesText(figures.storeBytes),
    bytesText(figures.rssGrowthBytes),
    bytesText(figures.resultBytes),
    countText(figures.rows),
    countText(figures.rowsRead),
    bytesText(figures.bytesRead),
    countText(figures.scans),
    String(repetitions),
  ];
}

/** The rows of all scans. */
export function scanRows(summaries: readonly CaseSummary[]): readonly (readonly string[])[] {
  const scans = summaries.filter(isScanSummary);
  const baselines = new Map(
    scans.flatMap((one) => (one.case.strategy === BASELINE ? [[keyOf(one), one] as const] : [])),
  );
  return scans.flatMap((summary) => {
    const cells = scanCells(summary, baselines.get(keyOf(summary)));
    return cells === null ? [] : [cells];
  });
}
