/** What the worker is to load or start for a case. */

import path from 'node:path';
import type { WriterSpec } from '../../suites/types.js';
import { builtFile, onPath } from '../paths.js';
import type { Case, Subject } from '../types.js';

export interface ResolvedSubject {
  readonly subject: Subject;
  readonly sendsRows: boolean;
  /** The library or program, for its stamp. */
  readonly file: string;
}

export interface MissingSubject {
  readonly missing: string;
}

function fill(text: string, one: Case, writer: WriterSpec): string {
  const { part, threads } = one.options;
  const own = Object.entries(writer.options).map(([name, option]): [string, string] => [
    name,
    String(one.options.writer[name] ?? option.default),
  ]);
  const values: Readonly<{ [name: string]: string }> = {
    ...Object.fromEntries(own),
    table: one.table,
    scale: String(one.scale),
    threads: String(threads),
    part: String(part.index),
    parts: String(part.count),
  };
  return text.replace(/\{([\w.-]+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** The subject, or why this machine has none (the case is then skipped). */
export function resolveSubject(one: Case, writer: WriterSpec): ResolvedSubject | MissingSubject {
  const { holder } = writer;
  if (holder.kind === 'library') {
    const file = path.isAbsolute(holder.file) ? holder.file : builtFile(holder.file);
    return { subject: { kind: 'library', path: file }, sendsRows: true, file };
  }
  if (holder.kind === 'module') {
    return { subject: { kind: 'module', path: holder.file }, sendsRows: true, file: holder.file };
  }
  const program = holder.argv[0] ?? '';
  const file = onPath(program);
  if (file === null) return { missing: `${program} is not on PATH: ${holder.install}` };
  const argv = [file, ...holder.argv.slice(1).map((text) => fill(text, one, writer))];
  return { subject: { kind: 'command', argv, stdin: holder.stdin }, sendsRows: holder.stdin !== 'none', file };
}
