/** The command `faults` over a catalogue of two, as the test of the whole starts it. */

import { Command } from 'commander';
import { faultsCommand } from '../../harness/cli/faults.js';
import { withFaultyWriters, type FaultSpec } from '../../suites/faults/index.js';
import { REGISTRY } from '../../suites/index.js';

const ONES: readonly FaultSpec[] = [
  { name: 'slow-sleep', about: 'loses time, and tells no lie', seenIn: 'nowhere', mustFire: 'M', options: 'share=1' },
  { name: 'null-lost', about: 'loses nulls of a table that has none', seenIn: 'nowhere', mustFire: 'C' },
  { name: 'row-shuffle', about: 'shuffles, and N is said to see it', seenIn: 'nowhere', mustFire: 'NO' },
];

const program = new Command('writeproof');
const writers = withFaultyWriters(REGISTRY.writers);
faultsCommand({ ...REGISTRY, writers, faults: ONES, justified: {} })(program);
await program.parseAsync();
