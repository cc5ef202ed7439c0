/** All registries in one value, so that a plan can be made from others in a test. */
import { SUITES } from './lists/index.js';
import { TABLES } from './tables/index.js';
import type { SuiteSpec, TableSpec, WriterSpec } from './types.js';
import { WRITERS } from './writers/index.js';

export interface Registry {
  readonly tables: readonly TableSpec[];
  readonly writers: readonly WriterSpec[];
  readonly suites: readonly SuiteSpec[];
}

export const REGISTRY: Registry = { tables: TABLES, writers: WRITERS, suites: SUITES };
