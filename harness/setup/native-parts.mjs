/**
 * Builds the native parts that gates measure, where they are missing or stale, and nothing else: a harness that runs from `dist` may call it.
 * No gate scans, so the entity store, which takes longest, is none of them.
 */
import { buildEngine, buildLance } from './native.mjs';
import { requirePrerequisites } from './prerequisites.mjs';

requirePrerequisites();
buildEngine();
buildLance();
