/** Writers of a config as the plan knows them: built, asked what they are, and held to what the config says of them. */

import type { WriterSpec } from '../../suites/types.js';
import { Misuse } from '../misuse.js';
import { buildOnce } from './build.js';
import type { Config, ConfiguredWriter } from './config.js';
import { fromCommand, fromLibrary, fromModule, type Mention } from './own-writer.js';

async function asked(writer: ConfiguredWriter, mention: Mention): Promise<WriterSpec> {
  if (writer.library !== undefined) return fromLibrary(writer.library, mention);
  if (writer.module !== undefined) return fromModule(writer.module, mention);
  return fromCommand(writer.command ?? '', writer.format, writer.options ?? {}, mention);
}

/** What a line of `list` says of it: nothing is built or loaded for that. */
export function aboutConfigured(writer: ConfiguredWriter, file: string): string {
  const [kind, what] =
    writer.library !== undefined
      ? ['library', writer.library]
      : writer.module !== undefined
        ? ['module', writer.module]
        : ['command', writer.command ?? ''];
  return `${writer.format} by the ${kind} ${what}, of ${file}`;
}

export async function configured(
  writer: ConfiguredWriter,
  config: Config,
  tell: (text: string) => void,
): Promise<WriterSpec> {
  const label = `writer ${writer.name} of ${config.file}`;
  if (writer.build !== undefined) await buildOnce(writer.name, writer.build, config.folder, tell);
  const spec = await asked(writer, { folder: config.folder, label });
  if (spec.format !== writer.format) {
    throw new Misuse(
      `${label}: its format is "${writer.format}", the ${spec.about} says "${spec.format}": correct one.`,
    );
  }
  const missing = (writer.variants ?? []).find((variant) => !spec.variants.includes(variant));
  if (missing !== undefined) {
    throw new Misuse(
      `${label} lists variant ${missing}, the ${spec.about} has ${spec.variants.join(', ')}: leave it out.`,
    );
  }
  return {
    ...spec,
    name: writer.name,
    about: aboutConfigured(writer, config.file),
    extension: writer.extension ?? spec.extension,
    variants: writer.variants ?? spec.variants,
    // A command has them as the defaults of its options.
    settings: spec.holder.kind === 'command' ? {} : (writer.options ?? {}),
  };
}
