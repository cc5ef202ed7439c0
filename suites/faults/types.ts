/** What an entry of the catalogue of faults says. Data only. */

import type { Detector, Format, Measurement, Variant } from '../../harness/types.js';

/** The same for all formats, or by format. */
export type ByFormat<Value> = Value | { readonly [format in Format]?: Value };

export interface FaultSpec {
  /** Value of the writer's option `fault`. */
  readonly name: string;
  /** What the writer does. */
  readonly about: string;
  /** One instance of the bug that it is. */
  readonly seenIn: string;
  /** Detectors that must fire, each of them, as letters: `NM`. */
  readonly mustFire: ByFormat<string>;
  /** Detectors that must fire over raw bytes; absent: these have nothing that it damages. */
  readonly raw?: string;
  /** Detectors that cannot see it, whatever the format: that they stay silent is checked too. */
  readonly blind?: string;
  /** Tables that can show it, `table@scale`; absent: `orders@0.01`. */
  readonly table?: ByFormat<string>;
  /** Options of the case without which it has nothing to damage, as an id names them: `flushEvery=1`. */
  readonly options?: ByFormat<string>;
  /** Formats, writers and variants that it does not apply to, and why. */
  readonly notFor?: Readonly<{ [formatOrWriterOrVariant: string]: string }>;
  /** The writers that it is made for: native libraries, JavaScript modules; absent: libraries. */
  readonly holders?: readonly ('library' | 'module')[];
  readonly variants?: readonly Variant[];
  /** Of a scan, and of no writer: the case that can show it, without a strategy. */
  readonly scan?: string;
  /** A figure of the honest case without which nobody can see it, and what gives it: where that is null, the fault is skipped. */
  readonly needs?: { readonly figure: keyof Measurement; readonly from: string };
}

/** A detector without which no fault passes, and why it is there all the same. */
export type Justified = Readonly<{ [detector in Detector]?: string }>;
