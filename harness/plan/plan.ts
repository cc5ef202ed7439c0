/** Selection → cases, without touching anything: the same input gives the same plan. */

import type { Registry } from '../../suites/index.js';
import type {
  Block,
  Comparison,
  CrossingBlock,
  Limit,
  OptionValue,
  ScanBlock,
  TableSpec,
  WriterSpec,
} from '../../suites/types.js';
import { CROSSING, crossingFromId, crossingsOf } from '../crossing/plan.js';
import { DEFAULT_OPTIONS, DEFAULT_SCALE, DEFAULT_SOURCE, FILE_SCALE } from '../defaults.js';
import { Misuse } from '../misuse.js';
import {
  FORMATS,
  SOURCES,
  VARIANTS,
  type Case,
  type CaseOptions,
  type CrossingCase,
  type ScanCase,
  type Source,
  type WriteCase,
} from '../types.js';
import { ENTITIES, SCAN, scanFromId, scansOf } from '../scan/plan.js';
import { caseId, splitCaseId, type IdParts } from './case-id.js';
import { find, nearest, oneOf } from './names.js';
import { interleave, type Step } from './order.js';
import { parseBytes, parseCount, parsePart, parseParts, parseScale, parseSwitch } from './values.js';
import { optionText, writerOptions } from './writer-options.js';

/** What was asked for. Empty lists and absent values mean "all that the suite has". */
export interface Selection {
  readonly suite?: string;
  readonly cases: readonly string[];
  readonly tables: readonly string[];
  readonly scales: readonly number[];
  readonly writers: readonly string[];
  readonly formats: readonly string[];
  readonly variants: readonly string[];
  readonly source?: string;
  readonly options: Partial<CaseOptions>;
  readonly repeat?: number;
  readonly seed: number;
}

export interface Plan {
  /** Name of the suite, or `selection` when the cases were put together by flags. */
  readonly suite: string;
  readonly cases: readonly Case[];
  readonly steps: readonly Step[];
  readonly repeat: number;
  readonly seed: number;
  /** What was asked for and is not planned, and why. */
  readonly leftOut: readonly string[];
  /** Ids of cases that a gate verifies and does not time. */
  readonly untimed: readonly string[];
  readonly comparisons: readonly Comparison[];
  readonly limits: readonly Limit[];
}

/** Where batches of the table come from when nothing is said of it. */
const usualSource = (table: TableSpec): Source => table.sources?.[0] ?? DEFAULT_SOURCE;

const writes = (writer: WriterSpec, table: TableSpec): boolean =>
  (writer.tables?.includes(table.name) ?? true) &&
  // Raw bytes are a format and a kind of table, and neither goes with another.
  (table.format === undefined ? writer.format !== 'raw' : table.format === writer.format);

function sourceOf(table: TableSpec, writer: WriterSpec, asked: string | undefined, fallback: Source): Source {
  const offered = table.sources ?? SOURCES;
  if (asked !== undefined) {
    const source = oneOf<Source>('source', asked, SOURCES);
    if (!offered.includes(source)) {
      throw new Misuse(`Table ${table.name} has no ${source} batches: expected --source ${offered.join(' or ')}.`);
    }
    if (writer.sources.includes(source)) return source;
    throw new Misuse(
      `Writer ${writer.name} takes no ${source} batches: expected --source ${writer.sources.join(' or ')}.`,
    );
  }
  const both = offered.filter((source) => writer.sources.includes(source));
  if (both.includes(fallback)) return fallback;
  if (both[0] !== undefined) return both[0];
  throw new Misuse(
    `Writer ${writer.name} takes ${writer.sources.join(' or ')} batches, table ${table.name} has only ${offered.join(' or ')} ones: choose another of them.`,
  );
}

function mergeOptions(writer: WriterSpec, ...layers: readonly Partial<CaseOptions>[]): CaseOptions {
  const merged = layers.reduce<CaseOptions>(
    (options, layer) => ({ ...options, ...layer, writer: { ...options.writer, ...layer.writer } }),
    { ...DEFAULT_OPTIONS, writer: writer.settings ?? {} },
  );
  const { part, parts } = merged;
  if (part.count > 1 && parts > 1) {
    throw new Misuse(
      `--part ${part.index}/${part.count} is one part by one worker, --parts ${parts} all parts by a worker each: expected one of them.`,
    );
  }
  return { ...merged, writer: writerOptions(writer, merged.writer) };
}

const inParts = ({ part, parts }: Partial<CaseOptions>): boolean => (part?.count ?? 1) > 1 || (parts ?? 1) > 1;

/** A command that makes the rows itself has to be told which; what else takes rows takes those of a part. */
const writesParts = ({ holder }: WriterSpec): boolean =>
  holder.kind !== 'command' || holder.stdin !== 'none' || holder.argv.some((text) => text.includes('{part}'));

/** Why a writer does not take these options; null where it does. */
function refusalOf(writer: WriterSpec, options: CaseOptions): string | null {
  if (inParts(options) && !writesParts(writer)) {
    return `writer ${writer.name} makes the rows itself and cannot be told a part of them: {part} and {parts} are not among its arguments`;
  }
  if (options.flushEvery === 0) return null;
  if (writer.holder.kind === 'command') {
    return `writer ${writer.name} is a command, which cannot be told to flush: leave out flushEvery`;
  }
  if (writer.flushes === undefined) return null;
  const { option, values } = writer.flushes;
  const value = options.writer[option] ?? writer.options[option]?.default ?? '';
  if (values.includes(value)) return null;
  const others = values.map((allowed) => `${option}=${optionText(allowed)}`).join(' or ');
  return `writer ${writer.name} with ${option}=${optionText(value)} has no flush: choose ${others}`;
}

/** A file has one size and no parts. */
function requireWholeFile(table: TableSpec, scales: readonly number[], options: Partial<CaseOptions>): void {
  if (table.file === undefined) return;
  if (scales.some((scale) => scale !== FILE_SCALE)) {
    throw new Misuse(`${table.name} has one size: leave out --scale, and write @${FILE_SCALE} in an id.`);
  }
  if (inParts(options)) throw new Misuse(`${table.name} has no parts: leave out --part and --parts.`);
}

function scalesOf(table: TableSpec, block: Block, { scales, options }: Selection): readonly number[] {
  requireWholeFile(table, scales, options);
  return table.file === undefined ? block.scales : [FILE_SCALE];
}

/** Crossings hand over prepared batches. */
function crossingOf(parts: IdParts, table: TableSpec): Case {
  const crossing = crossingFromId(parts);
  requireWholeFile(table, [crossing.scale], {});
  if (table.sources?.includes('prepared') !== false) return crossing;
  throw new Misuse(`Table ${table.name} cannot be prepared, and crossings hand over prepared batches: choose another.`);
}

/** The product of a block's lists, without the variants that a writer does not declare. */
function expand(block: Block, registry: Registry, selection: Selection, leftOut: Set<string>): readonly WriteCase[] {
  const cases: WriteCase[] = [];
  for (const tableName of block.tables) {
    const table = find('table', tableName, registry.tables);
    for (const scale of scalesOf(table, block, selection)) {
      for (const name of block.writers) {
        const writer = find('writer', name, registry.writers);
        if (!writes(writer, table)) {
          leftOut.add(`writer ${name} does not write table ${tableName}`);
          continue;
        }
        for (const variant of block.variants) {
          if (!writer.variants.includes(variant)) {
            leftOut.add(`writer ${name} does not declare variant ${variant}`);
            continue;
          }
          const source = sourceOf(table, writer, selection.source, block.source ?? usualSource(table));
          const options = mergeOptions(writer, block.options ?? {}, selection.options);
          const refusal = refusalOf(writer, options);
          if (refusal !== null) {
            leftOut.add(refusal);
            continue;
          }
          const named = { table: tableName, scale, writer: name, variant, source, options };
          cases.push({ id: caseId(named, usualSource(table)), kind: 'write', format: writer.format, ...named });
        }
      }
    }
  }
  return cases;
}

/** A case from its id alone. */
function caseFromId(id: string, registry: Registry, known: readonly Case[]): Case {
  const found = known.find((candidate) => candidate.id === id);
  if (found !== undefined) return found;
  const parts = splitCaseId(id);
  if (parts === null) {
    const near = nearest(
      id,
      known.map((candidate) => candidate.id),
    );
    const hint = near.length > 0 ? `; nearest: ${near.join(', ')}` : '';
    throw new Misuse(`Unknown case "${id}": expected table@scale/writer/variant, then ;key=value${hint}.`);
  }
  if (parts.writer === SCAN) return scanFromId(parts);
  const table = find('table', parts.table, registry.tables);
  if (parts.writer === CROSSING) return crossingOf(parts, table);
  const scale = parseScale(parts.scale);
  const writer = find('writer', parts.writer, registry.writers);
  if (!writes(writer, table)) {
    const others = registry.tables.filter((one) => writes(writer, one)).map(({ name }) => name);
    throw new Misuse(`Writer ${writer.name} does not write table ${table.name}: expected ${others.join(', ')}.`);
  }
  const variant = oneOf('variant', parts.variant, VARIANTS);
  if (!writer.variants.includes(variant)) {
    throw new Misuse(
      `Writer ${writer.name} does not declare variant ${variant}: expected ${writer.variants.join(', ')}.`,
    );
  }
  let source: string | undefined;
  let given: Partial<CaseOptions> = {};
  const own: { [name: string]: OptionValue } = {};
  for (const [key, value] of parts.options) {
    if (key === 'source') source = value;
    else if (key === 'batchRows') given = { ...given, batchRows: parseCount(key, value, 1) };
    else if (key === 'threads') given = { ...given, threads: parseCount(key, value, 1) };
    else if (key === 'flushEvery') given = { ...given, flushEvery: parseCount(key, value, 0) };
    else if (key === 'overlap') given = { ...given, overlap: parseSwitch(key, value) };
    else if (key === 'cold') given = { ...given, cold: parseSwitch(key, value) };
    else if (key === 'memoryLimit') given = { ...given, memoryLimit: parseBytes(key, value) };
    else if (key === 'emptyBatches') given = { ...given, emptyBatches: parseSwitch(key, value) };
    else if (key === 'profile') given = { ...given, profile: parseSwitch(key, value) };
    else if (key === 'part') given = { ...given, part: parsePart(value) };
    else if (key === 'parts') given = { ...given, parts: parseParts(key, value) };
    else own[key] = value;
  }
  const options = mergeOptions(writer, given, { writer: own });
  requireWholeFile(table, [scale], options);
  const refusal = refusalOf(writer, options);
  if (refusal !== null) throw new Misuse(`${id}: ${refusal}.`);
  const named = {
    table: table.name,
    scale,
    writer: writer.name,
    variant,
    source: sourceOf(table, writer, source, usualSource(table)),
    options,
  };
  return { id: caseId(named, usualSource(table)), kind: 'write', format: writer.format, ...named };
}

/** Names are checked against the registry even where a suite has no such case, so that a slip is not an empty plan. */
function checkNames(selection: Selection, registry: Registry): void {
  for (const table of selection.tables) if (table !== ENTITIES) find('table', table, registry.tables);
  for (const writer of selection.writers) find('writer', writer, registry.writers);
  for (const format of selection.formats) oneOf('format', format, FORMATS);
  for (const variant of selection.variants) oneOf('variant', variant, [...VARIANTS, 'all']);
}

const matches = <Item>(asked: readonly Item[], actual: Item): boolean => asked.length === 0 || asked.includes(actual);

/** Of writers that nobody named, those that write the table; a sentence where there is none. */
function writersFor(table: TableSpec, writers: readonly WriterSpec[], named: boolean): readonly WriterSpec[] {
  const able = writers.filter((writer) => writes(writer, table));
  const [first] = writers;
  if (named || first === undefined) return writers;
  if (able.length === 0) throw new Misuse(`Writers of format ${first.format} do not write table ${table.name}.`);
  return able;
}

function chosenBlocks(selection: Selection, registry: Registry): readonly Block[] {
  if (selection.tables.includes(ENTITIES)) {
    throw new Misuse(
      `${ENTITIES} are scanned and not written: expected --suite scan, or --case ${ENTITIES}@rows/scan/query.`,
    );
  }
  const named = selection.writers.map((name) => find('writer', name, registry.writers));
  const libraries = registry.writers.filter(
    (writer) => writer.holder.kind === 'library' && matches(selection.formats, writer.format),
  );
  const writers = named.length > 0 ? named : libraries;
  const tables =
    selection.tables.length > 0
      ? selection.tables.map((name) => find('table', name, registry.tables))
      : // A table that only one format holds is chosen with writers of that format alone.
        registry.tables.filter(
          (table) =>
            writers.some((writer) => writes(writer, table)) &&
            writers.every(({ format }) => table.format === undefined || table.format === format),
        );
  return tables.map((table) => ({
    tables: [table.name],
    scales: selection.scales.length > 0 ? selection.scales : [table.usualScale ?? DEFAULT_SCALE],
    writers: writersFor(table, writers, named.length > 0).map(({ name }) => name),
    variants: VARIANTS,
  }));
}

/** Crossings have no writer: naming one, a format or a variant leaves them out. */
function chosenCrossings(blocks: readonly CrossingBlock[], selection: Selection): readonly CrossingCase[] {
  const { writers, formats, variants, options } = selection;
  if ([writers, formats, variants].some((list) => list.length > 0)) return [];
  if (blocks.length > 0 && inParts(options)) throw new Misuse('Crossings have no parts: leave out --part and --parts.');
  if (blocks.length > 0 && (options.memoryLimit ?? 0) > 0)
    throw new Misuse('Crossings run without a memory limit: leave out --memory-limit.');
  if (blocks.length > 0 && options.emptyBatches === true)
    throw new Misuse('Crossings have no empty batches: leave out --empty-batches.');
  if (blocks.length > 0 && options.profile === true)
    throw new Misuse('Crossings are not profiled: leave out --profile.');
  return blocks
    .flatMap((block) => crossingsOf(block, options.batchRows))
    .filter((one) => matches(selection.tables, one.table) && matches(selection.scales, one.scale));
}

/** Scans have neither a writer nor the options of one. */
function chosenScans(blocks: readonly ScanBlock[], selection: Selection): readonly ScanCase[] {
  const { writers, formats, variants, options } = selection;
  if (blocks.length === 0 || [writers, formats, variants].some((list) => list.length > 0)) return [];
  const [option] = Object.keys(options);
  if (option !== undefined) throw new Misuse(`Scans take no option of writers: leave out ${option}.`);
  return blocks
    .flatMap(scansOf)
    .filter((one) => matches(selection.tables, one.table) && matches(selection.scales, one.scale));
}

export function makePlan(selection: Selection, registry: Registry): Plan {
  checkNames(selection, registry);
  const leftOut = new Set<string>();
  const freely =
    selection.suite === undefined &&
    [selection.tables, selection.scales, selection.writers, selection.formats].some((list) => list.length > 0);
  const suite = selection.suite === undefined ? registry.suites[0] : find('suite', selection.suite, registry.suites);
  const variants = selection.variants.includes('all') ? [] : selection.variants;

  const untimed = new Set<string>();
  let cases: readonly Case[];
  if (selection.cases.length > 0) {
    const suites = selection.suite === undefined || suite === undefined ? registry.suites : [suite];
    const known = suites.flatMap((one) => one.blocks.flatMap((block) => expand(block, registry, selection, new Set())));
    cases = selection.cases.map((id) => caseFromId(id, registry, known));
  } else {
    const blocks = freely ? chosenBlocks(selection, registry) : (suite?.blocks ?? []);
    const crossings = freely ? [] : chosenCrossings(suite?.crossings ?? [], selection);
    const scans = freely ? [] : chosenScans(suite?.scans ?? [], selection);
    const wanted = blocks.map((block) => ({
      ...block,
      variants: block.variants.filter((variant) => matches<string>(variants, variant)),
    }));
    const writes = wanted
      .flatMap((block) => {
        const expanded = expand(block, registry, selection, leftOut);
        if (block.timed === false) for (const { id } of expanded) untimed.add(id);
        return expanded;
      })
      .filter(
        (one) =>
          matches(selection.tables, one.table) &&
          matches(selection.scales, one.scale) &&
          matches(selection.writers, one.writer) &&
          matches<string>(selection.formats, one.format),
      );
    cases = [...writes, ...crossings, ...scans];
  }

  const unique = [...new Map(cases.map((one) => [one.id, one])).values()];
  const fromSuite = !freely && selection.cases.length === 0 ? suite : undefined;
  const ids = new Set(unique.map((one) => one.id));
  const repeat = selection.repeat ?? fromSuite?.repeat ?? 1;
  return {
    suite: fromSuite?.name ?? selection.suite ?? 'selection',
    cases: unique,
    steps: interleave(unique, repeat, selection.seed),
    repeat,
    seed: selection.seed,
    leftOut: [...leftOut],
    untimed: [...untimed].filter((id) => ids.has(id)),
    comparisons: (fromSuite?.comparisons ?? []).filter((pair) => ids.has(pair.subject) && ids.has(pair.reference)),
    limits: (fromSuite?.limits ?? []).filter((limit) => ids.has(limit.subject)),
  };
}
