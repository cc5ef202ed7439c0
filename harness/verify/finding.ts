import { DETECTORS, type Detector, type Finding } from '../types.js';

export function finding(detector: Detector, what: string, expected: string | number, actual: string | number): Finding {
  return { detector, what, expected: String(expected), actual: String(actual) };
}

const NO_INPUT = 'no input';

/** A detector that had nothing to look at fires for absence. */
export function noInput(detectors: readonly Detector[], reason: string): readonly Finding[] {
  return detectors.map((detector) => finding(detector, NO_INPUT, 'a readable file', reason));
}

/** The first few of a list, and how many more there are. */
export function firstFew(items: readonly (string | number)[], count: number): string {
  const shown = items.slice(0, count).join(', ');
  return items.length > count ? `${shown} and ${items.length - count} more` : shown;
}

/** Findings as lines. Detectors that had nothing to look at stand in one line: why is said by the findings above it. */
export function findingLines(findings: readonly Finding[]): readonly string[] {
  const lines = findings
    .filter(({ what }) => what !== NO_INPUT)
    .map(({ detector, what, expected, actual }) => `${detector} ${what}: expected ${expected}, found ${actual}`);
  const blind = findings.filter(({ what }) => what === NO_INPUT);
  if (blind.length === 0) return lines;
  const letters = blind.map(({ detector }) => detector).join(' ');
  // Alone, they say themselves why.
  const why = lines.length === 0 ? ` (${[...new Set(blind.map(({ actual }) => actual))].join('; ')})` : '';
  return [...lines, `not looked at: ${letters}${why}`];
}

/** What the letters of the findings mean, each once. */
export function letterText(findings: readonly Finding[]): string {
  const letters = [...new Set(findings.map(({ detector }) => detector))];
  return letters.map((letter) => `${letter} ${DETECTORS[letter]}`).join('; ');
}

/** Control characters of values but line ends and tabs, as they stand in a string of JavaScript. */
const visible = (text: string): string =>
  Array.from(text, (letter) => {
    const code = letter.charCodeAt(0);
    const isControl = (code < 0x20 && letter !== '\n' && letter !== '\t') || code === 0x7f;
    return isControl ? `\\x${code.toString(16).padStart(2, '0')}` : letter;
  }).join('');

/** A finding as records hold it: readable whatever a value or a reader's message holds, and without the folders of this machine. */
export function recordable(found: Finding, directory: string): Finding {
  const text = (part: string): string => visible(part.replaceAll(`${directory}/`, ''));
  return { ...found, what: text(found.what), expected: text(found.expected), actual: text(found.actual) };
}
