/** The two sides of a gate: what was asked for, built, and the writers that come from it. */

import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { WriterSpec } from '../../suites/types.js';
import { ownVersion } from '../cli/commit.js';
import { fromLibrary } from '../config/own-writer.js';
import { Misuse } from '../misuse.js';
import { builtFile, PACKAGE_ROOT } from '../paths.js';
import { nearest } from '../plan/names.js';
import type { Bench } from '../run/repetition.js';
import { buildOf, runSetUp } from './builds.js';
import { git, isCheckout, knownRefs, revisionOf } from './git.js';
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

/** What building a side needs. */
export interface Builder {
  readonly registry: readonly WriterSpec[];
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

/** The checkout or package that this harness runs from, its native parts built anew where they are stale. */
async function workingTree(role: string, { registry, tell, signal }: Builder): Promise<BuiltSide> {
  const sources = path.join(PACKAGE_ROOT, 'native', 'Cargo.toml');
  if (existsSync(sources)) await runSetUp(`The ${role}`, PACKAGE_ROOT, 'native-parts.mjs', tell, signal);
  const { commit, dirty } = ownVersion();
  const tree = commit === null || !isCheckout() ? null : git('rev-parse', `${commit}^{tree}`);
  return {
    side: { name: 'working tree', kind: 'working tree', commit, tree, dirty },
    root: PACKAGE_ROOT,
    writers: writersOf(path.join(PACKAGE_ROOT, 'native', 'build'), PACKAGE_ROOT, registry),
  };
}

async function fromRef(ref: string, { registry, tell, signal }: Builder): Promise<BuiltSide | null> {
  const revision = revisionOf(ref);
  if (revision === null) return null;
  const root = await buildOf(ref, revision, tell, signal);
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
  const near = nearest(text, knownRefs());
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
