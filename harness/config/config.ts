/** `writeproof.config.{js,mjs,json}`: writers of the user's own under names. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OptionValue } from '../../suites/types.js';
import { messageOf, Misuse } from '../misuse.js';
import type { Format, Variant } from '../types.js';
import { departureOf } from './departure.js';

/** An entry of `writers`, as results/schema/writeproof.config.v1.json describes it. Exactly one of the three holders is there. */
export interface ConfiguredWriter {
  readonly name: string;
  readonly library?: string;
  readonly module?: string;
  readonly command?: string;
  readonly format: Format;
  readonly extension?: string;
  readonly build?: string;
  readonly options?: Readonly<{ [name: string]: OptionValue }>;
  readonly variants?: readonly Variant[];
}

export interface Config {
  /** Its file's name, for sentences. */
  readonly file: string;
  /** Paths in it start from here. */
  readonly folder: string;
  readonly writers: readonly ConfiguredWriter[];
}

const NAMES = ['writeproof.config.js', 'writeproof.config.mjs', 'writeproof.config.json'];

/** The config that was named, else that of the working directory, else null. */
function findConfig(named: string | undefined): string | null {
  if (named !== undefined) {
    if (!existsSync(named)) throw new Misuse(`--config ${named} does not exist: expected a file such as ${NAMES[2]}.`);
    return path.resolve(named);
  }
  const found = NAMES.filter((name) => existsSync(name));
  if (found.length > 1) {
    throw new Misuse(`There are ${found.join(' and ')} here: keep one, or name one by --config.`);
  }
  return found[0] === undefined ? null : path.resolve(found[0]);
}

async function read(file: string): Promise<unknown> {
  const name = path.basename(file);
  if (file.endsWith('.json')) {
    try {
      return JSON.parse(await readFile(file, 'utf8')) as unknown;
    } catch (error) {
      throw new Misuse(`${name} is not JSON: ${messageOf(error)}.`);
    }
  }
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(file).href)) as typeof module;
  } catch (error) {
    throw new Misuse(`${name} cannot be imported: ${messageOf(error)}.`);
  }
  if (module.default === undefined) throw new Misuse(`${name} has no default export: expected { writers: [ … ] }.`);
  return module.default;
}

/** Reads and checks the config; `taken` are the names of the registry. */
export async function loadConfig(named: string | undefined, taken: readonly string[]): Promise<Config | null> {
  const found = findConfig(named);
  if (found === null) return null;
  const file = path.basename(found);
  const document = await read(found);
  const departure = await departureOf(document);
  if (departure !== null) throw new Misuse(`${file}: ${departure}`);
  const { writers } = document as Pick<Config, 'writers'>;
  for (const [index, { name }] of writers.entries()) {
    const isSecond = writers.findIndex((writer) => writer.name === name) !== index;
    if (isSecond) throw new Misuse(`${file}: writers[${index}].name "${name}" is there twice: choose another name.`);
    if (taken.includes(name)) {
      throw new Misuse(
        `${file}: writers[${index}].name "${name}" is that of a registered writer: choose another name.`,
      );
    }
  }
  return { file, folder: path.dirname(found), writers };
}
