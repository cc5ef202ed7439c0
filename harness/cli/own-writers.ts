/** Writers that are named by their file or command instead of by the registry. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Registry } from '../../suites/index.js';
import type { OptionValue, WriterOption, WriterSpec } from '../../suites/types.js';
import { Misuse } from '../misuse.js';
import { onPath } from '../paths.js';
import { oneOf } from '../plan/names.js';
import { askWorker } from '../run/worker.js';
import { FORMATS, VARIANTS, type Format } from '../types.js';

/** As writeproof.h describes `writeproof_capabilities`. */
interface Capabilities {
  readonly name: string;
  readonly format: string;
  readonly extension: string;
  readonly variants: readonly string[];
  readonly options?: Readonly<{
    [name: string]: { readonly default: OptionValue; readonly values?: readonly OptionValue[]; readonly help?: string };
  }>;
}

const LOAD_TIMEOUT_SECONDS = 60;

/** Formats that the verify process reads. What cannot be proved is not begun. */
const VERIFIABLE: readonly Format[] = ['parquet'];

function verifiable(text: string, format: Format): Format {
  if (VERIFIABLE.includes(format)) return format;
  throw new Misuse(
    `--writer ${text} writes ${format}, which cannot be verified yet: expected ${VERIFIABLE.join(' or ')}.`,
  );
}

async function fromLibrary(text: string): Promise<WriterSpec> {
  const file = path.resolve(text);
  if (!existsSync(file)) {
    throw new Misuse(`Writer library ${text} does not exist: expected the path of a shared library (.so).`);
  }
  const said = (await askWorker(
    'capabilities',
    { path: file },
    { timeoutSeconds: LOAD_TIMEOUT_SECONDS },
  )) as Capabilities;
  const options = Object.entries(said.options ?? {}).map(([name, option]): [string, WriterOption] => [
    name,
    { help: '', ...option },
  ]);
  return {
    name: path.basename(file, '.so').replace(/^lib/, ''),
    about: `library ${path.basename(file)}`,
    format: verifiable(text, oneOf('format of the library', said.format, FORMATS)),
    extension: said.extension,
    variants: VARIANTS.filter((variant) => said.variants.includes(variant)),
    sources: ['prepared', 'generated'],
    holder: { kind: 'library', file },
    options: Object.fromEntries(options),
  };
}

/** Words of a command line; quotes hold words together, nothing else of a shell is understood. */
export function splitCommand(text: string): readonly string[] {
  const words = text.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? [];
  return words.map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
}

function fromCommand(text: string, formats: readonly string[]): WriterSpec {
  const argv = splitCommand(text);
  const program = argv[0] ?? '';
  const file = onPath(program);
  if (file === null)
    throw new Misuse(`Program "${program}" of --writer '${text}' is not on PATH: expected one that is.`);
  if (!argv.some((word) => word.includes('{target}') || word.includes('{dir}'))) {
    throw new Misuse(`--writer '${text}' does not say where to write: expected {target} or {dir} among its arguments.`);
  }
  const format = verifiable(`'${text}'`, oneOf('format', formats[0] ?? 'parquet', FORMATS));
  return {
    name: path.basename(program),
    about: `command ${path.basename(program)}`,
    format,
    extension: format,
    variants: ['stream'],
    sources: ['prepared', 'generated'],
    holder: { kind: 'command', argv: [file, ...argv.slice(1)], stdin: 'arrow-stream', install: 'install it' },
    options: {},
  };
}

async function ownWriter(text: string, formats: readonly string[]): Promise<WriterSpec | null> {
  if (text.includes(' ')) return fromCommand(text, formats);
  if (/\.[cm]?js$/.test(text)) {
    throw new Misuse(
      `--writer ${text}: JavaScript modules cannot be writers yet; expected a registered name, a library (.so) or 'command {target}'.`,
    );
  }
  return text.endsWith('.so') ? fromLibrary(text) : null;
}

/** A format that is known, and that nobody writes. Unknown ones are the plan's affair. */
function requireWriters(formats: readonly string[], writers: readonly WriterSpec[]): void {
  const written = [...new Set(writers.map((writer) => writer.format))];
  for (const format of FORMATS) {
    if (!formats.includes(format) || written.includes(format)) continue;
    const verb = written.length === 1 ? 'is' : 'are';
    throw new Misuse(`No writer of format ${format}: there ${verb} ${written.join(', ')}.`);
  }
}

/** The registry with the user's own writers, and the names under which the plan knows all that were asked for. */
export async function withOwnWriters(
  registry: Registry,
  asked: readonly string[],
  formats: readonly string[],
): Promise<{ readonly registry: Registry; readonly names: readonly string[] }> {
  const writers = [...registry.writers];
  const names: string[] = [];
  for (const text of asked) {
    const own = await ownWriter(text, formats);
    if (own === null) {
      names.push(text);
      continue;
    }
    const name = writers.some((writer) => writer.name === own.name) ? `own-${own.name}` : own.name;
    writers.push({ ...own, name });
    names.push(name);
  }
  requireWriters(formats, writers);
  return { registry: { ...registry, writers }, names };
}
