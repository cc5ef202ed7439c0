/** The native bytes are those of native/raw/CONTENT.md. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { writeFile } from '../../harness/raw/files.js';
import { freshFolder } from '../fixtures.js';
import { plainContent } from './plain-content.js';

const CONTENTS = [
  { seed: 0, size: 1, dedupRatio: 1, compressRatio: 1 },
  { seed: 1, size: 100_000, dedupRatio: 1, compressRatio: 1 },
  { seed: 2 ** 53 - 1, size: 12_288, dedupRatio: 1, compressRatio: 3.001 },
  { seed: 7, size: 2_500_000, dedupRatio: 2.5, compressRatio: 1000 },
  { seed: 8, size: 2_500_000, dedupRatio: 1000, compressRatio: 1.5 },
] as const;

test('a plain implementation makes the same bytes', async () => {
  const folder = freshFolder();
  for (const [index, content] of CONTENTS.entries()) {
    const file = path.join(folder, `${index}.bin`);
    await writeFile(file, { ...content, direct: false });
    const plain = plainContent({
      seed: BigInt(content.seed),
      size: content.size,
      dedup: Math.round(content.dedupRatio * 1000),
      compress: Math.round(content.compressRatio * 1000),
    });
    const found = readFileSync(file);
    assert.deepEqual([found.length, Buffer.compare(found, plain)], [content.size, 0], JSON.stringify(content));
  }
});
