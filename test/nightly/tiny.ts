/** The command `nightly` over two small suites and a tree without a release, as the test of the whole starts it. */

import { Command } from 'commander';
import { nightlyCommand } from '../../harness/cli/nightly.js';
import { REGISTRY } from '../../suites/index.js';
import type { SuiteSpec } from '../../suites/types.js';

const tiny = (name: string, tables: readonly string[], repeat: number): SuiteSpec => ({
  name,
  about: 'tiny',
  repeat,
  blocks: [{ tables, scales: [0.01], writers: ['parquet'], variants: ['stream'] }],
  comparisons: [],
  limits: [],
});

const suites = [tiny('nightly', ['region', 'orders'], 3), tiny('gate', ['orders'], 1)];
const program = new Command('writeproof');
nightlyCommand({ ...REGISTRY, suites }, () => ({ why: 'this tree has no release' }))(program);
await program.parseAsync();
