/** What a registry entry of a table, a writer and a suite says. Data only: nothing in `suites/` measures. */

import type { CaseOptions, Field, Format, Source, Variant } from '../harness/types.js';

/** A table as the harness has to know it before any row exists. */
export interface TableSpec {
  readonly name: string;
  readonly about: string;
  readonly fields: readonly Field[];
  /** Rows at a scale, by a formula that asks no generator. */
  readonly rows: (scale: number) => number;
  /** Rows for an estimate, at once at any scale; absent where `rows` is. */
  readonly roughRows?: (scale: number) => number;
  /** Arrow bytes of a row in utf8 layout, for estimates of disk and time. */
  readonly bytesPerRow: number;
}

export type OptionValue = string | number | boolean;

/** An option of a writer's own. Without `values` any value of the default's type is taken. */
export interface WriterOption {
  readonly default: OptionValue;
  readonly values?: readonly OptionValue[];
  readonly help: string;
}

/**
 * What holds a writer. In a command's arguments the harness fills in `{table}`, `{scale}`, `{threads}`, `{part}` and
 * `{parts}`, and the worker `{target}` and `{dir}`.
 */
export type WriterHolder =
  | { readonly kind: 'library'; readonly file: string }
  | {
      readonly kind: 'command';
      readonly argv: readonly string[];
      readonly stdin: 'arrow-stream' | 'none';
      /** Named when the program is not on PATH: the cases are then skipped. */
      readonly install: string;
    };

export interface WriterSpec {
  readonly name: string;
  readonly about: string;
  readonly format: Format;
  /** Of the target's file name, without the dot. */
  readonly extension: string;
  readonly variants: readonly Variant[];
  readonly sources: readonly Source[];
  readonly holder: WriterHolder;
  readonly options: Readonly<{ [name: string]: WriterOption }>;
}

/** One line of a suite: the product of its lists. What is not named has the default of `harness/defaults.ts`. */
export interface Block {
  readonly tables: readonly string[];
  readonly scales: readonly number[];
  readonly writers: readonly string[];
  readonly variants: readonly Variant[];
  readonly source?: Source;
  readonly options?: Partial<CaseOptions>;
}

/** Two cases side by side: how many times one figure of `subject` goes into that of `reference`, or the reverse. */
export interface Comparison {
  readonly what: string;
  readonly subject: string;
  readonly reference: string;
  readonly metric: 'spawnToDurable' | 'durable' | 'peakRss' | 'rssGrowth' | 'diskBytes';
  /** `faster`: reference ÷ subject, to be at least the bound; `smaller`: subject ÷ reference, to be at most it. */
  readonly wanted: 'faster' | 'smaller';
  readonly bound: number;
}

/** A figure of one case with a bound. */
export interface Limit {
  readonly what: string;
  readonly subject: string;
  readonly metric: Comparison['metric'];
  /** Bytes or nanoseconds. */
  readonly atMost: number;
}

export interface SuiteSpec {
  readonly name: string;
  readonly about: string;
  readonly repeat: number;
  readonly blocks: readonly Block[];
  readonly comparisons: readonly Comparison[];
  readonly limits: readonly Limit[];
}
