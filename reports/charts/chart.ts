/** A chart as data: a Chart.js configuration that the page and the PNG draw alike, and the same figures as a table. */

import type { ChartConfiguration } from 'chart.js';

/** Without functions, so that it can stand in a page as JSON. Colours are names of the palette (`--series-1`). */
export type ChartConfig = ChartConfiguration<'scatter'> | ChartConfiguration<'bar'>;

export interface Chart {
  /** Of letters, digits and dashes; one of its kind in a run. */
  readonly id: string;
  readonly title: string;
  /** What is drawn, and what is to be known of it. */
  readonly caption: string;
  readonly height: number;
  readonly config: ChartConfig;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Charts of what belongs together, such as one table at one scale. */
export interface ChartGroup {
  readonly title: string;
  readonly charts: readonly Chart[];
}

/** `lineitem@0.1/parquet` → `lineitem-0-1-parquet`. */
export function slug(text: string): string {
  const kept = Array.from(text.toLowerCase(), (letter) =>
    (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ? letter : '-',
  ).join('');
  return kept
    .split('-')
    .filter((word) => word !== '')
    .join('-');
}

/** Colours and shapes go together, so that no colour is the only sign. */
const SHAPES = ['circle', 'triangle', 'rect', 'rectRot', 'star', 'crossRot'] as const;
const COLOURS = 6;

export interface Look {
  readonly colour: string;
  readonly shape: (typeof SHAPES)[number];
}

export function lookOf(index: number): Look {
  const shape = SHAPES[index % SHAPES.length] ?? 'circle';
  return { colour: `--series-${(index % COLOURS) + 1}`, shape };
}

type Labelled = readonly { readonly label: readonly string[] }[];

/** Height of a chart of these lines: each has room for the label with the most rows of text. */
export const heightOf = (lines: Labelled): number =>
  96 + lines.length * Math.max(24, 8 + 15 * Math.max(...lines.map(({ label }) => label.length)));

/** The axis of lines: every one has its label, however close they are. */
export const lineAxis = (lines: Labelled) =>
  ({
    type: 'category',
    labels: lines.map(({ label }) => [...label]),
    offset: true,
    ticks: { autoSkip: false },
  }) as const;

/** Lines in one chart; more are drawn in several. */
const MOST_LINES = 40;

/** Draws so many lines as one chart holds at a time; ` (1 of 3)` says which. */
export function inParts<Line>(
  lines: readonly Line[],
  draw: (own: readonly Line[], which: string) => Chart,
): readonly Chart[] {
  const count = Math.ceil(lines.length / MOST_LINES);
  return Array.from({ length: count }, (_, index) => {
    const which = count === 1 ? '' : ` (${index + 1} of ${count})`;
    return draw(lines.slice(index * MOST_LINES, (index + 1) * MOST_LINES), which);
  });
}

/** Ticks of logarithmic axes: as many as have room, without zeros at their ends. */
export const LOG_TICKS = {
  autoSkip: true,
  autoSkipPadding: 14,
  maxRotation: 0,
  format: { minimumFractionDigits: 0, maximumSignificantDigits: 3 },
} as const;
