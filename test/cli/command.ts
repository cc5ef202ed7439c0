/** The command as a user starts it, in an empty working directory. */

import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PACKAGE_ROOT } from '../../harness/paths.js';

const PROGRAM = path.join(PACKAGE_ROOT, 'harness', 'cli', 'writeproof.mjs');

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A working directory for a test, and what removes it. */
export function workspace(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'writeproof-cli-'));
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function writeproof(
  folder: string,
  argv: readonly string[],
  environment: object = {},
  timeout = 600_000,
): Promise<Ended> {
  const env = { ...process.env, NO_COLOR: '1', ...environment };
  return new Promise((resolve) => {
    // A command that never ends fails its test instead of holding up all of them.
    const limits = { maxBuffer: 64 * 2 ** 20, timeout };
    const child = execFile(
      process.execPath,
      [PROGRAM, ...argv],
      { cwd: folder, env, ...limits },
      (_, stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, stdout, stderr });
      },
    );
  });
}

export const held = (folder: string): readonly string[] => readdirSync(folder).sort();
