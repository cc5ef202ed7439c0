import { realpathSync } from 'node:fs';
import path from 'node:path';
import { REGISTRY } from '../../suites/index.js';
import { countText } from '../../reports/format.js';
import { DEFAULT_OPTIONS, SECOND_READER_ROWS } from '../defaults.js';
import { EXIT } from '../exit-code.js';
import { Misuse } from '../misuse.js';
import { cacheFolder } from '../paths.js';
import { find } from '../plan/names.js';
import { parseCount, parsePart, parseScale } from '../plan/values.js';
import { cacheLimitBytes } from '../run/cache.js';
import { ensureFacts } from '../run/facts.js';
import { checkUnchanged, stampsOf } from '../run/unchanged.js';
import type { Case, Facts, Format, Observation, Part } from '../types.js';
import { fieldsForArrow } from '../verify/across-formats.js';
import { Damaged } from '../verify/file-contents.js';
import { finding, findingLines, letterText } from '../verify/finding.js';
import { formatOf } from '../verify/format.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { factsOfFile, requireFileOrDataset, type Asked, type FileFacts } from './file-facts.js';
import { interruptible } from './interrupt.js';
import { paint, print, printDocument, say } from './output.js';
import { verifyTarget, type Unobserved } from '../verify/verify.js';

interface VerifyFlags {
  readonly table?: string;
  readonly scale?: number;
  readonly part?: Part;
  readonly sameAs?: string;
  readonly secondReader?: true;
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

/** What the file must hold: another file, or a table. */
type Wanted = { readonly sameAs: string } | { readonly case: Case };

function wantedOf(flags: VerifyFlags): Wanted {
  if (flags.sameAs !== undefined) {
    if (flags.table !== undefined || flags.scale !== undefined || flags.part !== undefined) {
      throw new Misuse(
        '--same-as already says what the file must hold: expected it alone, or --table T --scale S without it.',
      );
    }
    return { sameAs: flags.sameAs };
  }
  if (flags.table === undefined || flags.scale === undefined) {
    throw new Misuse('verify needs what the file must hold: --table T --scale S, or --same-as another file.');
  }
  const table = find('table', flags.table, REGISTRY.tables).name;
  return { case: anyCase(table, flags.scale, flags.part ?? { index: 1, count: 1 }) };
}

/** Facts, and the file that they are from; null where they are a table's. */
interface Expected {
  readonly facts: Facts;
  readonly from: Pick<FileFacts, 'format' | 'stamps'> | null;
  /** What the reference does not say. */
  readonly notes: readonly string[];
}

async function fileFacts(reference: string, target: string, format: Format | null, asked: Asked): Promise<Expected> {
  requireFileOrDataset(reference);
  const stamps = await stampsOf(reference);
  const isAcross = format === 'arrow' && (await formatOf(reference)) === 'parquet';
  const across = isAcross ? await fieldsForArrow(realpathSync(reference), target) : null;
  if (across !== null) {
    try {
      const { facts, format: own } = await factsOfFile(reference, { ...asked, as: across.schema });
      const notes = across.notes.map((note) => `${facts.table}: ${note}`);
      return { facts: { ...facts, schema: across.schema }, from: { format: own, stamps }, notes };
    } catch (error) {
      // Where its values are none of the Arrow file's types, it is read by its own word.
      if (!(error instanceof Damaged)) throw error;
    }
  }
  const { facts, format: own } = await factsOfFile(reference, asked);
  return { facts, from: { format: own, stamps }, notes: [] };
}

async function tableFacts(one: Case, flags: VerifyFlags, signal: AbortSignal): Promise<Expected> {
  const facts = await ensureFacts(one, {
    cache: cacheFolder(),
    cacheLimitBytes: cacheLimitBytes(),
    tables: REGISTRY.tables,
    child: { timeoutSeconds: flags.timeout ?? TIMEOUT_SECONDS, signal },
    onWork: (what) => {
      say(`preparing ${what}`);
    },
  });
  return { facts, from: null, notes: [] };
}

/** A file over which its reader crashes is not proved; a reader that was not let finish says nothing of the file. */
function unread({ crashed, byFile }: Unobserved): Observation {
  if (!byFile) throw new Misuse(`The verify process gave no answer: ${crashed}.`);
  const what = 'reading in the verify process, which crashed on it';
  return {
    findings: [finding('X', what, 'a report', crashed)],
    ran: ['X'],
    readers: [],
    metadataRows: null,
    rows: null,
    multiset: null,
    order: null,
    digest: null,
    verifyNs: 0,
    notes: [],
  };
}

const DID_NOT_READ = ' did not read: the job asks for one reader';
/** Notes on schemas that say the same in two formats. */
const OF_SCHEMAS = /ARROW:schema|another layout/;

function printObservation(file: string, { findings, readers, rows, notes }: Observation): void {
  for (const line of findingLines(findings)) print(paint.red(line));
  if (findings.length > 0) {
    print(paint.dim(letterText(findings)));
    print(paint.red(`corrupt: ${file}`));
    return;
  }
  const names = readers.map((reader) => reader.reader).join(' + ');
  print(paint.green(`verified: ${countText(rows ?? 0)} rows by ${names}`));
  const most = countText(SECOND_READER_ROWS);
  for (const note of notes.filter((text) => text.endsWith(DID_NOT_READ))) {
    print(`${note.replace(DID_NOT_READ, '')} did not read: it reads more than ${most} rows only with --second-reader`);
  }
  for (const note of notes.filter((text) => OF_SCHEMAS.test(text))) print(note);
}

async function verify(file: string, flags: VerifyFlags): Promise<void> {
  const wanted = wantedOf(flags);
  requireFileOrDataset(file);
  const { signal, release } = interruptible();
  try {
    const asked = { signal, timeoutSeconds: flags.timeout ?? TIMEOUT_SECONDS };
    // A link stands for what it leads to.
    const target = realpathSync(file);
    const directory = path.dirname(target);
    // Before anything is read of it: from here on it may not change.
    const files = await stampsOf(target);
    const found = await formatOf(target);
    const { facts, from, notes } =
      'case' in wanted
        ? await tableFacts(wanted.case, flags, signal)
        : await fileFacts(wanted.sameAs, target, found, asked);
    const format = found ?? from?.format ?? 'parquet';
    const secondReader = flags.secondReader ?? facts.rows <= SECOND_READER_ROWS;
    const seen = await verifyTarget(
      { directory, target, format, facts, nonce: null, files, secondReader, dropCache: false },
      asked,
    );
    // Its footer was read once more, before its facts.
    if ('sameAs' in wanted && from !== null) await checkUnchanged(wanted.sameAs, from.stamps);
    if (signal.aborted) {
      exitWith(EXIT.interrupted);
      return;
    }
    const observation = 'crashed' in seen ? unread(seen) : { ...seen, notes: [...notes, ...seen.notes] };
    const holds = observation.findings.length === 0;
    if (flags.json === true) {
      printDocument('writeproof.verify.v1', [{ path: file, verified: holds, ...observation }]);
    } else {
      printObservation(file, observation);
    }
    exitWith(holds ? EXIT.pass : EXIT.integrity);
  } finally {
    release();
  }
}

export const addVerify: AddCommand = (program) => {
  program
    .command('verify')
    .argument('<path>', 'a Parquet or Arrow IPC file, or a Lance dataset, that somebody wrote')
    .description('judge a file or dataset against a table, or against another one')
    .option('--table <name>', 'the table that it must hold')
    .option('--scale <factor>', 'at this scale', parseScale)
    .option('--part <i/n>', 'part i of n of it', parsePart)
    .option('--same-as <file>', 'the same rows in the same order as this file')
    .option('--second-reader', 'read by the second, slower reader too, however many rows there are')
    .option('--timeout <seconds>', 'of the verify process', (text) => parseCount('--timeout', text, 1))
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      examples(['verify lineitem.parquet --table lineitem --scale 1', 'verify a.arrow --same-as b.parquet']),
    )
    .action(verify);
};
