/** Files of one JSON document a line, of which a kill may have cut off the last. */

import { existsSync } from 'node:fs';
import { readFile, truncate } from 'node:fs/promises';
import path from 'node:path';
import { Misuse, messageOf } from './misuse.js';

/**
 * The whole lines; none where there is no file. `parse` may throw; a damaged line is named. A last line without its end is left out, and where
 * the file is to grow it is removed, so that the next one starts a line of its own.
 */
export async function readJsonLines<Line>(
  file: string,
  cut: 'leave' | 'remove',
  parse: (line: string) => Line = (line) => JSON.parse(line) as Line,
): Promise<readonly Line[]> {
  if (!existsSync(file)) return [];
  const text = await readFile(file, 'utf8');
  const lines = text.split('\n');
  const tail = lines.pop() ?? '';
  if (cut === 'remove' && tail !== '') await truncate(file, Buffer.byteLength(text) - Buffer.byteLength(tail));
  return lines.map((line, index) => {
    try {
      return parse(line);
    } catch (error) {
      throw new Misuse(`${path.basename(file)} is damaged in line ${index + 1}: ${messageOf(error)}.`);
    }
  });
}
