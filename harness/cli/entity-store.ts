/** Stores of entities of one's own: made, and scanned with the rows proved. */

import { bytesText, countText, plural, secondsText } from '../../reports/format.js';
import { FULL, STRATEGIES } from '../../suites/scans/strategies.js';
import { EXIT } from '../exit-code.js';
import { Misuse } from '../misuse.js';
import { find, oneOf } from '../plan/names.js';
import { parseCount } from '../plan/values.js';
import { entityStore } from '../scan/entity-store.js';
import { WIDTHS } from '../scan/plan.js';
import type { Counted } from '../scan/report.js';
import { ENCODINGS, type Digest, type Encoding, type StoreDefinition } from '../types.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { paint, print, printDocument, say } from './output.js';

interface BuildFlags {
  readonly rows: number;
  readonly columns: number;
  readonly encoding: Encoding;
  readonly seed: number;
  readonly json?: true;
}

interface ScanFlags {
  readonly query: string;
  readonly strategy: string;
  readonly onBadValue: 'stop' | 'count';
  readonly json?: true;
}

interface StoreFacts extends StoreDefinition {
  /** Rows were written to it since it was built: nothing says what it must hold. */
  readonly changed: boolean;
}

/** What the store is wrong in ends with 4; what was asked of it, and what the machine refuses, with 1. */
function ended(error: unknown): void {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  if (error.code !== 'GenericFailure') throw new Misuse(error.message);
  say(error.message);
  exitWith(EXIT.integrity);
}

async function build(path: string, { json, ...definition }: BuildFlags): Promise<void> {
  try {
    const made = JSON.parse(await entityStore().buildEntityStore(path, JSON.stringify(definition))) as {
      readonly rows: number;
      readonly deleted: number;
      readonly bytes: number;
    };
    if (json === true) printDocument('writeproof.build-store.v1', [{ path, ...definition, ...made }]);
    else
      print(
        `${path}: ${countText(made.rows)} rows, ${countText(made.deleted)} of them deleted, ${bytesText(made.bytes)}`,
      );
  } catch (error) {
    ended(error);
  }
}

const same = (one: Digest, other: Digest): boolean =>
  one.rows === other.rows && one.multiset === other.multiset && one.order === other.order;

function printScan(counted: Counted, digest: Digest, expected: Digest | null): void {
  const { rows, batches, rowsRead, deletedRead, bytesRead, badValues, rust, ns } = counted;
  print(`${plural(rows, 'row')} in ${plural(batches, 'batch')}; digest ${digest.multiset}, order ${digest.order}`);
  print(
    `read of the store: ${countText(rowsRead)} rows, ${countText(deletedRead)} of them deleted, ${bytesText(bytesRead)}`,
  );
  if (badValues > 0) print(paint.yellow(`${countText(badValues)} rows could not be read and were left out`));
  if (expected === null) {
    print(paint.yellow('not proved, so without a speed: the store was changed since it was built'));
  } else if (same(digest, expected)) {
    const memory = `${bytesText(rust.bytes)} allocated in Rust, ${bytesText(rust.resultBytes)} of them the result`;
    print(paint.green(`verified: the rows that the definition of the data gives; ${secondsText(ns)}, ${memory}`));
  } else {
    print(
      paint.red(
        `corrupt: expected ${countText(expected.rows)} rows, digest ${expected.multiset}, order ${expected.order}`,
      ),
    );
  }
}

function scan(path: string, { query, strategy, onBadValue, json }: ScanFlags): void {
  const { switches } = find('strategy', strategy, STRATEGIES);
  try {
    const store = new (entityStore().EntityStore)(path, JSON.stringify({ readOnly: true }));
    const { rows, columns, seed, changed } = JSON.parse(store.facts()) as StoreFacts;
    const prepared = store.prepare(query, JSON.stringify(switches), JSON.stringify({ onBadValue }));
    const counted = JSON.parse(prepared.runMeasured()) as Counted;
    const digest = JSON.parse(prepared.digest()) as Digest;
    store.close();
    const definition = JSON.stringify({ rows, columns, seed });
    const expected = changed ? null : (JSON.parse(entityStore().expectedDigest(definition, query)) as Digest);
    const isRight = expected === null || same(digest, expected);
    const status = expected === null ? 'not proved' : isRight ? 'verified' : 'corrupt';
    const { ns, firstBatchNs, rust, rows: found, batches, rowsRead, deletedRead, bytesRead, badValues } = counted;
    const read = { rows: found, batches, rowsRead, deletedRead, bytesRead, badValues };
    const measured = status === 'verified' ? { ns, firstBatchNs, rust } : null;
    if (json === true)
      printDocument('writeproof.scan.v1', [{ path, strategy, status, ...read, digest, expected, measured }]);
    else printScan(counted, digest, expected);
    if (!isRight) exitWith(EXIT.integrity);
  } catch (error) {
    ended(error);
  }
}

export const addBuildStore: AddCommand = (program) => {
  program
    .command('build-store')
    .argument('<path>', 'a folder that is not there yet')
    .description('make a RocksDB of entities, as native/entity-store/ENTITIES.md defines them')
    .requiredOption('--rows <n>', 'rows, deleted ones included', (text) => parseCount('--rows', text, 1))
    .option('--columns <n>', WIDTHS.join(' or '), (text) => Number(oneOf('width', text, WIDTHS.map(String))), WIDTHS[0])
    .option('--encoding <name>', ENCODINGS.join(' or '), (text) => oneOf('encoding', text, ENCODINGS), ENCODINGS[0])
    .option('--seed <n>', 'that the rows are made from', (text) => parseCount('--seed', text, 0), 1)
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      examples([
        'build-store x.store --rows 1000000',
        'build-store y.store --rows 1000 --columns 20 --encoding compact',
      ]),
    )
    .action(build);
};

export const addScan: AddCommand = (program) => {
  program
    .command('scan')
    .argument('<store>', 'a folder that build-store made; it is not changed')
    .description('scan a store of entities, and prove the rows; "run --suite scan" measures')
    .option('--query <json>', '{columns, filter, prefix, limit}, all optional', '{}')
    .option('--strategy <name>', `full, baseline, only-CHANGE or without-CHANGE`, FULL)
    .option(
      '--on-bad-value <what>',
      'stop with the key of the row, or count and leave it out',
      (text) => oneOf('choice', text, ['stop', 'count'] as const),
      'stop' as const,
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      examples([
        `scan x.store --query '{"limit": 10}'`,
        `scan x.store --query '{"filter": {"column": "quantity", "op": ">", "value": 990}}' --strategy baseline`,
      ]),
    )
    .action(scan);
};
