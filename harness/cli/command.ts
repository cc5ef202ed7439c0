import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.js';

/** Adds one command to the program. Every file of a command exports one of these. */
export type AddCommand = (program: Command) => void;

/** Sets what the process will exit with, once everything is written. */
export function exitWith(code: ExitCode): void {
  if (code !== EXIT.pass) process.exitCode = code;
}

/** Text below the options of a command. */
export function examples(lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  $ writeproof ${line}`)].join('\n');
}
