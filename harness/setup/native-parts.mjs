/** Builds the native parts of this checkout where they are missing or stale, and nothing else: a harness that runs from `dist` may call it. */
import { buildEngine, buildEntityStore, buildLance } from './native.mjs';
import { requirePrerequisites } from './prerequisites.mjs';

requirePrerequisites();
buildEngine();
buildLance();
buildEntityStore();
