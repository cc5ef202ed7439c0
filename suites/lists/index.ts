/** The registry of suites; the first is the one that `npm start` runs. */
import type { SuiteSpec } from '../types.js';
import { growth } from './growth.js';
import { peers } from './peers.js';
import { quick } from './quick.js';
import { smoke } from './smoke.js';

export const SUITES: readonly SuiteSpec[] = [quick, smoke, peers, growth];
