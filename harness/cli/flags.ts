/** Flags that choose cases, the same wherever cases are chosen. */

import type { Command } from 'commander';
import type { OptionValue } from '../../suites/types.js';
import { Misuse } from '../misuse.js';
import type { Selection } from '../plan/plan.js';
import { parseBytes, parseCount, parseOption, parsePart, parseParts, parseScale, parseSwitch } from '../plan/values.js';
import type { CaseOptions } from '../types.js';

/** Repeated or comma-separated. A command line of a writer keeps its commas. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  const parts = (text.includes(' ') ? [text] : text.split(',')).filter((part) => part.trim() !== '');
  // Such as an empty variable of a shell: it must not stand for all.
  if (parts.length === 0)
    throw new Misuse('A flag has an empty value: expected names, or no flag where all are meant.');
  return [...before, ...parts];
}

function collectScales(text: string, before: readonly number[] = []): readonly number[] {
  return [...before, ...text.split(',').map(parseScale)];
}

type OwnOptions = Readonly<{ [name: string]: OptionValue }>;

function collectOptions(text: string, before: OwnOptions = {}): OwnOptions {
  const [name, value] = parseOption(text);
  return { ...before, [name]: value };
}

/** As commander gives them. */
export interface SelectionFlags {
  readonly suite?: string;
  readonly case?: readonly string[];
  readonly table?: readonly string[];
  readonly scale?: readonly number[];
  readonly writer?: readonly string[];
  readonly format?: readonly string[];
  readonly variant?: readonly string[];
  readonly batchRows?: number;
  readonly threads?: number;
  readonly overlap?: boolean;
  readonly source?: string;
  readonly flushEvery?: number;
  readonly part?: CaseOptions['part'];
  readonly parts?: number;
  readonly compression?: string;
  readonly commit?: string;
  readonly option?: OwnOptions;
  readonly cold?: true;
  readonly memoryLimit?: number;
  readonly emptyBatches?: true;
  readonly profile?: true;
  readonly repeat?: number;
  readonly seed?: number;
}

export function addSelectionFlags(command: Command): Command {
  return command
    .optionsGroup('Which cases (repeat or separate by commas; all that the suite has when unset):')
    .option('--suite <name>', 'a named list of cases')
    .option('--case <id>', 'table@scale/writer/variant;key=value…', collect)
    .option('--table <names>', 'tables, or file:PATH of a Parquet or Arrow file', collect)
    .option('--scale <factors>', 'scale factors, such as 0.1,1', collectScales)
    .option('--writer <names>', "registered names, ./library.so, ./module.mjs, or 'command {target}'", collect)
    .option('--format <names>', 'formats on disk', collect)
    .option('--variant <names>', 'accumulate, stream, zero-copy, direct, or all', collect)
    .optionsGroup('Options of the cases:')
    .option('--batch-rows <n>', 'rows of a batch', (text) => parseCount('--batch-rows', text, 1))
    .option('--threads <n>', 'encoding threads', (text) => parseCount('--threads', text, 1))
    .option('--overlap <on|off>', 'generate, encode and write on their own threads', (text) =>
      parseSwitch('--overlap', text),
    )
    .option('--source <name>', 'prepared or generated batches')
    .option('--flush-every <n>', 'flush after every n batches; 0 never', (text) => parseCount('--flush-every', text, 0))
    .option('--part <i/n>', 'part i of n of each table', parsePart)
    .option('--parts <n>', 'all n parts at once, by a worker each', (text) => parseParts('--parts', text))
    .option('--compression <codec>', "the writer's option compression")
    .option('--commit <kind>', "the writer's option commit: insert, fragments or append")
    .option('--option <key=value>', "an option of the writer's own", collectOptions)
    .option('--cold', "drop the target's pages before reading it back")
    .option('--memory-limit <size>', 'memory that the workers may have, page cache included, such as 512MiB', (text) =>
      parseBytes('--memory-limit', text),
    )
    .option('--empty-batches', 'batches of no rows first, last and between the others')
    .option('--profile', 'sample where CPU time goes, which slows what is measured')
    .option('--repeat <n>', 'repetitions of each case', (text) => parseCount('--repeat', text, 1))
    .option('--seed <n>', 'seed of the order', (text) => parseCount('--seed', text, 0));
}

export function selectionOf(flags: SelectionFlags): Selection {
  const own: OwnOptions = {
    ...flags.option,
    ...(flags.compression === undefined ? {} : { compression: flags.compression }),
    ...(flags.commit === undefined ? {} : { commit: flags.commit }),
  };
  const { suite, source, repeat, batchRows, threads, overlap, flushEvery, part, parts, cold, memoryLimit } = flags;
  const { emptyBatches, profile } = flags;
  return {
    ...(suite === undefined ? {} : { suite }),
    ...(source === undefined ? {} : { source }),
    ...(repeat === undefined ? {} : { repeat }),
    cases: flags.case ?? [],
    tables: flags.table ?? [],
    scales: flags.scale ?? [],
    writers: flags.writer ?? [],
    formats: flags.format ?? [],
    variants: flags.variant ?? [],
    seed: flags.seed ?? Date.now() % 2 ** 32,
    options: {
      ...(batchRows === undefined ? {} : { batchRows }),
      ...(threads === undefined ? {} : { threads }),
      ...(overlap === undefined ? {} : { overlap }),
      ...(flushEvery === undefined ? {} : { flushEvery }),
      ...(part === undefined ? {} : { part }),
      ...(parts === undefined ? {} : { parts }),
      ...(cold === undefined ? {} : { cold }),
      ...(memoryLimit === undefined ? {} : { memoryLimit }),
      ...(emptyBatches === undefined ? {} : { emptyBatches }),
      ...(profile === undefined ? {} : { profile }),
      ...(Object.keys(own).length === 0 ? {} : { writer: own }),
    },
  };
}
