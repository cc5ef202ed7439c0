import type { OptionValue, WriterOption, WriterSpec } from '../../suites/types.js';
import { Misuse } from '../misuse.js';
import { find } from './names.js';

/** How a value is written in an id and on the command line. */
export const optionText = (value: OptionValue): string =>
  typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);

function read(writer: string, name: string, value: OptionValue, option: WriterOption): OptionValue {
  const text = optionText(value)
    .replace(/^true$/, 'on')
    .replace(/^false$/, 'off');
  const wrong = (expected: string): Misuse =>
    new Misuse(`Option ${name} of writer ${writer} cannot be "${text}": expected ${expected}.`);
  const values = option.values ?? (typeof option.default === 'boolean' ? [true, false] : undefined);
  if (values !== undefined) {
    const found = values.find((allowed) => optionText(allowed) === text);
    if (found === undefined) throw wrong(values.map(optionText).join(' or '));
    return found;
  }
  if (typeof option.default === 'number' && !Number.isInteger(option.default)) {
    if (!/^\d+(\.\d+)?$/.test(text)) throw wrong('a number such as 0.1');
    return Number(text);
  }
  if (typeof option.default === 'number') {
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text))) throw wrong('a whole number');
    return Number(text);
  }
  return text;
}

/** Options as the writer declares them; those that say the default are left out, so that a case has one id. */
export function writerOptions(
  writer: WriterSpec,
  given: Readonly<{ [name: string]: OptionValue }>,
): Readonly<{ [name: string]: OptionValue }> {
  const declared = Object.entries(writer.options).map(([name, option]) => ({ name, option }));
  const chosen: { [name: string]: OptionValue } = {};
  for (const [name, value] of Object.entries(given)) {
    const { option } = find(`option of writer ${writer.name}`, name, declared);
    const parsed = read(writer.name, name, value, option);
    if (parsed !== option.default) chosen[name] = parsed;
  }
  return chosen;
}
