import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Of the checkout: this file runs as dist/test/writers/build.js. */
const root = resolve(import.meta.dirname, '../../..');

export const headerDirectory = join(root, 'native/include');
export const sourceDirectory = join(root, 'test/writers');

/** How C and C++ are compiled here. Warnings are errors: a user's own build may have them so. */
export const LANGUAGES = {
  c: ['cc', '-x', 'c', '-std=c11'],
  cxx: ['c++', '-x', 'c++', '-std=c++17'],
} as const;
export type Language = keyof typeof LANGUAGES;

const WARNINGS = ['-Wall', '-Wextra', '-Werror'];

let scratch: string | null = null;
const built = new Map<string, string>();

/** A fresh directory, removed when the process ends. */
export function freshDirectory(): string {
  if (scratch === null) {
    const created = mkdtempSync(join(tmpdir(), 'writeproof-writers-'));
    process.on('exit', () => {
      rmSync(created, { recursive: true, force: true });
    });
    scratch = created;
  }
  return mkdtempSync(join(scratch, 'd'));
}

/** Compiles and throws what the compiler said, on an error or a warning. */
export function compile(language: Language, options: readonly string[]): void {
  const [compiler, ...flags] = LANGUAGES[language];
  execFileSync(compiler, [...flags, ...WARNINGS, '-I', headerDirectory, ...options], { stdio: 'pipe' });
}

/** Compiles `test/writers/<name>.c` to a shared library, once in a process, and returns its path. */
export function buildWriter(name: string, language: Language = 'c'): string {
  return build(name, `lib${name}.so`, language, ['-shared', '-fPIC']);
}

/** Compiles `test/writers/<name>.c` to a program, once in a process, and returns its path. */
export function buildProgram(name: string, language: Language = 'c'): string {
  return build(name, name, language, ['-ldl']);
}

function build(name: string, file: string, language: Language, options: readonly string[]): string {
  const key = `${language} ${file}`;
  const before = built.get(key);
  if (before !== undefined) return before;
  const output = join(freshDirectory(), file);
  compile(language, ['-pthread', '-o', output, join(sourceDirectory, `${name}.c`), ...options]);
  built.set(key, output);
  return output;
}
