/** A damaged schema of Arrow's own metadata is refused or read: no count of it keeps anybody busy with entries that are not there. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { schemaOfMessage } from '../../harness/verify/arrow-schema.js';
import { messageOf } from '../../harness/misuse.js';

test('every bit of a schema message flipped ends in a schema or a sentence', () => {
  const message = tableToIPC(tableFromArrays({ key: [1, 2], list: [[1], [2, 3]] }), 'stream');
  const length = 8 + new DataView(message.buffer, message.byteOffset).getInt32(4, true);
  const ends = Array.from({ length: length * 8 }, (_, place) => {
    const bytes = message.slice(0, length);
    bytes[place >> 3] = (bytes[place >> 3] ?? 0) ^ (1 << (place & 7));
    try {
      return schemaOfMessage(bytes).fields.length >= 0 ? 'read' : 'none';
    } catch (error) {
      return messageOf(error);
    }
  });
  const counts = ends.filter((end) => / in metadata of \d+ bytes$/.test(end));
  assert.ok(counts.length > 10, `${counts.length} of ${ends.length} are refused for a count`);
  assert.equal(ends.includes(''), false);
});
