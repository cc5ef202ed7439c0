/** Runs the commands of the set-up: prints a heading with the time taken, and stops at the first failure. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The checkout's top folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Runs a command in the checkout with the terminal's own streams; stdout goes to stderr, so that what a command prints on
 * stdout stays its result. Ends this process with the command's exit code when that is not 0.
 * @param {string} what  heading, such as "Building the native parts"
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, stdout?: 'stderr' | 'inherit' }} [options]
 */
export function step(what, command, args, options = {}) {
  const started = performance.now();
  console.error(`── ${what}`);
  const stdout = options.stdout === 'inherit' ? 'inherit' : 2;
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['inherit', stdout, 'inherit'],
    env: { ...process.env, ...options.env },
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (result.error !== undefined) {
    console.error(`${what}: ${command} could not be run: ${result.error.message}`);
    process.exit(1);
  }
  if (result.status !== 0) {
    console.error(
      `${what}: "${command} ${args.join(' ')}" ended with ${result.signal ?? `exit code ${result.status}`}`,
    );
    process.exit(result.status ?? 1);
  }
  console.error(`── ${what}: ${seconds} s`);
}
