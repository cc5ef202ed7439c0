/** Golden facts: made by our generator, kept only when figures of third parties agree. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Misuse } from './misuse.js';
import { GOLDEN_FACTS, PACKAGE_ROOT, workerPath } from './paths.js';
import { factsName, type FactsKey } from './run/facts.js';
import type { Facts } from './types.js';

/** Figures that no code of ours produced; their sources are named in the file. */
interface Oracles {
  readonly rows: {
    readonly lineitem: { readonly [scale: string]: number };
    readonly perScale: { readonly [table: string]: number };
    readonly fixed: { readonly [table: string]: number };
  };
  readonly tblSha1: { readonly [scale: string]: { readonly [table: string]: string } };
  /** Digests by the plain implementation in test/tables, of the table that no third party has. */
  readonly plain: {
    readonly [scale: string]: { readonly [table: string]: { readonly multiset: string; readonly order: string } };
  };
}

/** One figure of a third party beside ours. */
export interface Check {
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}

export function readOracles(): Oracles {
  return JSON.parse(readFileSync(path.join(PACKAGE_ROOT, 'suites', 'oracles.json'), 'utf8')) as Oracles;
}

/** Rows that third parties give for a table, or null where they give none. */
export function oracleRows(oracles: Oracles, table: string, scale: number): number | null {
  const perScale = oracles.rows.perScale[table];
  const lineitem = table === 'lineitem' ? oracles.rows.lineitem[String(scale)] : undefined;
  return lineitem ?? oracles.rows.fixed[table] ?? (perScale === undefined ? null : perScale * scale);
}

/** SHA-1 of the table as dbgen's text, rendered by the worker from its batches. */
async function tblSha1(key: FactsKey): Promise<string> {
  const child = spawn(workerPath(), ['tbl'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const hash = createHash('sha1');
  const ended = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  child.stdin.end(JSON.stringify(key));
  await pipeline(child.stdout, hash);
  const code = await ended;
  if (code !== 0) throw new Misuse(`writeproof-worker tbl of ${factsName(key)} ended with exit code ${String(code)}.`);
  return hash.digest('hex');
}

/** Everything that third parties say of these facts, beside what they say. An empty answer checks nothing. */
export async function checkAgainstOracles(facts: Facts, key: FactsKey): Promise<readonly Check[]> {
  const oracles = readOracles();
  const checks: Check[] = [];
  const rows = oracleRows(oracles, key.table, key.scale);
  if (rows !== null) checks.push({ what: 'rows', expected: String(rows), actual: String(facts.rows) });
  const sha1 = oracles.tblSha1[String(key.scale)]?.[key.table];
  if (sha1 !== undefined) {
    checks.push({ what: 'SHA-1 of the .tbl text', expected: sha1, actual: await tblSha1(key) });
  }
  const plain = oracles.plain[String(key.scale)]?.[key.table];
  if (plain !== undefined) {
    const { multiset, order } = facts.digest;
    checks.push({ what: 'digest by the plain implementation', expected: plain.multiset, actual: multiset });
    checks.push({ what: 'digest of the order by it', expected: plain.order, actual: order });
  }
  return checks;
}

const goldenPath = (key: FactsKey): string => path.join(GOLDEN_FACTS, `${factsName(key)}.json`);

/** The committed facts as text, or null where there are none. */
export async function readGolden(key: FactsKey): Promise<Facts | null> {
  try {
    return JSON.parse(await readFile(goldenPath(key), 'utf8')) as Facts;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

export async function writeGolden(key: FactsKey, facts: Facts): Promise<void> {
  await mkdir(GOLDEN_FACTS, { recursive: true });
  await writeFile(goldenPath(key), `${JSON.stringify(facts)}\n`);
}
