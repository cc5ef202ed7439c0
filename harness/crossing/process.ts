/** The process of the JavaScript loop: a `CrossingJob` on stdin, a `CrossingReport` on stdout. */

import { text } from 'node:stream/consumers';
import { messageOf } from '../misuse.js';
import { crossInJavaScript } from './loop.js';
import type { CrossingJob } from './report.js';

try {
  const report = await crossInJavaScript(JSON.parse(await text(process.stdin)) as CrossingJob);
  process.stdout.write(JSON.stringify(report));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
