import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Misuse } from '../misuse.js';

/** DuckDB's shared library, which its npm package for this machine ships. */
export function duckdbLibrary(): string {
  const name = `@duckdb/node-bindings-linux-${process.arch}`;
  // The package of this machine is a dependency of @duckdb/node-bindings: it is looked for from there.
  const bindings = createRequire(import.meta.url).resolve('@duckdb/node-bindings/package.json');
  try {
    const library = path.join(path.dirname(createRequire(bindings).resolve(`${name}/package.json`)), 'libduckdb.so');
    if (existsSync(library)) return library;
  } catch {
    // Reported below, with what to do.
  }
  throw new Misuse(`DuckDB's library is missing: expected libduckdb.so in the package ${name}; run "npm run setup".`);
}
