/**
 * Reads a file in a process of its own, because a damaged one may end its reader: a `ContentsJob` on stdin, on stdout its `FileContents`,
 * or `{damaged}` with the sentence. Exit code 1 with a sentence where nothing can be said of the file.
 */

import { text } from 'node:stream/consumers';
import { messageOf } from '../misuse.js';
import { contentsOf, Damaged, type ContentsJob } from './file-contents.js';

try {
  process.stdout.write(JSON.stringify(await contentsOf(JSON.parse(await text(process.stdin)) as ContentsJob)));
} catch (error) {
  if (error instanceof Damaged) {
    process.stdout.write(JSON.stringify({ damaged: error.message }));
  } else {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
