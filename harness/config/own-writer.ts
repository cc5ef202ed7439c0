/** A writer that no registry knows, from its file or command line: what the plan has to know of it. */

import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { OptionValue, WriterOption, WriterSpec } from '../../suites/types.js';
import { Misuse } from '../misuse.js';
import { onPath } from '../paths.js';
import { oneOf } from '../plan/names.js';
import { askCapabilities } from '../run/worker.js';
import { FORMATS, VARIANTS, type Format } from '../types.js';

/** As writeproof.h describes `writeproof_capabilities`; those of a module are alike. */
interface Capabilities {
  readonly name: string;
  readonly format: string;
  readonly extension: string;
  readonly variants: readonly string[];
  readonly options?: Readonly<{
    [name: string]: { readonly default: OptionValue; readonly values?: readonly OptionValue[]; readonly help?: string };
  }>;
}

/** Where a writer is named: the folder its paths start from, and how sentences call it. */
export interface Mention {
  readonly folder: string;
  readonly label: string;
}

/** The parts that a library and a module have in common. */
function fromCapabilities(said: Capabilities): Omit<WriterSpec, 'name' | 'about' | 'holder'> {
  const options = Object.entries(said.options ?? {}).map(([name, option]): [string, WriterOption] => [
    name,
    { help: '', ...option },
  ]);
  return {
    format: oneOf('format of the writer', said.format, FORMATS),
    extension: said.extension,
    variants: VARIANTS.filter((variant) => said.variants.includes(variant)),
    sources: ['prepared', 'generated'],
    options: Object.fromEntries(options),
  };
}

function fileAt(folder: string, text: string, kind: string, expected: string): string {
  const file = path.resolve(folder, text);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat?.isFile() === true) return file;
  const found = stat === undefined ? 'does not exist' : stat.isDirectory() ? 'is a folder' : 'is a special file';
  throw new Misuse(`Writer ${kind} ${text} ${found}: expected the path of ${expected}.`);
}

export async function fromLibrary(text: string, { folder }: Mention): Promise<WriterSpec> {
  const file = fileAt(folder, text, 'library', 'a shared library (.so)');
  const said = (await askCapabilities('library', file)) as Capabilities;
  return {
    name: path.basename(file, '.so').replace(/^lib/, ''),
    about: `library ${path.basename(file)}`,
    ...fromCapabilities(said),
    holder: { kind: 'library', file },
  };
}

export async function fromModule(text: string, { folder }: Mention): Promise<WriterSpec> {
  const file = fileAt(folder, text, 'module', 'a JavaScript module (.mjs or .js)');
  const said = (await askCapabilities('module', file)) as Capabilities;
  return {
    name: said.name,
    about: `module ${path.basename(file)}`,
    ...fromCapabilities(said),
    holder: { kind: 'module', file },
  };
}

/** What harness and worker fill in themselves. */
const PLACEHOLDERS = ['table', 'scale', 'threads', 'part', 'parts', 'target', 'dir'];

const QUOTED = /"([^"]*)"|'([^']*)'/g;

/** Words of a command line; quotes hold words, or parts of them, together, nothing else of a shell is understood. */
export function splitCommand(text: string): readonly string[] {
  if (/["']/.test(text.replace(QUOTED, ''))) throw new Misuse(`Command ${text} has a quote that is not closed.`);
  const words = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replace(QUOTED, (_, one?: string, other?: string) => one ?? other ?? ''));
}

/** Commands run in the folder of their case: a word that names a file here is taken for that file. */
function anchored(word: string, folder: string): string {
  const file = path.resolve(folder, word);
  return !word.startsWith('-') && !word.includes('{') && existsSync(file) ? file : word;
}

export function fromCommand(
  text: string,
  format: Format,
  options: Readonly<{ [name: string]: OptionValue }>,
  { folder, label }: Mention,
): WriterSpec {
  const [program = '', ...words] = splitCommand(text);
  const file = onPath(program.includes('/') ? path.resolve(folder, program) : program);
  if (file === null) throw new Misuse(`Program "${program}" of ${label} is not on PATH: expected one that is.`);
  if (!words.some((word) => word.includes('{target}') || word.includes('{dir}'))) {
    throw new Misuse(`${label} does not say where to write: expected {target} or {dir} among its arguments.`);
  }
  for (const name of Object.keys(options)) {
    if (PLACEHOLDERS.includes(name)) {
      throw new Misuse(`${label} has an option ${name}, which is filled in otherwise: choose another name for it.`);
    }
    if (!words.some((word) => word.includes(`{${name}}`))) {
      throw new Misuse(`${label} has an option ${name} that its command does not take: expected {${name}} in it.`);
    }
  }
  return {
    name: path.basename(program),
    about: `command ${path.basename(program)}`,
    format,
    extension: format,
    variants: ['stream'],
    sources: ['prepared', 'generated'],
    holder: {
      kind: 'command',
      argv: [file, ...words.map((word) => anchored(word, folder))],
      stdin: 'arrow-stream',
      install: 'install it',
    },
    options: Object.fromEntries(
      Object.entries(options).map(([name, value]) => [name, { default: value, help: 'of the command' }]),
    ),
  };
}
