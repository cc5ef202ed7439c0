import path from 'node:path';
import { REGISTRY } from '../../suites/index.js';
import { countText } from '../../reports/format.js';
import { DEFAULT_OPTIONS } from '../defaults.js';
import { EXIT } from '../exit-code.js';
import { Misuse } from '../misuse.js';
import { cacheFolder } from '../paths.js';
import { find } from '../plan/names.js';
import { parseCount, parsePart, parseScale } from '../plan/values.js';
import { cacheLimitBytes } from '../run/cache.js';
import { ensureFacts } from '../run/facts.js';
import { stampFiles } from '../run/stamps.js';
import type { Case, Facts, Part } from '../types.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { factsOfFile } from './file-facts.js';
import { interruptible } from './interrupt.js';
import { paint, print, printDocument, say } from './output.js';
import { verifyTarget } from './verifier.js';

interface VerifyFlags {
  readonly table?: string;
  readonly scale?: number;
  readonly part?: Part;
  readonly sameAs?: string;
  readonly timeout?: number;
  readonly json?: true;
}

const TIMEOUT_SECONDS = 3600;

/** Facts of a table do not depend on how a case writes it. */
function anyCase(table: string, scale: number, part: Part): Case {
  return {
    id: table,
    kind: 'write',
    table,
    scale,
    writer: 'none',
    format: 'parquet',
    variant: 'stream',
    source: 'generated',
    options: { ...DEFAULT_OPTIONS, part },
  };
}

async function expectedFacts(flags: VerifyFlags, signal: AbortSignal): Promise<Facts> {
  if (flags.sameAs !== undefined) return factsOfFile(flags.sameAs);
  if (flags.table === undefined || flags.scale === undefined) {
    throw new Misuse('verify needs what the file must hold: --table T --scale S, or --same-as another file.');
  }
  const table = find('table', flags.table, REGISTRY.tables).name;
  return ensureFacts(anyCase(table, flags.scale, flags.part ?? { index: 1, count: 1 }), {
    cache: cacheFolder(),
    cacheLimitBytes: cacheLimitBytes(),
    tables: REGISTRY.tables,
    child: { timeoutSeconds: flags.timeout ?? TIMEOUT_SECONDS, signal },
    onWork: (what) => {
      say(`preparing ${what}`);
    },
  });
}

async function verify(file: string, flags: VerifyFlags): Promise<void> {
  const { signal, release } = interruptible();
  try {
    const facts = await expectedFacts(flags, signal);
    const target = path.resolve(file);
    const directory = path.dirname(target);
    const files = (await stampFiles(directory)).filter(
      (stamp) => stamp.path === path.basename(target) || stamp.path.startsWith(`${path.basename(target)}/`),
    );
    const observation = await verifyTarget(
      { directory, target, format: 'parquet', facts, nonce: null, files, secondReader: true, dropCache: false },
      { timeoutSeconds: flags.timeout ?? TIMEOUT_SECONDS, signal },
    );
    if ('crashed' in observation) throw new Misuse(`The verify process gave no answer: ${observation.crashed}`);
    const holds = observation.findings.length === 0;
    if (flags.json === true) {
      printDocument('writeproof.verify.v1', [{ path: file, verified: holds, ...observation }]);
    } else {
      for (const { detector, what, expected, actual } of observation.findings) {
        print(paint.red(`${detector} ${what}: expected ${expected}, found ${actual}`));
      }
      const readers = observation.readers.map((reader) => reader.reader).join(' + ');
      const rows = countText(observation.rows ?? 0);
      print(holds ? paint.green(`verified: ${rows} rows by ${readers}`) : paint.red(`corrupt: ${file}`));
    }
    exitWith(holds ? EXIT.pass : EXIT.integrity);
  } finally {
    release();
  }
}

export const addVerify: AddCommand = (program) => {
  program
    .command('verify')
    .argument('<path>', 'a Parquet file that somebody wrote')
    .description('judge a file against a table, or against another file')
    .option('--table <name>', 'the table that it must hold')
    .option('--scale <factor>', 'at this scale', parseScale)
    .option('--part <i/n>', 'part i of n of it', parsePart)
    .option('--same-as <file>', 'the same rows in the same order as this file')
    .option('--timeout <seconds>', 'of the verify process', (text) => parseCount('--timeout', text, 1))
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      examples(['verify lineitem.parquet --table lineitem --scale 1', 'verify a.parquet --same-as b.parquet']),
    )
    .action(verify);
};
