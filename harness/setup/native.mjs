/**
 * Builds the native parts into native/build. Cargo's own output lies in a cache folder outside the checkout, keyed by lock
 * file and toolchain; finished libraries lie there too, keyed by everything that they were built from, so that a second
 * clone of the same sources copies them.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { locked } from './lock.mjs';
import { root, step } from './run.mjs';

/**
 * A Cargo workspace: its folder, the files that decide what is built, the name of its stamp in native/build, and what
 * native/build gets of it: names there, and names in Cargo's release folder. `patches` names crates that the workspace patches
 * and that much is built from.
 * @typedef {{ folder: string, sources: string[], without: string[], stamp: string, products: Record<string, string>, patches: string[] }} Workspace
 */

/** @type {Workspace} */
export const ENGINE = {
  folder: 'native',
  sources: ['native', 'test/faults', 'test/fault-fs'],
  without: ['native/entity-store', 'native/lance'],
  stamp: 'build.json',
  products: {
    'writeproof-worker': 'writeproof-worker',
    'writeproof-raw': 'writeproof-raw',
    'libwriteproof_parquet.so': 'libwriteproof_parquet.so',
    'libwriteproof_arrow.so': 'libwriteproof_arrow.so',
    'libwriteproof_raw.so': 'libwriteproof_raw_writer.so',
    'libwriteproof_faults.so': 'libwriteproof_faults.so',
    'writeproof-fault-fs': 'writeproof-fault-fs',
    // Under this name it says of itself what the Lance writer does.
    'libwriteproof_faults_lance.so': 'libwriteproof_faults.so',
    'writeproof.node': 'napi/writeproof.node',
    'libwriteproof_counting.so': 'examples/libwriteproof_counting.so',
    'arrow-files': 'examples/arrow-files',
    'digest-json': 'examples/digest-json',
    'prepare-json': 'examples/prepare-json',
    'write-json': 'examples/write-json',
  },
  patches: [],
};

/**
 * Apart from the engine, so that nothing else waits for it.
 * @type {Workspace}
 */
export const LANCE = {
  folder: 'native/lance',
  sources: ['native/Cargo.toml', 'native/include', 'native/lance', 'native/sink', 'native/writer'],
  without: [],
  stamp: 'build-lance.json',
  products: { 'libwriteproof_lance.so': 'libwriteproof_lance.so' },
  patches: ['arrow', 'datafusion-common', 'lance-namespace', 'protobuf-src'],
};

/**
 * Apart from the engine, as Lance is: RocksDB takes longer to build than all else.
 * @type {Workspace}
 */
export const ENTITY_STORE = {
  folder: 'native/entity-store',
  sources: [
    'native/Cargo.toml',
    'native/columnar',
    'native/engine/digest',
    'native/engine/schema',
    'native/entity-store',
    'native/include',
    'native/sink',
    'native/writer',
  ],
  without: [],
  stamp: 'build-entity-store.json',
  products: {
    'writeproof-entity-store.node': 'libwriteproof_entity_store_addon.so',
    'libwriteproof_count_malloc.so': 'examples/libwriteproof_count_malloc.so',
  },
  // RocksDB is built from what this crate says.
  patches: ['bindgen'],
};

/** The folder of everything that may be made anew: builds, prepared tables, facts. */
export function cacheFolder() {
  const base = process.env['XDG_CACHE_HOME'];
  return (
    process.env['WRITEPROOF_CACHE'] ??
    join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'writeproof')
  );
}

/**
 * @param {string} path  of a file or folder, in the checkout
 * @returns {string[]} it, or the files below it, sorted, without build outputs
 */
function filesBelow(path) {
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path))
    .filter((name) => !['build', 'target', 'node_modules'].includes(name))
    .flatMap((name) => filesBelow(join(path, name)))
    .sort();
}

/** @param {Workspace} workspace */
function sourceFiles({ sources, without }) {
  return sources.flatMap(filesBelow).filter((file) => !without.some((folder) => file.startsWith(`${folder}/`)));
}

/** @param {string | Buffer} text */
function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * SHA-256 over names and contents of every source.
 * @param {Workspace} workspace
 */
function sourceSha256(workspace) {
  const hash = createHash('sha256');
  for (const file of sourceFiles(workspace)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
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
 * @param {Workspace} workspace
 */
function freshenSources(folder, workspace) {
  const path = join(folder, 'sources.json');
  /** @type {{ root?: string, files?: Record<string, string> }} */
  const last = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const now = new Date();
  /** @type {Record<string, string>} */
  const files = {};
  for (const name of sourceFiles(workspace)) {
    const file = join(root, name);
    files[name] = sha256(readFileSync(file));
    if (last.root !== root || last.files?.[name] !== files[name]) utimesSync(file, now, now);
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, JSON.stringify({ root, files }, null, 2));
}

/**
 * Where Cargo builds, for a workspace's lock file and this toolchain, and for which target.
 * @param {Workspace} [workspace]
 */
export function cargoEnvironment(workspace = ENGINE) {
  const lock = readFileSync(join(root, workspace.folder, 'Cargo.lock'), 'utf8');
  const folder = join(cacheFolder(), 'cargo', sha256(lock + toolchain()).slice(0, 16));
  freshenSources(folder, workspace);
  return { CARGO_TARGET_DIR: folder, CARGO_BUILD_TARGET: host() };
}

/** @param {Workspace} workspace */
export const manifestOf = ({ folder }) => ['--manifest-path', join(root, folder, 'Cargo.toml')];

/**
 * A crate of the workspace's patches, as it stands in the cache under its content.
 * @param {string} source  of the crate, in the checkout
 * @returns {string} where
 */
function keptPatch(source) {
  const hash = createHash('sha256');
  for (const file of filesBelow(source)) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  const kept = join(cacheFolder(), 'patches', hash.digest('hex').slice(0, 16), basename(source));
  if (existsSync(kept)) return kept;
  mkdirSync(join(kept, '..'), { recursive: true });
  const fresh = mkdtempSync(`${kept}.`);
  cpSync(join(root, source), fresh, { recursive: true });
  try {
    renameSync(fresh, kept);
  } catch (error) {
    // Another set-up was first, with the same content.
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(kept)) throw error;
  }
  return kept;
}

/**
 * Cargo's arguments for a workspace. To Cargo a crate at another path is another crate, and what was built of it is built again: its
 * patches are taken from one place in the cache, so that all checkouts share what is built of them, RocksDB and most of Lance.
 * @param {Workspace} workspace
 */
export function cargoArguments(workspace) {
  const { folder, patches } = workspace;
  const places = patches.flatMap((patch) => {
    const kept = keptPatch(join(folder, 'patches', patch));
    return ['--config', `patch.crates-io.${patch}.path=${JSON.stringify(kept)}`];
  });
  return [...manifestOf(workspace), ...places];
}

/** @param {Workspace} workspace */
function isBuilt(workspace) {
  const path = join(root, 'native/build', workspace.stamp);
  if (!existsSync(path)) return false;
  const stamp = JSON.parse(readFileSync(path, 'utf8'));
  return stamp.sourceSha256 === sourceSha256(workspace) && stamp.rustc === toolchain();
}

/**
 * Puts a workspace's files into a folder, beside those of others, so that a reader never sees half of it.
 * @param {string} from
 * @param {string} to
 * @param {[string, string][]} names  [name at `to`, name at `from`]
 * @param {string} stamp  name of the stamp
 * @param {string} content  of the stamp
 */
function publish(from, to, names, stamp, content) {
  mkdirSync(join(to, '..'), { recursive: true });
  const fresh = mkdtempSync(`${to}.`);
  // Such a folder is its maker's alone, and those who run what was set up for them must read it.
  chmodSync(fresh, 0o755);
  if (existsSync(to)) cpSync(to, fresh, { recursive: true, preserveTimestamps: true });
  for (const [name, source] of names) {
    copyFileSync(join(from, source), join(fresh, name));
  }
  writeFileSync(join(fresh, stamp), content);
  rmSync(to, { recursive: true, force: true });
  renameSync(fresh, to);
}

/**
 * Cargo's release folder is that of all checkouts: what another one built meanwhile would be published as this one's.
 * @template T
 * @param {Workspace} workspace
 * @param {() => T} work
 */
export function alone({ stamp }, work) {
  mkdirSync(cacheFolder(), { recursive: true });
  return locked(join(cacheFolder(), stamp.replace('.json', '.lock')), work);
}

/**
 * Builds a workspace into native/build when that is missing or stale.
 * @param {Workspace} workspace
 * @param {(release: string, env: Record<string, string>) => void} build  runs Cargo, whose release folder it is given
 */
function ensure(workspace, build) {
  if (isBuilt(workspace)) return;
  const { stamp, products } = workspace;
  const source = sourceSha256(workspace);
  const rustc = toolchain();
  const kept = join(cacheFolder(), 'native', sha256(source + rustc).slice(0, 16));
  const make = () => {
    if (existsSync(join(kept, stamp))) return;
    const env = cargoEnvironment(workspace);
    const release = join(env.CARGO_TARGET_DIR, env.CARGO_BUILD_TARGET, 'release');
    build(release, env);
    const files = Object.fromEntries(
      Object.entries(products).map(([name, product]) => [
        name,
        { sha256: sha256(readFileSync(join(release, product))) },
      ]),
    );
    const content = JSON.stringify({ sourceSha256: source, rustc, profile: 'release', files }, null, 2);
    publish(release, kept, Object.entries(products), stamp, content);
  };
  alone(workspace, make);
  publish(
    kept,
    join(root, 'native/build'),
    Object.keys(products).map((name) => [name, name]),
    stamp,
    readFileSync(join(kept, stamp), 'utf8'),
  );
}

/** The worker, the addon, and the writers that are built in minutes. */
export function buildEngine() {
  ensure(ENGINE, (release, env) => {
    step(
      'Building the native parts (Rust, several minutes the first time)',
      'cargo',
      ['build', '--release', '--locked', '--workspace', '--examples', '--lib', '--bins', ...manifestOf(ENGINE)],
      { env },
    );
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
        env['CARGO_BUILD_TARGET'] ?? '',
        '--target-dir',
        env['CARGO_TARGET_DIR'] ?? '',
        '--output-dir',
        join(release, 'napi'),
      ],
      { env },
    );
  });
}

/** Whether the Lance writer stands in native/build, made of these sources. */
export const isLanceBuilt = () => isBuilt(LANCE);

/** The Lance writer. */
export function buildLance() {
  ensure(LANCE, (_release, env) => {
    step(
      'Building the Lance writer (Rust, 200 crates, about five minutes the first time)',
      'cargo',
      ['build', '--release', '--locked', '--lib', ...cargoArguments(LANCE)],
      { env },
    );
  });
}

/** Whether the entity store stands in native/build, made of these sources. */
export const isEntityStoreBuilt = () => isBuilt(ENTITY_STORE);

/** The entity store, with RocksDB below it. */
export function buildEntityStore() {
  ensure(ENTITY_STORE, (_release, env) => {
    step(
      'Building the entity store (RocksDB in C++, about ten minutes on two cores the first time)',
      'cargo',
      ['build', '--release', '--locked', '--workspace', '--lib', '--examples', ...cargoArguments(ENTITY_STORE)],
      { env },
    );
  });
}
