/**
 * Loaded in front of a command and of every process that it starts (`node --import`): changes a file at a moment that does not depend on time.
 * WRITEPROOF_TEST_CHANGE is a `Change` as JSON.
 */

import { appendFileSync, utimesSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

export interface Change {
  readonly file: string;
  /** Name of the script in whose process it happens. */
  readonly script: string;
  /** When the process starts, or right after it opened the file for the first time. */
  readonly when: 'start' | 'open';
  /** Of its bytes, or of its times alone. */
  readonly what: 'bytes' | 'times';
}

const { file, script, when, what } = JSON.parse(process.env['WRITEPROOF_TEST_CHANGE'] ?? '{}') as Change;
let changed = false;

function change(): void {
  if (changed) return;
  changed = true;
  if (what === 'bytes') appendFileSync(file, 'x');
  else utimesSync(file, 1, 1);
}

if (path.basename(process.argv[1] ?? '') === script) {
  if (when === 'start') change();
  const { open } = promises;
  promises.open = async (...asked) => {
    const opened = await open(...asked);
    if (path.resolve(String(asked[0])) === file) change();
    return opened;
  };
  syncBuiltinESMExports();
}
