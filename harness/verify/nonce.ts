import type { Finding } from '../types.js';
import { finding } from './finding.js';

/** Key of the schema metadata under which a writer stores the nonce of its run (WRITEPROOF_NONCE_KEY of writeproof.h). */
export const NONCE_KEY = 'writeproof.nonce';

/** An older file may hold equal rows; it cannot hold this run's nonce. */
export function nonceFindings(nonce: string | null, keyValues: ReadonlyMap<string, string>): readonly Finding[] {
  const found = keyValues.get(NONCE_KEY);
  if (nonce === null || found === nonce) return [];
  return [finding('M', `nonce of the run (${NONCE_KEY})`, nonce, found ?? 'none')];
}
