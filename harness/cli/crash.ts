/** Does the worst to writers, and asks the verifier what is left. */

import { randomBytes } from 'node:crypto';
import path from 'node:path';
import {
  CRASH_HEADINGS,
  CRASH_TITLES,
  crashRows,
  crashSentence,
  inconclusiveTexts,
  PHASE_NOTE,
  skippedTexts,
  wrongTexts,
} from '../../reports/crash.js';
import { CRASH_WRITERS, crashCase, hungryCase, isHint, TENTHS_A_VERSION } from '../../suites/crash.js';
import { REGISTRY, type Registry } from '../../suites/index.js';
import { exitCodeOfCrash, PARTS, type CrashPart, type CrashResult } from '../crash/results.js';
import { runCrash, type CrashSubject } from '../crash/run.js';
import { EXIT } from '../exit-code.js';
import { readMachine } from '../machine.js';
import { builtFile, cacheFolder } from '../paths.js';
import { find, oneOf } from '../plan/names.js';
import { makePlan } from '../plan/plan.js';
import { parseCount, parseOption } from '../plan/values.js';
import { cacheLimitBytes } from '../run/cache.js';
import type { Bench } from '../run/repetition.js';
import { checkFolder, makeFolder } from '../run/target.js';
import type { WriteCase } from '../types.js';
import { verifyTarget } from '../verify/verify.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { toldBuilds } from './config.js';
import { RESULTS } from './find-run.js';
import { collect } from './flags.js';
import { interruptible } from './interrupt.js';
import { paint, print, printDocument, printTable, say } from './output.js';
import { withOwnWriters } from './own-writers.js';
import { newRunId, timeoutOf } from './run-settings.js';

const KILLS = 300;

interface CrashFlags {
  readonly writer?: readonly string[];
  readonly format?: readonly string[];
  readonly part?: readonly string[];
  readonly option?: readonly string[];
  readonly kills?: number;
  readonly calls?: number;
  readonly seed?: number;
  readonly target?: string;
  readonly timeout?: number;
  readonly quiet?: true;
  readonly json?: true;
}

function caseOf(id: string, registry: Registry): WriteCase {
  const [one] = makePlan(
    { cases: [id], tables: [], scales: [], writers: [], formats: [], variants: [], options: {}, seed: 0 },
    registry,
  ).cases;
  if (one?.kind !== 'write') throw new Error(`${id} is no case of a writer`);
  return one;
}

/** The writers that are asked for, or the usual ones, with what each is tried on. */
async function chosen(flags: CrashFlags): Promise<{ subjects: readonly CrashSubject[]; registry: Registry }> {
  const formats = flags.format ?? [];
  const asked = { writers: flags.writer ?? [], formats, cases: [], config: null, tell: toldBuilds };
  const { registry, names } = await withOwnWriters(REGISTRY, asked);
  const writers = (names.length > 0 ? names : CRASH_WRITERS).map((name) => find('writer', name, registry.writers));
  const options = (flags.option ?? []).map((text) => `;${parseOption(text).join('=')}`).join('');
  const subjects = writers
    .filter((writer) => formats.length === 0 || formats.includes(writer.format))
    .map((writer) => {
      const hungry = hungryCase(writer);
      return {
        writer,
        case: caseOf(`${crashCase(writer)}${options}`, registry),
        hungry: hungry === null ? null : caseOf(`${hungry}${options}`, registry),
      };
    });
  return { subjects, registry };
}

function printPart(part: CrashPart, results: readonly CrashResult[]): void {
  const rows = crashRows(part, results);
  if (rows.length === 0) return;
  print(paint.bold(CRASH_TITLES[part]));
  printTable(CRASH_HEADINGS[part], rows);
  if (part === 'kills') print(paint.dim(PHASE_NOTE));
}

function report(results: readonly CrashResult[], seed: number, flags: CrashFlags): void {
  if (flags.json === true) {
    printDocument('writeproof.crash.v1', results, { seed });
    return;
  }
  for (const text of wrongTexts(results)) print(paint.red(text));
  for (const text of [...inconclusiveTexts(results), ...skippedTexts(results)]) print(paint.yellow(text));
  for (const part of PARTS) printPart(part, results);
  const sentence = crashSentence(results);
  print(paint.bold(wrongTexts(results).length > 0 ? paint.red(sentence) : paint.green(sentence)));
}

async function crash(flags: CrashFlags): Promise<void> {
  const parts = flags.part === undefined ? PARTS : flags.part.map((name) => oneOf('part', name, PARTS));
  const { subjects, registry } = await chosen(flags);
  builtFile('writeproof-worker');
  builtFile('writeproof.node');
  const id = newRunId('crash', new Date(), () => false);
  const target = path.resolve(flags.target ?? path.join(RESULTS, 'data', id));
  checkFolder('--target', target, false);
  const seed = flags.seed ?? Date.now() % 2 ** 32;
  const tell = flags.quiet === true ? (): void => undefined : say;
  const { signal, release } = interruptible();
  const removeTarget = await makeFolder(target);
  try {
    const bench: Bench = {
      runId: id,
      nonce: randomBytes(16).toString('hex'),
      machine: readMachine(target),
      target,
      keep: false,
      overwrite: false,
      store: {
        cache: cacheFolder(),
        cacheLimitBytes: cacheLimitBytes(),
        tables: registry.tables,
        child: { timeoutSeconds: flags.timeout ?? 3600, signal },
        onWork: (what) => {
          tell(`preparing ${what}`);
        },
      },
      writers: new Map(registry.writers.map((writer) => [writer.name, writer])),
      noDirect: null,
      signal,
      timeoutSeconds: timeoutOf(registry.tables, flags.timeout),
      verify: verifyTarget,
    };
    const results = await runCrash(subjects, bench, {
      parts,
      kills: flags.kills ?? KILLS,
      seed,
      ...(flags.calls === undefined ? {} : { most: flags.calls }),
      tenthsAVersion: TENTHS_A_VERSION,
      isHint,
      onWork: tell,
      onKill: (done, of) => {
        if (done % 50 === 0 || done === of) tell(`${done} of ${of} kills`);
      },
    });
    report(results, seed, flags);
    exitWith(signal.aborted ? EXIT.interrupted : exitCodeOfCrash(results));
  } finally {
    release();
    await removeTarget();
  }
}

const MORE = `
Kills need nothing but this machine; failing calls and power cuts mount a FUSE file system of our own ("writeproof doctor"
says whether that works here). Nothing may be verified that is not whole, and nothing stand where a writer failed.`;

export const addCrash: AddCommand = (program) => {
  program
    .command('crash')
    .description('kills, full disks, failing calls, power cuts: nothing half-written may pass')
    .option('--writer <names>', "registered names, ./library.so, ./module.mjs, or 'command {target}'", collect)
    .option('--format <names>', 'formats on disk', collect)
    .option('--part <names>', PARTS.join(', '), collect)
    .option('--option <key=value>', 'an option of the writer', collect)
    .option('--kills <n>', `kills of each library (default: ${KILLS})`, (text) => parseCount('--kills', text, 1))
    .option(
      '--calls <n>',
      'calls to fail of each kind, at most (default: the first 50, and 10 of the others)',
      (text) => parseCount('--calls', text, 1),
    )
    .option('--seed <n>', 'seed of the moments', (text) => parseCount('--seed', text, 0))
    .option('--target <dir>', 'where data are written')
    .option('--timeout <s>', 'seconds that a worker or verifier may take', (text) => parseCount('--timeout', text, 1))
    .option('--quiet', 'no progress')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      [
        MORE,
        examples(['crash', 'crash --writer lance --part kills', 'crash --writer ./libmine.so --kills 40 --calls 5']),
      ].join('\n'),
    )
    .action(crash);
};
