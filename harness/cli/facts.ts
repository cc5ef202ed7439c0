import { REGISTRY } from '../../suites/index.js';
import { EXIT } from '../exit-code.js';
import { checkAgainstOracles, readGolden, writeGolden, type Check } from '../golden-facts.js';
import { Misuse } from '../misuse.js';
import { checkFacts, factsName, type FactsKey } from '../run/facts.js';
import { askWorker } from '../run/worker.js';
import type { Facts } from '../types.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { print, say } from './output.js';

/** Scales whose facts are committed, where the table names no others. */
const GOLDEN_SCALES = [0.01, 0.1, 1];
const TIMEOUT_SECONDS = 3600;
const WHOLE = { index: 1, count: 1 };

async function freshFacts(key: FactsKey): Promise<Facts> {
  const facts = (await askWorker('facts', { ...key, threads: 2 }, { timeoutSeconds: TIMEOUT_SECONDS })) as Facts;
  return checkFacts(facts, key, REGISTRY.tables);
}

const broken = (checks: readonly Check[]): readonly Check[] =>
  checks.filter((check) => check.expected !== check.actual);

/** True when the committed facts are those of a fresh generation, or became so. */
async function golden(key: FactsKey, update: boolean): Promise<boolean> {
  const name = factsName(key);
  const facts = await freshFacts(key);
  const checks = await checkAgainstOracles(facts, key);
  if (checks.length === 0)
    throw new Misuse(`No third party says anything of ${name}: add its figures to suites/oracles.json.`);
  for (const { what, expected, actual } of broken(checks)) {
    say(`${name}: ${what}: third parties say ${expected}, a fresh generation says ${actual}; the facts are refused.`);
  }
  if (broken(checks).length > 0) return false;
  const agreed = `agrees with third parties in ${checks.map((check) => check.what).join(' and ')}`;
  const same = JSON.stringify(await readGolden(key)) === JSON.stringify(facts);
  if (!same && !update) {
    say(`${name}: the golden facts differ from a fresh generation, which ${agreed}; "facts --update" replaces them.`);
    return false;
  }
  if (!same) await writeGolden(key, facts);
  print(`${name}: ${facts.rows} rows, ${same ? 'unchanged' : 'written'}; ${agreed}`);
  return true;
}

async function facts(flags: { readonly update?: true }): Promise<void> {
  let good = true;
  for (const { name, goldenScales } of REGISTRY.tables) {
    for (const scale of goldenScales ?? GOLDEN_SCALES) {
      good = (await golden({ table: name, scale, part: WHOLE }, flags.update ?? false)) && good;
    }
  }
  exitWith(good ? EXIT.pass : EXIT.integrity);
}

export const addFacts: AddCommand = (program) => {
  program
    .command('facts')
    .description('compares the golden facts with a fresh generation and with figures of third parties')
    .option('--update', 'writes golden facts that differ, unless third parties disagree')
    .addHelpText('after', examples(['facts', 'facts --update']))
    .action(facts);
};
