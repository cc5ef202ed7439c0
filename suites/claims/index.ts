/** The registry of claims, by the system that published them. */
import { accumulateOrStream } from './accumulate-or-stream.js';
import { entityScans } from './entity-scans.js';
import { lostDevice } from './lost-device.js';
import { neverUsed } from './never-used.js';
import type { SystemSpec } from './types.js';
import { zeroRows } from './zero-rows.js';

export const SYSTEMS: readonly SystemSpec[] = [accumulateOrStream, neverUsed, zeroRows, entityScans, lostDevice];
