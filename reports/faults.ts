/** The mutation score, the same on a terminal and in Markdown. Pure functions of the results. */

import type { SwitchedOff } from '../harness/faults/detectors.js';
import type { WrongGenerator } from '../harness/faults/generator.js';
import type { FaultResult } from '../harness/faults/results.js';
import type { Score } from '../harness/faults/verdict.js';
import type { Detector, Run } from '../harness/types.js';
import type { FaultSpec } from '../suites/faults/index.js';
import { countText, percentText, plural } from './format.js';
import { machineText } from './markdown.js';
import { line } from './markdown-line.js';

const letters = (detectors: readonly Detector[]): string => (detectors.length === 0 ? '–' : detectors.join(''));

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** Faults that apply to a writer here. */
const applied = (results: readonly FaultResult[]): readonly string[] =>
  unique(results.filter(({ applies }) => applies).map(({ fault }) => fault));

/** What fired in a writer's variants: once where it is the same in all, else by variant. */
function firedText(results: readonly FaultResult[]): string {
  const ran = results.filter(({ caught }) => caught !== null);
  if (ran.length === 0) return results.some(({ applies }) => applies) ? 'skipped' : '–';
  const text = ({ damaged, caught, detectors, silent, unexpected }: FaultResult): string => {
    if (damaged === false) return 'NOT TOLD';
    if (caught === false) return 'VERIFIED';
    const wrong = [...(silent.length > 0 ? [`not ${letters(silent)}`] : []), ...(unexpected.length > 0 ? ['!'] : [])];
    return [letters(detectors), ...wrong].join(' ');
  };
  const found = unique(ran.map(text));
  const said = found.map((one) => {
    const of = ran.filter((result) => text(result) === one).map(({ variant }) => variant);
    return found.length === 1 ? one : `${one} (${of.join(', ')})`;
  });
  const caught = ran.filter((result) => result.caught === true).length;
  return `${caught}/${ran.length} ${said.join('; ')}`;
}

export function faultHeadings(results: readonly FaultResult[]): readonly string[] {
  return ['fault', 'seen in', 'must fire', ...unique(results.map(({ writer }) => writer))];
}

/** A row a fault: detectors that must fire, then for each writer how many variants were caught and what fired in them. */
export function faultRows(results: readonly FaultResult[], faults: readonly FaultSpec[]): readonly string[][] {
  const writers = unique(results.map(({ writer }) => writer));
  return applied(results).map((name) => {
    const own = results.filter(({ fault }) => fault === name);
    const expected = unique(own.filter(({ applies }) => applies).map((result) => letters(result.expected)));
    return [
      name,
      faults.find((spec) => spec.name === name)?.seenIn ?? '',
      expected.join(' or '),
      ...writers.map((writer) => firedText(own.filter((result) => result.writer === writer))),
    ];
  });
}

export const DETECTOR_HEADINGS = ['off', 'detector', 'fired in', 'faults that then pass'] as const;

export function detectorRows(detectors: readonly SwitchedOff[]): readonly (readonly string[])[] {
  return detectors.map(({ detector, about, fired, passing, justified }) => [
    detector,
    about,
    plural(fired, 'case'),
    passing.length > 0
      ? passing.map(({ fault, cases }) => `${fault} (${cases.length})`).join(', ')
      : justified === null
        ? 'none of these'
        : `none: ${justified}`,
  ]);
}

/** What each fault does, and what was found of it, of one writer. */
export function faultNotes(results: readonly FaultResult[], faults: readonly FaultSpec[]): readonly string[] {
  return applied(results).map((name) => {
    const spec = faults.find((one) => one.name === name);
    const [shown] = results.filter(({ fault, caught }) => fault === name && caught === true);
    const found = shown === undefined ? 'not run' : `${shown.case ?? ''}: ${shown.what}`;
    return `${name}: ${spec?.about ?? ''}. ${found}.`;
  });
}

/** Why faults were not run, with how many: `12 cases: no module does this`. */
export function notRunTexts(results: readonly FaultResult[]): readonly string[] {
  const left = results.filter(({ caught }) => caught === null);
  return unique(left.map(({ reason }) => reason ?? '')).map((reason) => {
    const own = left.filter((result) => (result.reason ?? '') === reason);
    const names = unique(own.map(({ fault }) => fault));
    const writers = unique(own.map(({ writer }) => writer));
    const kind = own.some(({ applies }) => applies) ? 'skipped' : 'does not apply';
    const of = names.length > 4 ? plural(names.length, 'fault') : names.join(', ');
    return `${kind}: ${of} over ${writers.join(', ')} (${plural(own.length, 'case')}): ${reason}`;
  });
}

/** `Mutation score 312 of 312 (100 %); 70 honest cases verified`, then what was skipped. */
export function scoreSentence({ caught, run, skipped, controls, holes, ours }: Score): string {
  const share = run === 0 ? 'nothing was run' : percentText(caught / run);
  const parts = [
    `Mutation score: ${countText(caught)} of ${plural(run, 'case')} caught (${share})`,
    `${plural(controls, 'case')} without a fault verified`,
    ...(skipped === 0 ? [] : [`${skipped} skipped`]),
    ...(holes.length === 0 ? [] : [plural(holes.length, 'hole')]),
    ...(ours.length === 0 ? [] : [`${plural(ours.length, 'error')} of our own`]),
  ];
  return parts.join('; ');
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  line(head),
  line(head.map(() => '---')),
  ...rows.map(line),
  '',
];

/** The fault that is no writer's: who contradicts facts as a wrong generator would give them. */
export const generatorTexts = (generators: readonly WrongGenerator[]): readonly string[] =>
  generators.map(({ what, contradictedBy }) => {
    const by = contradictedBy.length === 0 ? 'contradicted by nobody' : `contradicted by ${contradictedBy.join(', ')}`;
    return `generator-wrong: facts as a wrong generator would give them, ${what}: ${by} of third parties.`;
  });

export interface FaultPage {
  readonly results: readonly FaultResult[];
  readonly faults: readonly FaultSpec[];
  readonly detectors: readonly SwitchedOff[];
  readonly generators: readonly WrongGenerator[];
  readonly score: Score;
  readonly run: Run | null;
}

export function faultsMarkdown({ results, faults, detectors, generators, score, run }: FaultPage): string {
  return [
    '# Writers that lie, and what found them out',
    '',
    `${scoreSentence(score)}.`,
    '',
    ...[...score.holes, ...score.ours].flatMap((text) => [`- **${text}**`]),
    ...table(faultHeadings(results), faultRows(results, faults)),
    '## Each detector switched off',
    '',
    ...table(DETECTOR_HEADINGS, detectorRows(detectors)),
    '## What each fault does, and what was found',
    '',
    ...[...faultNotes(results, faults), ...generatorTexts(generators)].map((text) => `- ${text}`),
    '',
    '## Not run',
    '',
    ...notRunTexts(results).map((text) => `- ${text}`),
    '',
    ...(run === null ? [] : [`Run ${run.id}: ${machineText(run)}`, '']),
  ].join('\n');
}
