/** What a run of faults comes to. Pure. */

import { EXIT, firstOf, type ExitCode } from '../exit-code.js';
import { wereRun, type FaultResult } from './results.js';

export interface Score {
  readonly caught: number;
  readonly run: number;
  readonly skipped: number;
  readonly notApplicable: number;
  readonly controls: number;
  /** Sentences about what is wrong: with the verifier, and with ourselves. */
  readonly holes: readonly string[];
  readonly ours: readonly string[];
}

const letters = (detectors: readonly string[]): string => detectors.join(' ');

function holesOf(result: FaultResult): readonly string[] {
  const { case: id, caught, damaged, silent, unexpected, detectors, what } = result;
  if (damaged === false) return [];
  const named = id ?? result.fault;
  if (caught === false) return [`${named} lies and was verified: the verifier does not see this fault.`];
  const holes: string[] = [];
  if (silent.length > 0) {
    holes.push(
      `${named}: expected ${letters(result.expected)}, found ${letters(detectors)}; ${letters(silent)} stayed silent (${what}).`,
    );
  }
  if (unexpected.length > 0) {
    holes.push(`${named}: ${letters(unexpected)} fired, which cannot see this fault: it damages more than it says.`);
  }
  return holes;
}

function oursOf({ case: id, damaged, control, what }: FaultResult): readonly string[] {
  if (damaged === false) return [`${id ?? ''}: ${what}.`];
  return control?.status === 'verified'
    ? []
    : [`${id ?? ''}: the same case without the fault is ${control?.status ?? 'not run'}.`];
}

export function scoreOf(results: readonly FaultResult[]): Score {
  const ran = wereRun(results);
  return {
    caught: ran.filter(({ caught }) => caught === true).length,
    run: ran.length,
    skipped: results.filter(({ applies, caught }) => applies && caught === null).length,
    notApplicable: results.filter(({ applies }) => !applies).length,
    controls: new Set(ran.flatMap(({ control }) => (control?.status === 'verified' ? [control.case] : []))).size,
    holes: ran.flatMap(holesOf),
    ours: ran.flatMap(oursOf),
  };
}

/** A hole of the verifier is an integrity failure; a fault that changed nothing, or an honest case not verified, is an error of ours. */
export function exitCodeOfFaults({ holes, ours, run }: Score): ExitCode {
  return firstOf([
    ...(holes.length > 0 ? [EXIT.integrity] : []),
    ...(ours.length > 0 ? [EXIT.misuse] : []),
    ...(run === 0 ? [EXIT.nothingMeasured] : []),
  ]);
}
