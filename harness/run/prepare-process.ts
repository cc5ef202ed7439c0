/** Makes a prepared file of a user's own in a process of its own: a damaged file must not end the run. A `PrepareFileJob` on stdin, `Facts` on stdout. */

import { text } from 'node:stream/consumers';
import { messageOf } from '../misuse.js';
import { addon } from '../native.js';

try {
  process.stdout.write(addon().prepareFile(await text(process.stdin)));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
