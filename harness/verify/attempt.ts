import { messageOf, Misuse } from '../misuse.js';
import type { Detector, Finding } from '../types.js';
import { finding } from './finding.js';

/** Runs one detector; whatever it throws is what it found. */
export async function attempt(
  detector: Detector,
  what: string,
  detect: () => Promise<readonly Finding[]> | readonly Finding[],
): Promise<readonly Finding[]> {
  try {
    return await detect();
  } catch (error) {
    if (error instanceof Misuse) throw error;
    return [finding(detector, what, 'a result', `failed: ${messageOf(error)}`)];
  }
}

/** The value, or the sentence with which it failed. */
export async function settled<T>(work: Promise<T>): Promise<T | string> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Misuse) throw error;
    return messageOf(error);
  }
}
