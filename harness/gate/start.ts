/** A gate from two built sides to its result on disk: the same for `gate`, `compare` and `nightly`. */

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Registry } from '../../suites/index.js';
import { RESULTS } from '../cli/find-run.js';
import { newRunId, timeoutOf } from '../cli/run-settings.js';
import { ownVersion } from '../cli/commit.js';
import { stampLibrary } from '../libraries.js';
import { readMachine } from '../machine.js';
import { Misuse } from '../misuse.js';
import { builtFile, cacheFolder } from '../paths.js';
import { cacheLimitBytes } from '../run/cache.js';
import { probeFolder, whyNotDirect } from '../run/direct-support.js';
import type { Bench } from '../run/repetition.js';
import { checkFolder, makeFolder, makeFolders } from '../run/target.js';
import { isWrite, type LibraryStamp, type Machine, type Run } from '../types.js';
import { verifyTarget } from '../verify/verify.js';
import { timedPools, type Contest } from './contest.js';
import { countContest } from './count.js';
import { timedOf } from './decisions.js';
import { byOwnHarness, byThisHarness, type Drive } from './drive.js';
import { linesOf, type Records } from './lines.js';
import { openMachine } from './machine-watch.js';
import { gatesFolder } from './read.js';
import { measureGate, type GateWatch, type Measured } from './run.js';
import type { BuiltSide } from './sides.js';
import {
  appendCounters,
  openLedger,
  readBlocks,
  readCounters,
  writeGate,
  writePlan,
  type Ledger,
  type StoredPlan,
} from './store.js';
import type { Gate, GateResult, SideName } from './types.js';
import { verdictOf } from './verdict.js';

export interface GateOptions {
  readonly command: Gate['command'];
  readonly suite: string;
  readonly contests: readonly Contest[];
  readonly sides: Readonly<{ [side in SideName]: BuiltSide }>;
  readonly registry: Registry;
  readonly whole: boolean;
  /** Quiet counters too; absent: yes. */
  readonly counts?: false;
  /** Head ÷ base − 1 that must be found. */
  readonly tolerance: number;
  readonly budgetSeconds: number;
  readonly seed: number;
  readonly target?: string | undefined;
  readonly out?: string | undefined;
  readonly timeout?: number | undefined;
  readonly signal: AbortSignal;
  readonly watch: GateWatch;
  readonly onWork: (what: string) => void;
  /** Said of the plan, and kept with the result. */
  readonly notes: readonly string[];
  /** What it takes to ask for the same again. */
  readonly asked: unknown;
  /** A gate that goes on. */
  readonly resume?: { readonly folder: string; readonly stored: StoredPlan } | undefined;
}

export interface GateEnd {
  readonly result: GateResult;
  readonly folder: string;
}

const SIDES: readonly SideName[] = ['base', 'head'];

/** Files that a side's cases load. */
async function librariesOf(
  side: BuiltSide,
  role: SideName,
  contests: readonly Contest[],
): Promise<readonly LibraryStamp[]> {
  const files = contests.flatMap((contest) => {
    const holder = side.writers.get(contest[role].writer)?.holder;
    if (holder === undefined || holder.kind === 'command') return [];
    return [path.isAbsolute(holder.file) ? holder.file : builtFile(holder.file)];
  });
  return Promise.all([...new Set(files)].map(stampLibrary));
}

type Stamps = Readonly<{ [side in SideName]: readonly LibraryStamp[] }>;

const asText = (stamps: readonly LibraryStamp[]): { [file: string]: string } =>
  Object.fromEntries(stamps.map(({ file, sha256 }) => [file, sha256]));

/** A gate goes on with the very libraries that it began with. */
function checkSameLibraries(stored: StoredPlan, stamps: Stamps): void {
  for (const role of SIDES) {
    const before = stored.libraries[role];
    for (const { file, sha256 } of stamps[role]) {
      if (before[file] === sha256) continue;
      throw new Misuse(
        `${file} of the ${role} changed since gate ${stored.id} began: expected ${(before[file] ?? 'none').slice(0, 12)}, found ${sha256.slice(0, 12)}; start a new gate.`,
      );
    }
  }
}

function freshRun(
  id: string,
  role: SideName,
  options: GateOptions,
  nonce: string,
  machine: Machine,
  startedAt: string,
): Run {
  return {
    schema: 'writeproof.run.v1',
    id: `${id}-${role}`,
    suite: options.suite,
    startedAt,
    finishedAt: null,
    nonce,
    seed: options.seed,
    repeat: 1,
    writeproof: ownVersion(),
    machine,
    order: [],
    cases: options.contests.map((contest) => contest[role]),
  };
}

function recordsOf(ledgers: Readonly<{ [side in SideName]: Ledger }>): Records {
  return { base: ledgers.base.records.filter(isWrite), head: ledgers.head.records.filter(isWrite) };
}

/** `--whole` needs a harness on each side. */
function checkWhole({ whole, sides }: GateOptions): void {
  for (const role of SIDES) {
    const { root, side } = sides[role];
    if (!whole || root !== null) continue;
    throw new Misuse(
      `--whole needs a harness on each side: the ${role} is ${side.kind} ${side.name}; name a git ref or a checkout.`,
    );
  }
}

export async function runGate(options: GateOptions): Promise<GateEnd> {
  const { contests, sides, registry, resume, signal } = options;
  const startedAt = resume?.stored.startedAt ?? new Date().toISOString();
  const taken = (name: string): boolean => existsSync(path.join(gatesFolder(), name));
  const id = resume?.stored.id ?? newRunId(options.command, new Date(startedAt), taken);
  const folder = path.resolve(resume?.folder ?? options.out ?? path.join(gatesFolder(), id));
  const target = path.resolve(options.target ?? path.join(RESULTS, 'data', id));
  checkWhole(options);
  if (resume === undefined) checkFolder('--out', folder, false);
  checkFolder('--target', target, resume !== undefined);
  checkFolder('WRITEPROOF_CACHE', cacheFolder(), true);
  const stamps: Stamps = {
    base: await librariesOf(sides.base, 'base', contests),
    head: await librariesOf(sides.head, 'head', contests),
  };
  if (resume !== undefined) checkSameLibraries(resume.stored, stamps);

  await makeFolders(folder);
  const removeTarget = await makeFolder(target);
  try {
    const child = { timeoutSeconds: options.timeout ?? 3600, signal };
    const noDirect = whyNotDirect(await probeFolder(target, child));
    const machine = readMachine(target);
    const nonce = resume?.stored.nonce ?? randomBytes(16).toString('hex');
    let stored: StoredPlan = resume?.stored ?? {
      schema: 'writeproof.gate-state.v1',
      id,
      startedAt,
      asked: options.asked,
      seed: options.seed,
      nonce,
      libraries: { base: asText(stamps.base), head: asText(stamps.head) },
      pools: null,
      notes: [],
    };
    await writePlan(folder, stored);
    const benchOf = (role: SideName): Bench => ({
      machine,
      runId: `${id}-${role}`,
      // Not even the other side's file of the same case may pass.
      nonce: `${nonce}-${role}`,
      target: path.join(target, role),
      keep: false,
      overwrite: true,
      store: {
        cache: cacheFolder(),
        cacheLimitBytes: cacheLimitBytes(),
        tables: registry.tables,
        child,
        onWork: options.onWork,
      },
      writers: sides[role].writers,
      ...(sides[role].changes === undefined ? {} : { changes: sides[role].changes }),
      noDirect,
      signal,
      timeoutSeconds: timeoutOf(registry.tables, options.timeout),
      verify: verifyTarget,
    });
    const benches = { base: benchOf('base'), head: benchOf('head') };
    for (const role of SIDES) await makeFolders(benches[role].target);
    const driveOf = (role: SideName, changes: Partial<Bench>): Drive => {
      const { root } = sides[role];
      const bench = { ...benches[role], ...changes };
      return options.whole && root !== null ? byOwnHarness(root, bench, child.timeoutSeconds) : byThisHarness(bench);
    };
    const firstOfPool = new Set(timedPools(contests).map((pool) => timedOf(contests, pool)[0]?.id));
    const drivesWith = (changes: Partial<Bench>): Readonly<{ [side in SideName]: Drive }> => ({
      base: driveOf('base', changes),
      head: driveOf('head', changes),
    });
    // A second reader in JavaScript takes longer than the writer: once a case and side is enough for a second opinion.
    const [thoroughDrives, drives] = [drivesWith({}), drivesWith({ secondReaderRows: 0 })];
    const ledgers = {
      base: await openLedger(
        path.join(folder, 'base'),
        freshRun(id, 'base', options, `${nonce}-base`, machine, startedAt),
      ),
      head: await openLedger(
        path.join(folder, 'head'),
        freshRun(id, 'head', options, `${nonce}-head`, machine, startedAt),
      ),
    };
    const blocks = resume === undefined ? [] : await readBlocks(folder);
    const before = blocks.filter(({ dropped }) => dropped === null).map(({ canary }) => canary);
    const around = await openMachine(target, child, before);
    const measured = await measureGate({
      ...options,
      ledgers,
      bench: {
        ...around,
        repeat: async (role, contest, thorough) => {
          const record = await (thorough ? thoroughDrives : drives)[role](await ledgers[role].next(contest[role]));
          if (record !== null) await ledgers[role].add(record);
          return record;
        },
      },
      count:
        options.whole || options.counts === false
          ? null
          : async (role, contest) => {
              const ledger = ledgers[role];
              const counters = await countContest(role, contest, {
                bench: benches[role],
                ledger,
                withInstructions: firstOfPool.has(contest.id),
              });
              if (counters !== null) await appendCounters(folder, counters);
              return counters;
            },
      folder,
      blocks,
      counters: resume === undefined ? [] : await readCounters(folder),
      plans: resume?.stored.pools ?? null,
      planNotes: resume?.stored.notes ?? [],
      keepPlans: async (pools, notes) => {
        stored = { ...stored, pools, notes };
        await writePlan(folder, stored);
      },
    });
    if (!measured.interrupted) for (const role of SIDES) await ledgers[role].finish();
    const result = resultOf(options, id, startedAt, machine, stamps, measured, recordsOf(ledgers));
    await writeGate(folder, result);
    return { result, folder };
  } finally {
    for (const role of SIDES) await rm(path.join(target, role), { recursive: true, force: true });
    await removeTarget();
    // One that was killed left its own folder.
    if (resume !== undefined && options.target === undefined) await rm(target, { recursive: true, force: true });
  }
}

function resultOf(
  options: GateOptions,
  id: string,
  startedAt: string,
  machine: Machine,
  stamps: Stamps,
  measured: Measured,
  records: Records,
): GateResult {
  const { contests, tolerance } = options;
  const lines = linesOf(contests, records, measured, tolerance);
  const dropped = measured.blocks.flatMap((block) =>
    block.dropped === null ? [] : [`${block.case}, round ${block.round}: ${block.dropped}`],
  );
  const gate: Gate = {
    id,
    command: options.command,
    suite: options.suite,
    startedAt,
    finishedAt: measured.interrupted ? null : new Date().toISOString(),
    base: { ...options.sides.base.side, libraries: stamps.base },
    head: { ...options.sides.head.side, libraries: stamps.head },
    whole: options.whole,
    tolerance,
    seed: options.seed,
    machine,
    blocks: measured.blocks.length - dropped.length,
    dropped,
    plans: measured.plans,
    notes: [...options.notes, ...measured.notes],
    ...verdictOf(lines, tolerance, measured.interrupted),
  };
  return { gate, lines };
}
