/** One set-up at a time where several checkouts share what is built. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

const LOOK_MS = 500;

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * @param {string} path
 * @returns {boolean} whether the lock is now ours
 */
function take(path) {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {number | null} whose it is; null where its owner has just given it back, or has not said yet
 */
function ownerOf(path) {
  try {
    return Number(readFileSync(path, 'utf8')) || null;
  } catch {
    return null;
  }
}

/**
 * Does the work while no other process holds the lock; that of a process that has ended counts for nothing.
 * @template T
 * @param {string} path  of the lock, a file in a folder that exists
 * @param {() => T} work
 * @returns {T}
 */
export function locked(path, work) {
  let told = false;
  while (!take(path)) {
    const owner = ownerOf(path);
    if (owner !== null && !isAlive(owner)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!told) console.error(`── Waiting for another build here (process ${owner ?? 'unknown'})`);
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
  }
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}
