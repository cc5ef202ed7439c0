import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { REGISTRY, type Registry } from '../../suites/index.js';
import { inspect } from '../check-writer/inspect.js';
import { wrong, type Check } from '../check-writer/check.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { Misuse } from '../misuse.js';
import { find, oneOf } from '../plan/names.js';
import { parseCount, parseScale } from '../plan/values.js';
import { makeFolder } from '../run/target.js';
import { VARIANTS, type Variant } from '../types.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { addConfigFlag, configOf, toldBuilds, type ConfigFlag } from './config.js';
import { RESULTS } from './find-run.js';
import { interruptible } from './interrupt.js';
import { paint, print, printDocument, say } from './output.js';
import { withOwnWriters } from './own-writers.js';

interface CheckFlags extends ConfigFlag {
  readonly variant?: readonly string[];
  readonly table: string;
  readonly scale: number;
  readonly format?: string;
  readonly target: string;
  readonly timeout: number;
  readonly json?: true;
}

const MARKS: Readonly<{ [status in Check['status']]: string }> = {
  right: paint.green('right  '),
  wrong: paint.red('WRONG  '),
  note: paint.dim('note   '),
  skipped: paint.yellow('skipped'),
};

function printCheck({ check, status, found, advice }: Check): void {
  print(`${MARKS[status]}  ${paint.bold(check)}: ${found.replaceAll('\n', '\n         ')}`);
  if (advice !== null) print(`         ${paint.yellow(`to do: ${advice}`)}`);
}

const LOADING = 'it loads';

/** The writer; or what is wrong with the file that should hold one. A name or file that is not there is misuse. */
async function load(text: string, flags: CheckFlags): Promise<{ registry: Registry; name: string } | Check> {
  const asked = {
    writers: [text],
    formats: flags.format === undefined ? [] : [flags.format],
    cases: [],
    config: await configOf(flags),
    tell: toldBuilds,
  };
  try {
    const { registry, names } = await withOwnWriters(REGISTRY, asked);
    return { registry, name: names[0] ?? text };
  } catch (error) {
    if (!(error instanceof Misuse) || !/^Loading | format of the writer /.test(error.message)) throw error;
    return wrong(LOADING, error.message, 'correct what the sentence names; nothing else could be tried.');
  }
}

function variantsOf(asked: readonly string[], offered: readonly Variant[], name: string): readonly Variant[] {
  const chosen = asked.filter((text) => text !== 'all').map((text) => oneOf('variant', text, VARIANTS));
  const missing = chosen.find((variant) => !offered.includes(variant));
  if (missing !== undefined) {
    throw new Misuse(`Writer ${name} does not declare variant ${missing}: expected ${offered.join(', ')}.`);
  }
  return chosen.length === 0 ? offered : chosen;
}

/** Sentence and code of all checks. */
function summed(checks: readonly Check[], loaded: boolean): readonly [sentence: string, code: ExitCode] {
  const count = (status: Check['status']): number => checks.filter((check) => check.status === status).length;
  const bad = count('wrong');
  const sentence = `${checks.length} checks: ${count('right')} right, ${bad} wrong, ${count('note')} notes, ${count('skipped')} skipped`;
  if (!loaded) return [sentence, EXIT.misuse];
  if (bad > 0) return [sentence, EXIT.integrity];
  return [sentence, count('right') === 0 ? EXIT.nothingMeasured : EXIT.pass];
}

async function checkWriter(text: string, flags: CheckFlags): Promise<void> {
  const { name: main } = find('table', flags.table, REGISTRY.tables);
  const checks: Check[] = [];
  const tell = (check: Check): void => {
    checks.push(check);
    if (flags.json !== true) printCheck(check);
  };
  const finish = (format: string | null, loaded: boolean): void => {
    const [sentence, code] = summed(checks, loaded);
    if (flags.json === true) printDocument('writeproof.check.v1', checks, { writer: text, format });
    else print(code === EXIT.pass ? paint.green(sentence) : paint.red(sentence));
    exitWith(code);
  };
  const found = await load(text, flags);
  if ('check' in found) {
    tell(found);
    finish(null, false);
    return;
  }
  const writer = find('writer', found.name, found.registry.writers);
  tell({ check: LOADING, status: 'right', found: writer.about, advice: null });
  const variants = variantsOf(flags.variant ?? [], writer.variants, writer.name);
  const types = found.registry.tables.find((table) => table.name === 'types');
  const removeTarget = await makeFolder(path.resolve(flags.target));
  const folder = await mkdtemp(path.join(path.resolve(flags.target), 'check-'));
  const { signal, release } = interruptible();
  try {
    await inspect(found.registry, writer, {
      tables: {
        small: { name: 'nation', scale: 0.01 },
        main: { name: main, scale: flags.scale },
        types: types === undefined ? null : { name: types.name, scale: 0.01 },
      },
      variants,
      folder,
      timeoutSeconds: flags.timeout,
      signal,
      onWork: (what) => {
        say(`preparing ${what}`);
      },
      tell,
    });
  } finally {
    release();
    await rm(folder, { recursive: true, force: true });
    await removeTarget();
  }
  if (signal.aborted) {
    exitWith(EXIT.interrupted);
    return;
  }
  finish(writer.format, true);
}

const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, ...text.split(',')];

export const addCheckWriter: AddCommand = (program) => {
  addConfigFlag(
    program
      .command('check-writer')
      .argument('<writer>', "a registered name, one of the config, ./library.so, ./module.mjs, or 'command {target}'")
      .description('hold a writer to the contract, and say what is wrong and what to do'),
  )
    .option('--variant <names>', 'accumulate, stream, zero-copy, direct (default: all that it declares)', collect)
    .option('--table <name>', 'the table of every variant, beside nation and types', 'orders')
    .option('--scale <factor>', 'of that table', parseScale, 0.1)
    .option('--format <name>', 'what the files of a command claim to be (default: parquet)')
    .option('--target <dir>', 'where it writes', path.join(RESULTS, 'data'))
    .option('--timeout <seconds>', 'of each try', (text) => parseCount('--timeout', text, 1), 120)
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      examples([
        'check-writer parquet',
        'check-writer ./libmine.so --variant stream,zero-copy',
        'check-writer ./mine.mjs --json',
        "check-writer 'python3 write.py {target}' --format parquet",
      ]),
    )
    .action(checkWriter);
};
