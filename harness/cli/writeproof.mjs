#!/usr/bin/env node
/** The command. Plain JavaScript, so that it can say what to do before anything is built. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../../dist/harness/cli/main.js', import.meta.url);
if (existsSync(fileURLToPath(main))) {
  await import(main.href);
} else {
  console.error('writeproof is not built yet: run "npm run setup" in its folder.');
  process.exitCode = 1;
}
