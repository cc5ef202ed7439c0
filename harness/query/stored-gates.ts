/** Gates as they were stored: results/gates/<id>/gate.json, and its blocks in blocks.jsonl. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Block, GateResult } from '../gate/types.js';
import { Misuse, messageOf } from '../misuse.js';

export const GATE_FILE = 'gate.json';
export const BLOCKS_FILE = 'blocks.jsonl';

export interface StoredGate {
  readonly result: GateResult;
  readonly blocks: readonly Block[];
}

/** The blocks of a folder. A last line that was cut off is left out, as the gate itself measures it again. */
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

export async function readStoredGate(folder: string): Promise<StoredGate> {
  let document: Partial<GateResult>;
  try {
    document = JSON.parse(await readFile(path.join(folder, GATE_FILE), 'utf8')) as Partial<GateResult>;
  } catch (error) {
    throw new Misuse(`${GATE_FILE} is damaged: ${messageOf(error)}.`);
  }
  if (document.gate === undefined || !Array.isArray(document.lines)) {
    throw new Misuse(`${GATE_FILE} holds no gate: expected its gate and its lines.`);
  }
  return { result: document as GateResult, blocks: await readBlocks(folder) };
}
