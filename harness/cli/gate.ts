/** Is the head slower, larger or wrong? Builds both sides, measures them side by side, and says so by its exit code. */

import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { REGISTRY } from '../../suites/index.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { broughtWriters, contestsOfCompare, contestsOfGate, type Chosen } from '../gate/contests-of.js';
import { checkSameSets, timedPools } from '../gate/contest.js';
import { findGate, GATE_FILE, readGate } from '../gate/read.js';
import { buildSide, ownRepository, refuseSameFile, refuseSameWriter, type BuiltSide } from '../gate/sides.js';
import { runGate } from '../gate/start.js';
import { readPlan, type StoredPlan } from '../gate/store.js';
import type { GateResult } from '../gate/types.js';
import { Misuse } from '../misuse.js';
import { find, oneOf } from '../plan/names.js';
import { parseCount } from '../plan/values.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { addConfigFlag, configOf, toldBuilds, type ConfigFlag } from './config.js';
import { addSelectionFlags, selectionOf, type SelectionFlags } from './flags.js';
import { GATE_FORMATS, gateWatch, printGate, writeGateReports } from './gate-output.js';
import { interruptible } from './interrupt.js';
import { print, printDocument, printTable, say } from './output.js';
import { prove } from './prove.js';
import { withOwnWriters } from './own-writers.js';

/** Flags of `gate` and `compare` alike. */
interface DecisionFlags extends SelectionFlags, ConfigFlag {
  readonly tolerance: number;
  readonly budget: number;
  readonly target?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly from?: string;
  readonly timeout?: number;
  readonly to?: string;
  readonly dryRun?: true;
  readonly json?: true;
  readonly quiet?: true;
}

interface GateFlags extends DecisionFlags {
  readonly base?: string;
  readonly head?: string;
  readonly whole?: true;
  readonly prove?: true;
  readonly gates: number;
}

interface CompareFlags extends DecisionFlags {
  readonly a?: string | undefined;
  readonly b?: string | undefined;
}

/** `5%` or `0.05`. */
export function parseTolerance(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim());
  const value = Number(match?.[1]) / (match?.[2] === '%' ? 100 : 1);
  if (value > 0 && value <= 1) return value;
  const why = value === 0 ? 'no number of pairs can show that there is no difference at all' : 'it is no share';
  throw new Misuse(`--tolerance "${text}": ${why}; expected the smallest slowdown that must be found, such as 5%.`);
}

export function parseBudget(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(s|m|min|h)?$/.exec(text.trim());
  const unit = { s: 1, m: 60, min: 60, h: 3600 }[match?.[2] ?? 'm'];
  const seconds = Number(match?.[1]) * (unit ?? NaN);
  if (seconds > 0) return seconds;
  throw new Misuse(`--budget "${text}" is no time: expected minutes, or such as 90s or 1h.`);
}

const formatOf = ({ to, json }: DecisionFlags): (typeof GATE_FORMATS)[number] => {
  if (json === true && to !== undefined && to !== 'json')
    throw new Misuse(`--json and --to ${to} are two documents: expected one of them.`);
  return json === true ? 'json' : oneOf('format', to ?? 'text', GATE_FORMATS);
};

function finish(result: GateResult, flags: DecisionFlags, folder: string, command: string): void {
  printGate(result, formatOf(flags));
  if (result.gate.verdict === 'interrupted') say(`Go on with: writeproof ${command} --resume ${result.gate.id}`);
  else if (flags.quiet !== true) say(`gate.json, gate.md, junit.xml and all records: ${folder}`);
  exitWith(result.gate.exitCode as ExitCode);
}

async function shown(flags: DecisionFlags, command: string): Promise<void> {
  const folder = await findGate(flags.from ?? 'last');
  finish(await readGate(folder), { ...flags, quiet: true }, folder, command);
}

function printContests({ contests, leftOut }: Chosen, json: boolean): void {
  if (json) {
    printDocument(
      'writeproof.gate-plan.v1',
      contests.map(({ id, pool, timed, base, head }) => ({ base: base.id, head: head.id, case: id, pool, timed })),
      { leftOut },
    );
    return;
  }
  const rows = contests.map(({ id, base, pool, timed }) => [id, base.id, timed ? pool : 'verified, not timed']);
  printTable(['case', 'against', 'decided with'], rows);
  for (const reason of leftOut) print(`not planned: ${reason}`);
}

/** Only what was killed or interrupted can go on. */
async function refuseFinished(folder: string): Promise<void> {
  if (!existsSync(path.join(folder, GATE_FILE))) return;
  const { gate } = await readGate(folder);
  if (gate.verdict === 'interrupted') return;
  throw new Misuse(`Gate ${gate.id} came to its end (${gate.verdict}): show it by --from, or start a new one.`);
}

/** What must be asked for again when a gate goes on. */
function withoutOutput(flags: object): object {
  const output = ['resume', 'to', 'json', 'quiet', 'target'];
  return Object.fromEntries(Object.entries(flags).filter(([name]) => !output.includes(name)));
}

/** What was chosen, and the sides that it is measured on. */
interface Prepared {
  readonly chosen: Chosen;
  readonly sides: { readonly base: BuiltSide; readonly head: BuiltSide };
  readonly registry: typeof REGISTRY;
}

type Prepare<Flags> = (flags: Flags, signal: AbortSignal, tell: (text: string) => void) => Promise<Prepared>;

/** Runs, or goes on with, what `prepare` makes of the flags. */
async function decided<Flags extends DecisionFlags>(
  command: 'gate' | 'compare',
  given: Flags,
  whole: (flags: Flags) => boolean,
  prepare: Prepare<Flags>,
): Promise<void> {
  formatOf(given);
  let stored: { readonly folder: string; readonly stored: StoredPlan } | undefined;
  if (given.resume !== undefined) {
    const folder = await findGate(given.resume);
    stored = { folder, stored: await readPlan(folder) };
    await refuseFinished(folder);
  }
  // A gate that goes on asks for what it asked for when it began.
  const asked = (stored?.stored.asked ?? {}) as { readonly command?: string; readonly flags?: Flags };
  if (stored !== undefined && asked.command !== command) {
    throw new Misuse(
      `${stored.stored.id} was begun by "${String(asked.command)}": go on with "writeproof ${String(asked.command)} --resume".`,
    );
  }
  const { dryRun, ...before } = given;
  const flags: Flags = stored === undefined ? given : { ...given, ...asked.flags };
  const seed = stored?.stored.seed ?? flags.seed ?? Date.now() % 2 ** 32;
  const { signal, release } = interruptible();
  const tell = flags.quiet === true ? (): void => undefined : toldBuilds;
  const { watch, end } = gateWatch(flags.quiet ?? false);
  try {
    const { chosen, sides, registry } = await prepare({ ...flags, seed }, signal, tell);
    const pools = timedPools(chosen.contests);
    if (chosen.contests.length === 0) {
      say(
        `Nothing to measure: ${chosen.leftOut.join('; ') || 'no such case'}. "writeproof list cases" shows what there is.`,
      );
      exitWith(EXIT.nothingMeasured);
      return;
    }
    await checkSameSets(chosen.contests, sides);
    if (dryRun === true) {
      printContests(chosen, flags.json ?? false);
      return;
    }
    const timed = chosen.contests.filter(({ timed: isTimed }) => isTimed).length;
    watch.say(
      `${chosen.contests.length} cases, ${timed} of them timed in ${pools.length} pools; tolerance ${Number((flags.tolerance * 100).toFixed(2))} %, at most about ${Math.ceil(flags.budget / 60)} min of pairs.`,
    );
    for (const reason of chosen.leftOut) watch.say(`Not planned: ${reason}.`);
    const done = await runGate({
      command,
      suite: chosen.suite,
      contests: chosen.contests,
      sides,
      registry,
      whole: whole(flags),
      tolerance: flags.tolerance,
      budgetSeconds: flags.budget,
      seed,
      target: flags.target,
      out: flags.out,
      timeout: flags.timeout,
      signal,
      watch,
      onWork: (what) => {
        watch.say(`preparing ${what}`);
      },
      notes: chosen.leftOut.map((reason) => `not planned: ${reason}`),
      asked: { command, flags: withoutOutput(before) },
      resume: stored,
    });
    end();
    await writeGateReports(done);
    finish(done.result, flags, done.folder, command);
  } finally {
    end();
    release();
  }
}

async function ownWriters(
  flags: DecisionFlags,
  more: readonly string[],
  quiet: boolean,
): ReturnType<typeof withOwnWriters> {
  return withOwnWriters(REGISTRY, {
    writers: [...(flags.writer ?? []), ...more],
    formats: flags.format ?? [],
    cases: flags.case ?? [],
    config: await configOf(flags),
    tell: quiet ? () => undefined : toldBuilds,
  });
}

const prepareGate: Prepare<GateFlags> = async (flags, signal, tell) => {
  if (flags.base === undefined)
    throw new Misuse('--base is missing: expected a git ref, a build folder or a library, such as --base main.');
  const own = await ownWriters(flags, [], flags.quiet ?? false);
  const repository = ownRepository(await configOf(flags), own.names);
  const builder = { registry: own.registry.writers, own: repository, tell, signal };
  const head = await buildSide('head', flags.head, builder);
  const base = await buildSide('base', flags.base, builder);
  const sides = { base, head };
  const registry = {
    ...own.registry,
    writers: [...own.registry.writers, ...broughtWriters([base, head], own.registry)],
  };
  const chosen = contestsOfGate({ ...selectionOf(flags), writers: own.names }, [base, head], registry);
  if (flags.whole !== true) for (const { head: one } of chosen.contests) refuseSameFile(one.writer, sides);
  return { chosen, sides, registry };
};

const prepareCompare: Prepare<CompareFlags> = async (flags) => {
  const { a: base, b: head } = flags;
  if (base === undefined || head === undefined) {
    throw new Misuse('Two writers are needed: expected names or paths, such as "compare parquet ./libmine.so".');
  }
  const own = await ownWriters({ ...flags, writer: [] }, [base, head], flags.quiet ?? false);
  const [baseName = base, headName = head] = own.names;
  const sideOf = (name: string): BuiltSide => ({
    side: { name, kind: 'writer', commit: null, tree: null, dirty: null },
    root: null,
    writers: new Map(own.registry.writers.map((writer) => [writer.name, writer])),
  });
  refuseSameWriter(find('writer', baseName, own.registry.writers), find('writer', headName, own.registry.writers));
  const chosen = contestsOfCompare(selectionOf({ ...flags, writer: [] }), baseName, headName, own.registry);
  return { chosen, sides: { base: sideOf(baseName), head: sideOf(headName) }, registry: own.registry };
};

function addDecisionFlags(command: Command): Command {
  return addSelectionFlags(addConfigFlag(command))
    .optionsGroup('Of the decision:')
    .option('--tolerance <share>', 'the smallest slowdown that must be found', parseTolerance, 0.05)
    .option('--budget <time>', 'time for the pairs: minutes, or such as 90s or 1h', parseBudget, 600)
    .option('--target <dir>', 'the disk that is measured (default: a fresh folder below results/data)')
    .option('--out <dir>', 'where its files go (default: below results/gates)')
    .option('--resume <gate>', 'go on with a gate that was killed: its id, its folder, or last')
    .option('--from <gate>', 'only show a gate: its id, its folder, or last')
    .option('--timeout <seconds>', 'of a worker, and of a verifier', (text) => parseCount('--timeout', text, 1))
    .option('--to <format>', `on stdout: ${GATE_FORMATS.join(', ')}`)
    .option('--dry-run', 'build, show the cases and write nothing')
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'no progress on stderr');
}

const refuseRepeat = ({ repeat }: DecisionFlags): void => {
  if (repeat !== undefined)
    throw new Misuse('--repeat is not for a gate: it takes as many pairs as --tolerance needs, within --budget.');
};

export const addGate: AddCommand = (program) => {
  addDecisionFlags(
    program
      .command('gate')
      .description('head against base: slower, larger or wrong? Decides within a tolerance, by exit code'),
  )
    .option('--base <side>', 'a git ref, a build folder, or a library')
    .option('--head <side>', 'the same (default: the working tree)')
    .option(
      '--prove',
      'what the gate is worth: synthetic gates on recorded noise, and real ones whose verdict is known',
    )
    .option('--gates <n>', 'real gates of an unchanged build for --prove', (text) => parseCount('--gates', text, 1), 20)
    .option('--whole', 'engine and harness of each side, not only its writers')
    .addHelpText(
      'after',
      examples([
        'gate --base main',
        'gate --base v1.2.0 --tolerance 3% --budget 20 --writer parquet --variant stream',
        'gate --base ../before/native/build --table lineitem --scale 1',
        'gate --base ./old/libmine.so --head ./new/libmine.so',
        'gate --from last --to md',
        'gate --prove',
      ]),
    )
    .action(async (flags: GateFlags) => {
      refuseRepeat(flags);
      if (flags.prove === true) await prove(flags);
      else if (flags.from !== undefined) await shown(flags, 'gate');
      else await decided('gate', flags, ({ whole }) => whole === true, prepareGate);
    });
};

export const addCompare: AddCommand = (program) => {
  addDecisionFlags(
    program
      .command('compare')
      .argument('[a]', "the writer to compare with: a name, ./library.so, ./module.mjs or 'command {target}'")
      .argument('[b]', 'the writer that is asked about')
      .description('is writer B slower than writer A, on the same cases, as a gate decides it?'),
  )
    .addHelpText(
      'after',
      examples([
        'compare parquet arrow --variant stream',
        'compare parquet ./libmine.so --table lineitem --scale 0.1',
        'compare --from last --json',
      ]),
    )
    .action(async (a: string | undefined, b: string | undefined, flags: DecisionFlags) => {
      refuseRepeat(flags);
      if (flags.from !== undefined) {
        await shown(flags, 'compare');
        return;
      }
      await decided<CompareFlags>('compare', { ...flags, a, b }, () => false, prepareCompare);
    });
};
