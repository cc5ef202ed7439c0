/** What the worker is to load or start for a case. */

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import type { WriterSpec } from '../../suites/types.js';
import { builtFile, isBuilt, onPath } from '../paths.js';
import type { Case, Subject } from '../types.js';

export interface ResolvedSubject {
  readonly subject: Subject;
  readonly sendsRows: boolean;
  /** The library, the module, or the program and the scripts that its command names: what was loaded, for stamps. */
  readonly files: readonly string[];
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

const isFile = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

const probed = new Map<string, boolean>();

/** Asks once a process. */
function succeeds(probe: readonly string[]): boolean {
  const key = probe.join('\0');
  const known = probed.get(key) ?? spawnSync(probe[0] ?? '', probe.slice(1), { stdio: 'ignore' }).status === 0;
  probed.set(key, known);
  return known;
}

/** The subject, or why this machine has none (the case is then skipped). */
export function resolveSubject(one: Case, writer: WriterSpec): ResolvedSubject | MissingSubject {
  const { holder } = writer;
  if (holder.kind === 'library') {
    if (holder.install !== undefined && !isBuilt(holder.file)) {
      return { missing: `${holder.file} is not built: ${holder.install}` };
    }
    const file = path.isAbsolute(holder.file) ? holder.file : builtFile(holder.file);
    return { subject: { kind: 'library', path: file }, sendsRows: true, files: [file] };
  }
  if (holder.kind === 'module') {
    return { subject: { kind: 'module', path: holder.file }, sendsRows: true, files: [holder.file] };
  }
  const program = holder.argv[0] ?? '';
  const file = onPath(program);
  if (file === null) return { missing: `${program} is not on PATH: ${holder.install}` };
  if (holder.probe !== undefined && !succeeds(holder.probe)) {
    return { missing: `${program} is there, but "${holder.probe.join(' ')}" fails: ${holder.install}` };
  }
  const words = holder.argv.slice(1).map((text) => fill(text, one, writer));
  const files = [file, ...words.filter((word) => path.isAbsolute(word) && isFile(word))];
  const subject: Subject = { kind: 'command', argv: [file, ...words], stdin: holder.stdin };
  return { subject, sendsRows: holder.stdin !== 'none', files };
}
