/** Imports a module and checks that it is a writer; each fault is one sentence that names what is missing. */

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { FORMATS } from '../types.js';
import { jsonText, StepFailure, thrownText } from './step.js';
import { MODULE_VARIANTS, type ModuleOption, type OpenWriter, type WriterModule } from './writer-module.js';

type Loose<T> = { readonly [Key in keyof T]?: unknown };

/** What `writeproof_capabilities` is to a library. */
export type ModuleCapabilities = Required<Omit<WriterModule, 'create'>>;

export function capabilitiesOf({ name, format, extension, variants, options }: WriterModule): ModuleCapabilities {
  return { name, format, extension, variants, options: options ?? {} };
}

function shown(value: unknown): string {
  return typeof value === 'function' ? 'a function' : (jsonText(value) ?? String(value));
}

const isText = (value: unknown, pattern: RegExp): value is string => typeof value === 'string' && pattern.test(value);

const isOneOf = (values: readonly string[], value: unknown): boolean =>
  typeof value === 'string' && values.includes(value);

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function optionFault(options: unknown): string | null {
  if (options === undefined) return null;
  if (!isPlain(options)) return `options: expected an object of options, found ${shown(options)}`;
  const scalar = ['string', 'number', 'boolean'];
  for (const [name, option] of Object.entries(options) as [string, Loose<ModuleOption> | null][]) {
    if (!scalar.includes(typeof option?.default)) {
      return `option ${name}: expected a default that is a text, number or boolean, found ${shown(option?.default)}`;
    }
    const values = option?.values ?? [option?.default];
    if (!Array.isArray(values) || !values.includes(option?.default)) {
      return `option ${name}: expected values that hold the default, found ${shown(values)}`;
    }
  }
  return null;
}

/** What is wrong with it, or null. */
function faultOf(writer: Loose<WriterModule>): string | null {
  const { name, format, extension, variants, create } = writer;
  if (!isText(name, /^[\w.-]+$/)) return `name: expected letters, digits, ".", "_" and "-", found ${shown(name)}`;
  if (!isOneOf(FORMATS, format)) return `format: expected ${FORMATS.join(' or ')}, found ${shown(format)}`;
  if (!isText(extension, /^\w[\w.]*$/)) return `extension: expected one without its dot, found ${shown(extension)}`;
  if (!Array.isArray(variants) || variants.length === 0 || !variants.every((one) => isOneOf(MODULE_VARIANTS, one))) {
    return `variants: expected a list of ${MODULE_VARIANTS.join(' and ')}, or of one of them, found ${shown(variants)}`;
  }
  if (typeof create !== 'function') return `step create: expected a function, found ${shown(create)}`;
  return optionFault(writer.options);
}

/** Throws a failure of the step `load` (it cannot be imported) or `capabilities` (it is no writer). */
export async function loadModule(file: string): Promise<WriterModule> {
  const name = path.basename(file);
  let module: { readonly default?: unknown; readonly writer?: unknown };
  try {
    module = (await import(pathToFileURL(file).href)) as typeof module;
  } catch (error) {
    throw new StepFailure('load', `module ${name} cannot be imported: ${thrownText(error)}`);
  }
  const writer = module.default ?? module.writer;
  if (!isPlain(writer)) {
    const found =
      writer === undefined ? Object.keys(module).join(', ') || 'no export at all' : `${shown(writer)} as default`;
    throw new StepFailure(
      'capabilities',
      `module ${name} exports no writer: expected a default export, or one named "writer", with name, format, extension, ` +
        `variants and create; found ${found}`,
    );
  }
  const fault = faultOf(writer);
  if (fault !== null) throw new StepFailure('capabilities', `the writer of module ${name} has a wrong ${fault}`);
  return writer as WriterModule;
}

/** Throws a failure of the step `create` when what it returned has not the steps. */
export function checkOpen(name: string, opened: unknown): OpenWriter {
  const steps = ['write', 'close', 'abort'] as const;
  const writer = (opened ?? {}) as Loose<OpenWriter>;
  const missing = steps.find((step) => typeof writer[step] !== 'function');
  if (missing === undefined) return writer as OpenWriter;
  const found = isPlain(opened) ? shown(writer[missing]) : `${shown(opened)} instead of an open writer`;
  throw new StepFailure(
    'create',
    `create of ${name} returned no step ${missing}: expected ${steps.join(', ')} as functions, found ${found}`,
  );
}
