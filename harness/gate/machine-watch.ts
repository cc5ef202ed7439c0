/** What a block is watched with. */

import type { Bench } from './block.js';

export const openMachine = (): Omit<Bench, 'repeat'> => ({
  canary: async () => Promise.resolve({ version: 0, writeNs: 0, encodeNs: 0 }),
  watch: () => () => ({ steal: null, cpuPressure: null, ioPressure: null, memoryPressure: null }),
  disturbance: () => null,
});
