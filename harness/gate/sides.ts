/** The two sides of a gate: what was asked for, built, and the writers that come from it. */

import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { WriterHolder, WriterSpec } from '../../suites/types.js';
import { loadConfig, type Config } from '../config/config.js';
import { configured } from '../config/configured.js';
import { fromLibrary } from '../config/own-writer.js';
import { Misuse } from '../misuse.js';
import { builtFile, PACKAGE_ROOT } from '../paths.js';
import type { Bench } from '../run/repetition.js';
import { buildOf, runSetUp } from './builds.js';
import { harnessRepository, nearestRefs, repositoryOf, revisionOf, stateOf } from './git.js';
import type { Side } from './types.js';

/** A side that is ready to be measured. */
export interface BuiltSide {
  /** Without the stamps of its libraries, which its records have. */
  readonly side: Omit<Side, 'libraries'>;
  /** Folder of the checkout, with its own harness; null for a folder of libraries or a single one. */
  readonly root: string | null;
  /** The registry's writers as this side has them, by name. */
  readonly writers: ReadonlyMap<string, WriterSpec>;
  /** Changes of its jobs that no case makes. */
  readonly changes?: Bench['changes'];
}

/** A repository of the user's own, with the writers of it that are asked for. */
export interface OwnRepository {
  readonly repository: string;
  readonly config: string;
  readonly names: readonly string[];
}

/** What building a side needs. */
export interface Builder {
  readonly registry: readonly WriterSpec[];
  /** Null where refs are those of the repository that this harness runs from. */
  readonly own: OwnRepository | null;
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Our own writers out of a folder of libraries, and modules out of a checkout; commands are the same on both sides. */
function writersOf(libraries: string, root: string | null, registry: readonly WriterSpec[]): Map<string, WriterSpec> {
  const writers = new Map<string, WriterSpec>();
  for (const writer of registry) {
    const { holder } = writer;
    if (holder.kind === 'command') {
      writers.set(writer.name, writer);
    } else if (holder.kind === 'library') {
      const file = path.isAbsolute(holder.file) ? holder.file : path.join(libraries, holder.file);
      if (existsSync(file)) writers.set(writer.name, { ...writer, holder: { kind: 'library', file } });
    } else {
      const within = path.relative(PACKAGE_ROOT, holder.file);
      const file = within.startsWith('..') ? holder.file : root === null ? null : path.join(root, within);
      if (file !== null && existsSync(file)) writers.set(writer.name, { ...writer, holder: { ...holder, file } });
    }
  }
  return writers;
}

/** The repository of a config whose writers are asked for: refs are then those of that repository. */
export function ownRepository(config: Config | null, names: readonly string[]): OwnRepository | null {
  const own = (config?.writers ?? []).map(({ name }) => name).filter((name) => names.includes(name));
  if (config === null || own.length === 0) return null;
  const others = names.filter((name) => !own.includes(name));
  if (others.length > 0) {
    throw new Misuse(
      `${own.join(', ')} of ${config.file} and ${others.join(', ')} come from different builds: compare them in two gates.`,
    );
  }
  const repository = repositoryOf(config.folder);
  return repository === null ? null : { repository, config: path.join(config.folder, config.file), names: own };
}

const whatHolds = (holder: WriterHolder): string =>
  holder.kind === 'command' ? 'command' : `file ${path.basename(holder.file)}`;

/** A gate compares two builds: the same file on both sides would always be green. */
export function refuseSameFile(
  writer: string,
  { base, head }: { readonly base: BuiltSide; readonly head: BuiltSide },
): void {
  const [one, other] = [base, head].map(({ writers }) => writers.get(writer)?.holder);
  if (one === undefined || !isDeepStrictEqual(one, other)) return;
  throw new Misuse(
    `Writer ${writer} is the same ${whatHolds(one)} on both sides, so that nothing is compared: leave it out, name libraries by --base and --head, or give the writer a build in a config.`,
  );
}

/** Two names of one thing; the same file with other settings is another writer. */
export function refuseSameWriter(base: WriterSpec, head: WriterSpec): void {
  const [one, other] = [base, head].map(({ holder, settings = {} }) => ({ holder, settings }));
  if (!isDeepStrictEqual(one, other)) return;
  throw new Misuse(
    `${base.name} and ${head.name} are the same ${whatHolds(base.holder)} with the same settings, so that nothing is compared: name another.`,
  );
}

/** The checkout or package that this harness runs from, its native parts built anew where they are stale. */
async function workingTree(role: string, { registry, own, tell, signal }: Builder): Promise<BuiltSide> {
  const sources = path.join(PACKAGE_ROOT, 'native', 'Cargo.toml');
  if (existsSync(sources)) await runSetUp(`The ${role}`, PACKAGE_ROOT, 'native-parts.mjs', tell, signal);
  const repository = own?.repository ?? harnessRepository();
  const state = repository === null ? null : stateOf(repository);
  const { commit, tree, dirty } = state ?? { commit: null, tree: null, dirty: null };
  return {
    side: { name: 'working tree', kind: 'working tree', commit, tree, dirty },
    root: PACKAGE_ROOT,
    writers: writersOf(path.join(PACKAGE_ROOT, 'native', 'build'), PACKAGE_ROOT, registry),
  };
}

/** The user's writers as their config at that commit describes and builds them; all others are those of this harness. */
async function fromOwnRef(ref: string, own: OwnRepository, { registry, tell }: Builder): Promise<BuiltSide | null> {
  const revision = revisionOf(own.repository, ref);
  if (revision === null) return null;
  const within = path.relative(own.repository, own.config);
  const specs: WriterSpec[] = [];
  const configure = async (folder: string): Promise<void> => {
    const file = path.join(folder, within);
    if (!existsSync(file))
      throw new Misuse(`${ref} has no ${within}: expected the config that names ${own.names.join(', ')}.`);
    const config = await loadConfig(file, []);
    for (const name of own.names) {
      const writer = config?.writers.find((one) => one.name === name);
      if (config === null || writer === undefined)
        throw new Misuse(`${within} of ${ref} has no writer ${name}: choose another by --writer.`);
      specs.push(await configured(writer, config, tell));
    }
  };
  const folder = await buildOf(ref, own.repository, revision, tell, configure);
  if (specs.length === 0) await configure(folder);
  const writers = new Map(registry.map((writer) => [writer.name, writer]));
  for (const spec of specs) writers.set(spec.name, spec);
  return { side: { name: ref, kind: 'ref', ...revision, dirty: false }, root: null, writers };
}

async function fromRef(ref: string, builder: Builder): Promise<BuiltSide | null> {
  const { registry, own, tell, signal } = builder;
  if (own !== null) return fromOwnRef(ref, own, builder);
  const repository = harnessRepository();
  const revision = repository === null ? null : revisionOf(repository, ref);
  if (repository === null || revision === null) return null;
  const root = await buildOf(ref, repository, revision, tell, async (folder) =>
    runSetUp(ref, folder, 'setup.mjs', tell, signal),
  );
  return {
    side: { name: ref, kind: 'ref', ...revision, dirty: false },
    root,
    writers: writersOf(path.join(root, 'native', 'build'), root, registry),
  };
}

function fromFolder(text: string, { registry }: Builder): BuiltSide {
  const folder = path.resolve(text);
  const inCheckout = path.join(folder, 'native', 'build');
  const isRoot = existsSync(inCheckout);
  const libraries = isRoot ? inCheckout : folder;
  const ours = registry.flatMap(({ holder }) => (holder.kind === 'library' ? [holder.file] : []));
  if (!ours.some((file) => existsSync(path.join(libraries, file)))) {
    throw new Misuse(
      `Folder ${text} holds no build: expected ${ours.map((file) => path.basename(file)).join(' or ')} in it, or in its native/build.`,
    );
  }
  return {
    side: { name: path.basename(folder), kind: 'build folder', commit: null, tree: null, dirty: null },
    root: isRoot ? folder : null,
    writers: writersOf(libraries, isRoot ? folder : null, registry),
  };
}

/**
 * A single library. It stands for the registry's writer whose library has the same file name, so that it meets the other side's; else
 * for a writer of its own, by the name that it says of itself.
 */
async function fromLibraryFile(text: string, { registry }: Builder): Promise<BuiltSide> {
  const file = path.resolve(text);
  const own = await fromLibrary(text, { folder: process.cwd(), label: text });
  const known = registry.find(
    ({ holder }) => holder.kind === 'library' && path.basename(holder.file) === path.basename(file),
  );
  const spec: WriterSpec =
    known === undefined
      ? own
      : { ...known, variants: own.variants, options: own.options, holder: { kind: 'library', file } };
  return {
    side: { name: path.basename(file), kind: 'library', commit: null, tree: null, dirty: null },
    root: null,
    writers: new Map([[spec.name, spec]]),
  };
}

/** Builds what `--base` or `--head` names; nothing named is the working tree. */
export async function buildSide(role: 'base' | 'head', text: string | undefined, builder: Builder): Promise<BuiltSide> {
  if (text === undefined) return workingTree(role, builder);
  const stat = statSync(text, { throwIfNoEntry: false });
  if (text.endsWith('.so') && stat?.isFile() === true) return fromLibraryFile(text, builder);
  const ref = await fromRef(text, builder);
  if (ref !== null) return ref;
  if (stat?.isDirectory() === true) return fromFolder(text, builder);
  const near = nearestRefs(builder.own?.repository ?? PACKAGE_ROOT, text);
  const hint = near.length > 0 ? `; nearest refs: ${near.join(', ')}` : '';
  throw new Misuse(
    `--${role} "${text}" is no git ref here, no folder and no library: expected one of them, such as main, ./build or ./libmine.so${hint}.`,
  );
}

/** Variants that a side's library declares, which need not be those of the registry. */
export async function libraryVariants(writer: WriterSpec): Promise<WriterSpec['variants']> {
  if (writer.holder.kind !== 'library') return writer.variants;
  const { file } = writer.holder;
  const { variants } = await fromLibrary(path.isAbsolute(file) ? file : builtFile(file), {
    folder: process.cwd(),
    label: writer.name,
  });
  return variants;
}
