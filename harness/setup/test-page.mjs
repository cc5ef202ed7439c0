/** `npm run test:page`: the pages of reports in a real browser, CHROMIUM or the chromium on PATH. Not part of `npm test`. */
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { finished } from 'node:stream/promises';
import { root, step } from './run.mjs';
import { installPackages } from './packages.mjs';

/** @returns {string | undefined} */
function findChromium() {
  const named = process.env['CHROMIUM'];
  if (named !== undefined) return existsSync(named) ? named : undefined;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const programs = folders.flatMap((folder) => ['chromium', 'chromium-browser'].map((name) => join(folder, name)));
  return programs.find((program) => existsSync(program));
}

const chromium = findChromium();
if (chromium === undefined) {
  const optional = process.argv.includes('--if-installed');
  console.error(
    `Tests of the pages were left out: no Chromium. Expected chromium on PATH, or its path in CHROMIUM; "apt install chromium" brings it.`,
  );
  process.exit(optional ? 0 : 1);
}
process.env['CHROMIUM'] = chromium;

installPackages();
step('Compiling the TypeScript', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--project', root]);

const folder = join(root, 'dist/test/page');
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.page.js'))
  .map((file) => join(folder, file))
  .sort();
if (files.length === 0) {
  console.error(`No tests under ${folder}: the TypeScript was not compiled.`);
  process.exit(1);
}
const results = run({ files, concurrency: 1, timeout: 10 * 60 * 1000 }).on('test:fail', () => {
  process.exitCode = 1;
});
const report = results.compose(new spec());
report.pipe(process.stdout, { end: false });
await finished(report);
