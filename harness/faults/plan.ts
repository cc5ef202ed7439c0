/** Which faults run over which writers, in which cases, and the same cases without a fault. */

import type { FaultSpec } from '../../suites/faults/index.js';
import { faultyCase, faultyName } from '../../suites/faults/index.js';
import type { ByFormat } from '../../suites/faults/types.js';
import type { Registry } from '../../suites/index.js';
import type { WriterSpec } from '../../suites/types.js';
import { CONTROL } from '../defaults.js';
import { find, oneOf } from '../plan/names.js';
import { interleave } from '../plan/order.js';
import { makePlan, type Plan } from '../plan/plan.js';
import { BASELINE, FULL } from '../../suites/scans/strategies.js';
import { splitCaseId } from '../plan/case-id.js';
import { SCAN, scanFromId } from '../scan/plan.js';
import { VARIANTS, type Case, type Detector, type Format, type Variant } from '../types.js';

/** Name of the runs that hold faults. */
export const FAULTS_SUITE = 'faults';
const USUAL_TABLE = 'orders@0.01';
/** Several batches, and a last block that is not whole. */
const RAW_HEAD = { table: 'raw@5000003', options: 'batchRows=256' } as const;

/** One fault in one variant of one writer. */
export interface Attempt {
  readonly fault: FaultSpec;
  /** `scan`, where it is no writer's. */
  readonly writer: string;
  /** Of a scan, its strategy. */
  readonly variant: string;
  readonly expected: readonly Detector[];
  readonly blind: readonly Detector[];
  /** Id of the case; null where the fault does not apply, with the reason. */
  readonly id: string | null;
  /** Id of the same case without a fault. */
  readonly control: string | null;
  readonly reason: string | null;
}

export interface FaultPlan extends Plan {
  readonly attempts: readonly Attempt[];
}

export interface FaultSelection {
  readonly faults: readonly string[];
  readonly writers: readonly string[];
  readonly variants: readonly string[];
}

const NOTHING = { tables: [], scales: [], writers: [], formats: [], variants: [], options: {} };

const isByFormat = <Value>(value: ByFormat<Value>): value is { readonly [format in Format]?: Value } =>
  typeof value === 'object' && value !== null;

function ofFormat<Value>(value: ByFormat<Value> | undefined, format: Format): Value | undefined {
  if (value === undefined) return undefined;
  return isByFormat(value) ? value[format] : value;
}

export const detectorsOf = (letters: string): readonly Detector[] => Array.from(letters).sort() as Detector[];

/** Why a fault does not apply; null where it does. */
function whyNot(fault: FaultSpec, writer: WriterSpec, variant: Variant): string | null {
  const { notFor = {}, holders = ['library'], variants } = fault;
  if (!holders.some((holder) => holder === writer.holder.kind)) return `no ${writer.holder.kind} does this`;
  const said = notFor[writer.name] ?? notFor[writer.format] ?? notFor[variant];
  if (said !== undefined) return said;
  if (writer.format === 'raw' && fault.raw === undefined) return 'raw bytes have nothing that it damages';
  if (variants !== undefined && !variants.includes(variant)) return `it is one of ${variants.join(', ')}`;
  return null;
}

/** The honest case that can show the fault. */
function honestCase(fault: FaultSpec, writer: WriterSpec, variant: Variant): string {
  const isRaw = writer.format === 'raw';
  const table = isRaw ? RAW_HEAD.table : (ofFormat(fault.table, writer.format) ?? USUAL_TABLE);
  const options = [isRaw ? RAW_HEAD.options : undefined, ofFormat(fault.options, writer.format)];
  return [`${table}/${writer.name}/${variant}`, ...options.filter((text) => text !== undefined)].join(';');
}

function attemptsOf(fault: FaultSpec, writer: WriterSpec, registry: Registry, variants: readonly string[]): Attempt[] {
  const asked = writer.variants.filter((variant) => variants.length === 0 || variants.includes(variant));
  return asked.map((variant) => {
    const reason = whyNot(fault, writer, variant);
    const planned = (name: string): string | null => {
      const id = faultyCase(honestCase(fault, writer, variant), name);
      return makePlan({ ...NOTHING, cases: [id], seed: 0 }, registry).cases[0]?.id ?? null;
    };
    return {
      fault,
      writer: writer.name,
      variant,
      expected: detectorsOf((writer.format === 'raw' ? fault.raw : ofFormat(fault.mustFire, writer.format)) ?? ''),
      blind: detectorsOf(fault.blind ?? ''),
      id: reason === null ? planned(fault.name) : null,
      control: reason === null ? planned(CONTROL) : null,
      reason,
    };
  });
}

/** Everything in one place at a time, and everything by one pass: both have to be seen through. */
const STRATEGIES_WITH_FAULTS = [BASELINE, FULL] as const;

/** A fault of scans, by each strategy and encoding. */
function attemptsOfScan(fault: FaultSpec, head: string): Attempt[] {
  const planned = (strategy: string, name: string): string => {
    const text = [head, ...(strategy === FULL ? [] : [`strategy=${strategy}`]), `fault=${name}`].join(';');
    const parts = splitCaseId(text);
    if (parts === null) throw new Error(`${text} is no id of a case`);
    return scanFromId(parts).id;
  };
  return STRATEGIES_WITH_FAULTS.map((strategy) => {
    const reason = fault.notFor?.[strategy] ?? null;
    return {
      fault,
      writer: SCAN,
      variant: strategy,
      expected: detectorsOf(typeof fault.mustFire === 'string' ? fault.mustFire : ''),
      blind: detectorsOf(fault.blind ?? ''),
      id: reason === null ? planned(strategy, fault.name) : null,
      control: reason === null ? planned(strategy, CONTROL) : null,
      reason,
    };
  });
}

/** Writers of the registry that nothing is put over: commands. */
export const unfaultable = (registry: Registry): readonly WriterSpec[] =>
  registry.writers.filter(({ holder }) => holder.kind === 'command');

/** Writers of the registry that faults are put over. */
export const faultable = (registry: Registry): readonly WriterSpec[] =>
  registry.writers.filter(({ name }) => registry.writers.some((other) => other.name === faultyName(name)));

export function planFaults(
  faults: readonly FaultSpec[],
  registry: Registry,
  selection: FaultSelection,
  seed: number,
): FaultPlan {
  const writers = faultable(registry);
  for (const name of selection.faults) find('fault', name, faults);
  for (const name of selection.writers) find('writer', name, [...writers, { name: SCAN }]);
  for (const name of selection.variants) oneOf('variant', name, [...VARIANTS, 'all']);
  const asked = <Item extends { readonly name: string }>(items: readonly Item[], names: readonly string[]): Item[] =>
    items.filter(({ name }) => names.length === 0 || names.includes(name));
  const variants = selection.variants.includes('all') ? [] : selection.variants;
  const scans = variants.length === 0 && (selection.writers.length === 0 || selection.writers.includes(SCAN));
  const attempts = asked(faults, selection.faults).flatMap((fault) => {
    if (fault.scan !== undefined) return scans ? attemptsOfScan(fault, fault.scan) : [];
    return asked(writers, selection.writers).flatMap((writer) => attemptsOf(fault, writer, registry, variants));
  });
  const ids = [...new Set(attempts.flatMap(({ id, control }) => [id, control].filter((one) => one !== null)))];
  const cases: readonly Case[] = makePlan({ ...NOTHING, cases: ids, seed }, registry).cases;
  return {
    suite: FAULTS_SUITE,
    cases,
    steps: interleave(cases, 1, seed),
    repeat: 1,
    seed,
    leftOut: [],
    untimed: [],
    comparisons: [],
    limits: [],
    attempts,
  };
}
