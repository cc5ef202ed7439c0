/** The blocks of a gate as they lie there, finished or not; nothing is changed, for the gate may still be running. */

import path from 'node:path';
import type { Block } from '../gate/types.js';
import { readJsonLines } from '../json-lines.js';

const BLOCKS_FILE = 'blocks.jsonl';

/** A last line that was cut off, or is being written, is left out. */
export async function readBlocks(folder: string): Promise<readonly Block[]> {
  return readJsonLines(path.join(folder, BLOCKS_FILE), 'leave', (line) => {
    const block = JSON.parse(line) as Block;
    if (!Array.isArray(block.pairs)) throw new Error('expected a block with its pairs');
    return block;
  });
}
