/** A flush of an entity store under load, and what independent readers find in its files. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { factsOfFile } from '../../harness/cli/file-facts.js';
import { entityStore } from '../../harness/scan/entity-store.js';
import type { FlushJob, FlushReport } from '../../harness/scan/report.js';
import type { Digest, StoreDefinition } from '../../harness/types.js';

export interface Flushed {
  readonly report: FlushReport;
  /** As read again from the disk. */
  readonly sha256: readonly string[];
  /** By DuckDB. */
  readonly digests: readonly Digest[];
  /** What the definition of the data says of the store as it was built. */
  readonly expected: Digest;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Builds a store below `folder` and flushes it while it is written to. */
export async function flushUnderLoad(
  folder: string,
  definition: StoreDefinition,
  job: Omit<FlushJob, 'target'>,
): Promise<Flushed> {
  await mkdir(folder, { recursive: true });
  const place = path.join(folder, 'store');
  await entityStore().buildEntityStore(place, JSON.stringify(definition));
  const store = new (entityStore().EntityStore)(place, JSON.stringify({ readOnly: false }));
  const target = path.join(folder, 'flushed.parquet');
  const report = JSON.parse(await store.flush(JSON.stringify({ ...job, target }))) as FlushReport;
  store.close();
  const files = report.files.map((file) => file.path);
  const { rows, columns, seed } = definition;
  return {
    report,
    sha256: await Promise.all(files.map(sha256Of)),
    digests: await Promise.all(files.map(async (file) => (await factsOfFile(file)).facts.digest)),
    expected: JSON.parse(entityStore().expectedDigest(JSON.stringify({ rows, columns, seed }), '{}')) as Digest,
  };
}

export const essence = ({ rows, multiset, order }: Digest): readonly unknown[] => [rows, multiset, order];
