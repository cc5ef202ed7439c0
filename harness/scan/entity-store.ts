/** The entity store's face in Node: native/build/writeproof-entity-store.node, built by `npm run setup`. Errors are sentences. */

import { createRequire } from 'node:module';
import { builtFile } from '../paths.js';

export interface PreparedScan {
  /** Scans, keeps the batches in place of the last ones, and returns their rows. */
  run(): number;
  /** The same, counted: `Counted` as JSON. */
  runMeasured(): string;
  /** `Digest` as JSON of the batches that are kept. */
  digest(): string;
  release(): void;
}

export interface EntityStore {
  /** `StoreFacts` as JSON. */
  facts(): string;
  /** `Query` and `Strategy` of suites/scans as JSON. */
  prepare(query: string, strategy: string, options: string): PreparedScan;
  /** `FlushJob` as JSON → `FlushReport` as JSON. */
  flush(job: string): Promise<string>;
  close(): void;
}

export interface EntityStoreAddon {
  /** `StoreDefinition` as JSON → `{rows, deleted, bytes}` as JSON. Leaves nothing where it fails. */
  buildEntityStore(path: string, definition: string): Promise<string>;
  /** What a query gives, by the definition alone: `Digest` as JSON. */
  expectedDigest(definition: string, query: string): string;
  /** Nanoseconds of making a batch of columns that are there; `step`: `{rows, columns, times}` as JSON. */
  measureBatchCreation(step: string, unchecked: boolean): number;
  /** Nanoseconds of building the columns of rows in memory. */
  measureColumnBuilding(step: string, onePass: boolean): number;
  readonly EntityStore: new (path: string, options: string) => EntityStore;
}

let loaded: EntityStoreAddon | undefined;

export const ENTITY_STORE_FILE = 'writeproof-entity-store.node';
export const COUNT_MALLOC_FILE = 'libwriteproof_count_malloc.so';

/** Loads the addon on first use. Throws `Misuse` when it is not built. */
export function entityStore(): EntityStoreAddon {
  loaded ??= createRequire(import.meta.url)(builtFile(ENTITY_STORE_FILE)) as EntityStoreAddon;
  return loaded;
}
