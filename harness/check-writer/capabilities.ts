/** Does a library say of itself what writeproof.h asks for? Of a module the worker has checked that when it was loaded. */

import { nearest } from '../plan/names.js';
import { FORMATS, VARIANTS } from '../types.js';
import { note, right, wrong, type Check } from './check.js';

const CHECK = 'capabilities';
const BATCHINGS = ['per_batch', 'at_close'];
/** Sent with every create; an option of that name could not be told from them. */
const RESERVED = ['variant', 'batching', 'io', 'threads'];

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);

function unknownNames(key: string, found: unknown, known: readonly string[]): readonly Check[] {
  const unknown = list(found).filter((name) => !known.includes(String(name)));
  return unknown.map((name) => {
    const near = nearest(String(name), known)[0];
    const hint = near === undefined ? '' : `; did you mean "${near}"?`;
    return wrong(CHECK, `${key} names "${String(name)}"`, `name only ${known.join(', ')}${hint}`);
  });
}

function optionChecks(options: unknown): readonly Check[] {
  if (options === undefined) return [];
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    return [wrong(CHECK, 'options is no object', 'give an object of options, each with its default.')];
  }
  return Object.entries(
    options as Readonly<{ [name: string]: { default?: unknown; values?: unknown } | null }>,
  ).flatMap(([name, option]) => {
    if (RESERVED.includes(name)) {
      return [wrong(CHECK, `option "${name}" has a name that writeproof uses itself`, 'choose another name for it.')];
    }
    if (option === null || !['string', 'number', 'boolean'].includes(typeof option.default)) {
      return [
        wrong(CHECK, `option "${name}" has no default`, 'give each option a default: a text, number or boolean.'),
      ];
    }
    const isOutside = Array.isArray(option.values) && !option.values.includes(option.default);
    return isOutside
      ? [wrong(CHECK, `the default of option "${name}" is not among its values`, 'add it to the values.')]
      : [];
  });
}

export function checkCapabilities(said: Readonly<{ [key: string]: unknown }>): readonly Check[] {
  const checks: Check[] = [];
  const { name, format, extension, variants, batching, options } = said;
  if (!FORMATS.includes(String(format) as (typeof FORMATS)[number])) {
    checks.push(wrong(CHECK, `format is "${String(format)}"`, `name one of ${FORMATS.join(', ')}.`));
  }
  if (typeof extension !== 'string' || !/^\w[\w.]*$/.test(extension)) {
    checks.push(
      wrong(
        CHECK,
        `extension is ${extension === undefined ? 'missing' : JSON.stringify(extension)}`,
        'give one, without its dot.',
      ),
    );
  }
  if (list(variants).length === 0) {
    checks.push(wrong(CHECK, 'variants is empty', `name what it writes: ${VARIANTS.join(', ')}.`));
  }
  checks.push(...unknownNames('variants', variants, VARIANTS), ...unknownNames('batching', batching, BATCHINGS));
  if (!list(batching).includes('per_batch')) {
    checks.push(wrong(CHECK, 'batching does not name "per_batch"', 'take batches one by one, and say so.'));
  }
  checks.push(...optionChecks(options));
  if (checks.length > 0) return checks;
  const names = list(variants).join(', ');
  checks.push(right(CHECK, `${String(name)} writes ${String(format)} in ${names}`));
  if (list(variants).includes('accumulate') && !list(batching).includes('at_close')) {
    checks.push(note(CHECK, 'it does not accumulate itself ("at_close"): writeproof collects the batches for it'));
  }
  return checks;
}
