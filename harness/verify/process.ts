/** The verify process: a `VerifyJob` on stdin, an `Observation` on stdout. Exit code 1 with a sentence for a job that cannot be. */

import { text } from 'node:stream/consumers';
import { messageOf, Misuse } from '../misuse.js';
import type { VerifyJob } from '../types.js';
import { observe } from './observe.js';

try {
  const observation = await observe(JSON.parse(await text(process.stdin)) as VerifyJob);
  process.stdout.write(JSON.stringify(observation));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = error instanceof Misuse ? 1 : 70;
}
