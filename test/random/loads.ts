/** Random tables as prepared files, by arrow-rs, with facts of the plain digest, which shares no code with it. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Facts, Field } from '../../harness/types.js';
import type { DescribedTable } from '../digest/described.js';
import { nativePath } from '../native-path.js';
import { factsOfTable } from '../verify/described-file.js';
import type { Load } from './carry.js';
import type { Refused } from './limits.js';
import { partsOf } from './parts.js';
import type { Setting } from './settings.js';

/** A table to be carried. */
export interface Consignment {
  /** Which of the tables drawn it comes from. */
  readonly turn: number;
  readonly table: DescribedTable;
  readonly setting: Setting;
  /** Why it must be refused; null where it must arrive. */
  readonly refused: Refused | null;
}

interface Job {
  readonly path: string;
  readonly table: DescribedTable;
}

/** The fields of each file made. */
function prepareAll(jobs: readonly Job[]): readonly (readonly Field[])[] {
  const input = jobs.map((job) => `${JSON.stringify(job)}\n`).join('');
  const run = spawnSync(nativePath('prepare-json'), { input, encoding: 'utf8', maxBuffer: 1 << 30 });
  assert.equal(run.status, 0, run.stderr);
  const lines = run.stdout.trimEnd().split('\n');
  assert.equal(lines.length, jobs.length);
  return lines.map((line) => {
    const answer = JSON.parse(line) as { readonly fields: readonly Field[] } | { readonly error: string };
    if ('error' in answer) throw new Error(answer.error);
    return answer.fields;
  });
}

/** The schema of each table, as arrow-rs names its types. */
export async function schemasOf(
  tables: readonly DescribedTable[],
  folder: string,
): Promise<readonly (readonly Field[])[]> {
  return Promise.resolve(prepareAll(tables.map((table) => ({ path: path.join(folder, 'schema.arrow'), table }))));
}

/** Each in the parts and batches that its setting asks for, in files of `folder`. */
export async function loadsOf(consignments: readonly Consignment[], folder: string): Promise<readonly Load[]> {
  mkdirSync(folder);
  const parts = consignments.map(({ table, setting }) => partsOf(table, setting));
  const jobs = parts.flatMap((tables, index) =>
    tables.map((table, part) => ({ path: path.join(folder, `${index}-${part}.arrow`), table })),
  );
  const fields = prepareAll(jobs);
  const facts: Facts[] = [];
  for (const [index, { table }] of jobs.entries()) {
    const { firstRow = 0 } = table;
    facts.push({ ...(await factsOfTable(table, fields[index] ?? [])), ...(firstRow === 0 ? {} : { firstRow }) });
  }
  const loads: Load[] = [];
  let next = 0;
  for (const [index, tables] of parts.entries()) {
    const cargo = tables.map((_, part) => {
      const [job, own] = [jobs[next + part], facts[next + part]];
      assert.ok(job !== undefined && own !== undefined);
      return { preparedPath: job.path, facts: own };
    });
    next += tables.length;
    const [first] = cargo;
    const table = consignments[index]?.table;
    assert.ok(first !== undefined && table !== undefined);
    const whole = cargo.length === 1 ? first.facts : await factsOfTable(table, first.facts.schema);
    loads.push({ whole, parts: cargo });
  }
  return loads;
}
