/** Writers that are named by their file or command, or by a config, instead of by the registry. */

import { isDeepStrictEqual } from 'node:util';
import type { Registry } from '../../suites/index.js';
import type { WriterSpec } from '../../suites/types.js';
import type { Config } from '../config/config.js';
import { configured } from '../config/configured.js';
import { fromCommand, fromLibrary, fromModule } from '../config/own-writer.js';
import { Misuse } from '../misuse.js';
import { splitCaseId } from '../plan/case-id.js';
import { find, oneOf } from '../plan/names.js';
import { FORMATS } from '../types.js';

async function ownWriter(text: string, formats: readonly string[]): Promise<WriterSpec | null> {
  const folder = process.cwd();
  if (text.includes(' ')) {
    const format = oneOf('format', formats[0] ?? 'parquet', FORMATS);
    return fromCommand(text, format, {}, { folder, label: `--writer '${text}'` });
  }
  if (/\.[cm]?js$/.test(text)) return fromModule(text, { folder, label: `--writer ${text}` });
  return text.endsWith('.so') ? fromLibrary(text, { folder, label: `--writer ${text}` }) : null;
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

/** What names writers: values of --writer and --format, ids of cases, and a config. */
export interface Asked {
  readonly writers: readonly string[];
  readonly formats: readonly string[];
  readonly cases: readonly string[];
  readonly config: Config | null;
  /** Takes what builds print, and which writer has another name than its own. */
  readonly tell: (text: string) => void;
}

/** The config's writers that are asked for by name; only these are built and loaded. */
async function fromConfig({ writers, cases, config, tell }: Asked): Promise<readonly WriterSpec[]> {
  const named = new Set([...writers, ...cases.map((id) => splitCaseId(id)?.writer ?? '')]);
  const specs: WriterSpec[] = [];
  if (config === null) return specs;
  for (const writer of config.writers) {
    // One after the other: builds may share folders.
    if (named.has(writer.name)) specs.push(await configured(writer, config, tell));
  }
  return specs;
}

/** A slip in a name is answered with the config's names too. */
function requireKnown(text: string, registry: Registry, config: Config | null): void {
  find('writer', text, [...registry.writers, ...(config?.writers ?? [])]);
}

/** A name of its own: `mine`, where that is taken `own-mine`, then `own-mine-2`. */
function freeName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  const others = (count: number): string => `own-${name}${count === 1 ? '' : `-${count}`}`;
  let count = 1;
  while (isTaken(others(count))) count += 1;
  return others(count);
}

/** The registry with the user's own writers, and the names under which the plan knows all that were asked for. */
export async function withOwnWriters(
  registry: Registry,
  asked: Asked,
): Promise<{ readonly registry: Registry; readonly names: readonly string[] }> {
  const writers = [...registry.writers, ...(await fromConfig(asked))];
  const names: string[] = [];
  for (const text of asked.writers) {
    const own = writers.some((writer) => writer.name === text) ? null : await ownWriter(text, asked.formats);
    if (own === null) {
      requireKnown(text, registry, asked.config);
      names.push(text);
      continue;
    }
    const same = writers.find((writer) => isDeepStrictEqual(writer.holder, own.holder) && writer.format === own.format);
    const name = same?.name ?? freeName(own.name, (taken) => writers.some((writer) => writer.name === taken));
    if (same === undefined) writers.push({ ...own, name });
    if (name !== own.name) asked.tell(`${text} is called ${name} here\n`);
    names.push(name);
  }
  requireWriters(asked.formats, writers);
  return { registry: { ...registry, writers }, names };
}
