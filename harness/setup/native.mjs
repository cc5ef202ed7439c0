/**
 * Builds the native parts into native/build. Cargo's own output lies in a cache folder outside the checkout, keyed by lock
 * file and toolchain; finished libraries lie there too, keyed by everything that they were built from, so that a second
 * clone of the same sources copies them.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { spawnSync } from 'node:child_process';
import { root, step } from './run.mjs';

/** Where native/build gets its files: their names there, and their names in Cargo's release folder. */
const PRODUCTS = {
  'writeproof-worker': 'writeproof-worker',
  'libwriteproof_parquet.so': 'libwriteproof_parquet.so',
  'libwriteproof_arrow.so': 'libwriteproof_arrow.so',
  'libwriteproof_faults.so': 'libwriteproof_faults.so',
  'writeproof.node': 'napi/writeproof.node',
  'arrow-files': 'examples/arrow-files',
  'digest-json': 'examples/digest-json',
  'prepare-json': 'examples/prepare-json',
  'write-json': 'examples/write-json',
};

/** Folders whose files decide what is built. */
const SOURCES = ['native', 'test/faults'];

/** The folder of everything that may be made anew: builds, prepared tables, facts. */
export function cacheFolder() {
  const base = process.env['XDG_CACHE_HOME'];
  return (
    process.env['WRITEPROOF_CACHE'] ??
    join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'writeproof')
  );
}

/**
 * @param {string} folder
 * @returns {string[]} files below it, sorted, without build outputs
 */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !['build', 'target', 'node_modules'].includes(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

/** @param {string | Buffer} text */
function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

/** SHA-256 over names and contents of every source of the native parts. */
export function sourceSha256() {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((folder) => filesBelow(join(root, folder)))) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function toolchain() {
  return spawnSync('rustc', ['-Vv'], { encoding: 'utf8' }).stdout;
}

/** This machine's target triple. Named in every build, as the napi command names it: one set of outputs serves both. */
function host() {
  return /^host: (.+)$/m.exec(toolchain())?.[1] ?? '';
}

/**
 * Several checkouts share Cargo's folder, and Cargo tells by times alone whether a source is newer than what was built of it.
 * So every source that differs from what this folder saw last gets the time of now; all of them after another checkout.
 * @param {string} folder  Cargo's output folder
 */
function freshenSources(folder) {
  const path = join(folder, 'sources.json');
  /** @type {{ root?: string, files?: Record<string, string> }} */
  const last = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const now = new Date();
  /** @type {Record<string, string>} */
  const files = {};
  for (const file of SOURCES.flatMap((source) => filesBelow(join(root, source)))) {
    const name = relative(root, file);
    files[name] = sha256(readFileSync(file));
    if (last.root !== root || last.files?.[name] !== files[name]) utimesSync(file, now, now);
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, JSON.stringify({ root, files }, null, 2));
}

/** Where Cargo builds, for this lock file and toolchain, and for which target. */
export function cargoEnvironment() {
  const lock = readFileSync(join(root, 'native/Cargo.lock'), 'utf8');
  const folder = join(cacheFolder(), 'cargo', sha256(lock + toolchain()).slice(0, 16));
  freshenSources(folder);
  return { CARGO_TARGET_DIR: folder, CARGO_BUILD_TARGET: host() };
}

/** @returns {unknown} native/build/build.json, or null */
function built() {
  const path = join(root, 'native/build/build.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

/**
 * Copies a set of files so that a reader never sees half of it.
 * @param {string} from
 * @param {string} to
 * @param {[string, string][]} names  [name at `to`, name at `from`]
 * @param {string} stamp  content of build.json
 */
function publish(from, to, names, stamp) {
  mkdirSync(join(to, '..'), { recursive: true });
  const fresh = mkdtempSync(`${to}.`);
  for (const [name, source] of names) {
    copyFileSync(join(from, source), join(fresh, name));
  }
  writeFileSync(join(fresh, 'build.json'), stamp);
  rmSync(to, { recursive: true, force: true });
  renameSync(fresh, to);
}

/** Builds what is missing or stale. */
export function buildNative() {
  const source = sourceSha256();
  const rustc = toolchain();
  const found = built();
  if (
    found !== null &&
    typeof found === 'object' &&
    'sourceSha256' in found &&
    found.sourceSha256 === source &&
    'rustc' in found &&
    found.rustc === rustc
  ) {
    return;
  }
  const output = join(root, 'native/build');
  const kept = join(cacheFolder(), 'native', sha256(source + rustc).slice(0, 16));
  const names = Object.keys(PRODUCTS);
  if (!existsSync(join(kept, 'build.json'))) {
    const env = cargoEnvironment();
    const manifest = join(root, 'native/Cargo.toml');
    step(
      'Building the native parts (Rust, several minutes the first time)',
      'cargo',
      ['build', '--release', '--locked', '--workspace', '--examples', '--lib', '--bins', '--manifest-path', manifest],
      { env },
    );
    const release = join(env.CARGO_TARGET_DIR, env.CARGO_BUILD_TARGET, 'release');
    step(
      'Building the Node addon',
      process.execPath,
      [
        join(root, 'node_modules/@napi-rs/cli/dist/cli.js'),
        'build',
        '--release',
        '--manifest-path',
        join(root, 'native/engine/addon/Cargo.toml'),
        '--package-json-path',
        join(root, 'package.json'),
        '--target',
        env.CARGO_BUILD_TARGET,
        '--target-dir',
        env.CARGO_TARGET_DIR,
        '--output-dir',
        join(release, 'napi'),
      ],
      { env },
    );
    const files = Object.fromEntries(
      Object.entries(PRODUCTS).map(([name, product]) => [
        name,
        {
          sha256: createHash('sha256')
            .update(readFileSync(join(release, product)))
            .digest('hex'),
        },
      ]),
    );
    const stamp = JSON.stringify({ sourceSha256: source, rustc, profile: 'release', files }, null, 2);
    publish(release, kept, Object.entries(PRODUCTS), stamp);
  }
  publish(
    kept,
    output,
    names.map((name) => [name, name]),
    readFileSync(join(kept, 'build.json'), 'utf8'),
  );
}
