/** The blocks of a gate as they lie there, finished or not; nothing is changed, for the gate may still be running. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Block } from '../gate/types.js';
import { Misuse, messageOf } from '../misuse.js';

const BLOCKS_FILE = 'blocks.jsonl';

/** A last line that was cut off, or is being written, is left out. */
export async function readBlocks(folder: string): Promise<readonly Block[]> {
  const file = path.join(folder, BLOCKS_FILE);
  const lines = existsSync(file) ? (await readFile(file, 'utf8')).split('\n').slice(0, -1) : [];
  return lines.map((line, index) => {
    try {
      const block = JSON.parse(line) as Block;
      if (!Array.isArray(block.pairs)) throw new Error('expected a block with its pairs');
      return block;
    } catch (error) {
      throw new Misuse(`${BLOCKS_FILE} is damaged in line ${index + 1}: ${messageOf(error)}.`);
    }
  });
}
