import type { Command } from 'commander';
import { REGISTRY } from '../../suites/index.js';
import { loadConfig, type Config } from '../config/config.js';

export interface ConfigFlag {
  readonly config?: string;
}

export function addConfigFlag(command: Command): Command {
  return command.option('--config <file>', 'writers of your own (default: writeproof.config.{js,mjs,json} here)');
}

export async function configOf({ config }: ConfigFlag): Promise<Config | null> {
  return loadConfig(
    config,
    REGISTRY.writers.map((writer) => writer.name),
  );
}

/** On stderr. */
export function toldBuilds(text: string): void {
  process.stderr.write(text);
}
