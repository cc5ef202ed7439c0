/** The contract on one writer, check by check. */

import path from 'node:path';
import type { Registry } from '../../suites/index.js';
import type { WriterSpec } from '../../suites/types.js';
import { builtFile } from '../paths.js';
import { askCapabilities } from '../run/worker.js';
import type { Variant } from '../types.js';
import { checkCapabilities } from './capabilities.js';
import { note, right, type Check } from './check.js';
import { checkContents, checkTwice, memoryNote, plainVariant, type Tables } from './contents.js';
import { checkExercises } from './exercises.js';
import { checkUnknownOption, checkUnwritableTarget } from './refusals.js';
import { openWorkshop, type Settings } from './workshop.js';

export interface Inspection extends Settings {
  readonly tables: Tables;
  readonly variants: readonly Variant[];
  /** Told each check as soon as it is known. */
  readonly tell: (check: Check) => void;
}

async function capabilityChecks({ holder }: WriterSpec): Promise<readonly Check[]> {
  if (holder.kind === 'command') return [note('capabilities', 'a command has none: its format is what --format says')];
  if (holder.kind === 'module') return [right('capabilities', 'complete: checked when the module was loaded')];
  const file = path.isAbsolute(holder.file) ? holder.file : builtFile(holder.file);
  const said = await askCapabilities('library', file);
  return checkCapabilities(said as Readonly<{ [key: string]: unknown }>);
}

/** Runs every check; those that a kind of writer has no step for are left out. */
export async function inspect(registry: Registry, writer: WriterSpec, inspection: Inspection): Promise<void> {
  const { tables, variants, tell } = inspection;
  const add = (check: Check | null): void => {
    if (check !== null) tell(check);
  };
  for (const check of await capabilityChecks(writer)) tell(check);
  const workshop = await openWorkshop(registry, writer, inspection);
  const records = await checkContents(workshop, tables, variants, tell);
  const variant = plainVariant(variants);
  if (variant === undefined || workshop.signal.aborted) return;
  const first = records.get(variant);
  if (first !== undefined) add(await checkTwice(workshop, first));
  const small = workshop.caseOf(tables.small.name, tables.small.scale, variant);
  add(await checkUnknownOption(workshop, small));
  add(await checkUnwritableTarget(workshop, small));
  for (const check of await checkExercises(workshop, small)) tell(check);
  add(memoryNote(records));
}
