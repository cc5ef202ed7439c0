/** Where things lie: in the package, in the cache, and in the user's working directory. */

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Misuse } from './misuse.js';

/** The package's own folder, from `dist/harness/`. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));

const BUILD = path.join(PACKAGE_ROOT, 'native', 'build');

/** A package holds what was built, and not the sources; a checkout has these. */
const SOURCES = path.join(PACKAGE_ROOT, 'native', 'Cargo.toml');

/** A file that set-up built, or a sentence that says how to build it. */
export function builtFile(name: string): string {
  const file = path.join(BUILD, name);
  if (existsSync(file)) return file;
  throw new Misuse(
    existsSync(SOURCES)
      ? `${name} is not built: expected it in native/build; run "npm run setup" in the package's folder.`
      : `${name} is not in this package, which was packed without it: run "npm pack" in a checkout, which builds it, and install that file.`,
  );
}

/** Whether set-up has built a file. */
export const isBuilt = (name: string): boolean => existsSync(path.join(BUILD, name));

export const workerPath = (): string => builtFile('writeproof-worker');

export const moduleWorkerPath = (): string => fileURLToPath(new URL('./module-worker/main.js', import.meta.url));

/** What set-up wrote about its builds, those of Lance and of the entity store apart; absent before each. */
export const BUILD_STAMPS = ['build.json', 'build-lance.json', 'build-entity-store.json'].map((name) =>
  path.join(BUILD, name),
);

export const GOLDEN_FACTS = path.join(PACKAGE_ROOT, 'suites', 'facts');

/** Recorded noise that `gate --prove` draws from. */
export const GATE_NOISE = path.join(PACKAGE_ROOT, 'suites', 'gate-noise.json');

/** Which category of work a function stands for. */
export const PROFILE_RULES = path.join(PACKAGE_ROOT, 'harness', 'profile', 'rules.json');

/** Prepared batches and facts: WRITEPROOF_CACHE, else `writeproof` in the user's cache folder. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment['WRITEPROOF_CACHE'];
  if (own !== undefined && own !== '') return path.resolve(own);
  const users = environment['XDG_CACHE_HOME'];
  return path.join(users !== undefined && users !== '' ? users : path.join(homedir(), '.cache'), 'writeproof');
}

/** The program's full path as the shell would find it, or null. */
export function onPath(program: string, environment: NodeJS.ProcessEnv = process.env): string | null {
  if (program.includes('/')) return existsSync(program) ? path.resolve(program) : null;
  const folders = (environment['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => path.join(folder, program)).find((file) => existsSync(file)) ?? null;
}
