/** The registry of suites; the first is the one that `npm start` runs. */
import type { SuiteSpec } from '../types.js';
import { batchSize } from './batch-size.js';
import { commits } from './commits.js';
import { crossing } from './crossing.js';
import { gate } from './gate.js';
import { flush } from './flush.js';
import { growth } from './growth.js';
import { ipc } from './ipc.js';
import { js } from './js.js';
import { nightly } from './nightly.js';
import { overlap } from './overlap.js';
import { peers } from './peers.js';
import { quick } from './quick.js';
import { raw } from './raw.js';
import { scale } from './scale.js';
import { scans } from './scan.js';
import { smoke } from './smoke.js';

export const SUITES: readonly SuiteSpec[] = [
  quick,
  smoke,
  peers,
  growth,
  ipc,
  batchSize,
  flush,
  commits,
  overlap,
  scale,
  js,
  crossing,
  raw,
  scans,
  nightly,
  gate,
];
