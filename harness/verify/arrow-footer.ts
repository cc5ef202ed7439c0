/** The footer of an Arrow IPC file. */

import { ByteBuffer } from 'flatbuffers';
import type { Block } from 'apache-arrow/fb/block';
import { Footer } from 'apache-arrow/fb/footer';
import type { Finding } from '../types.js';
import type { Place } from './arrow-message.js';
import { schemaOf, type ArrowSchema } from './arrow-schema.js';
import { finding } from './finding.js';

export interface ArrowFooter {
  readonly schema: ArrowSchema;
  readonly dictionaries: readonly Place[];
  readonly batches: readonly Place[];
}

/** A block in a footer. */
const BLOCK_BYTES = 24;

function placeOf(block: Block | null): Place {
  return {
    offset: Number(block?.offset() ?? -1n),
    metadataBytes: block?.metaDataLength() ?? -1,
    bodyBytes: Number(block?.bodyLength() ?? -1n),
  };
}

/** Throws a sentence. */
export function decodeFooter(bytes: Uint8Array): ArrowFooter {
  const footer = Footer.getRootAsFooter(new ByteBuffer(bytes));
  const schema = footer.schema();
  if (schema === null) throw new Error('a footer without a schema');
  const counts = [footer.dictionariesLength(), footer.recordBatchesLength()] as const;
  if ((counts[0] + counts[1]) * BLOCK_BYTES > bytes.length) {
    throw new Error(`${counts[0]} dictionaries and ${counts[1]} batches in a footer of ${bytes.length} bytes`);
  }
  return {
    schema: schemaOf(schema),
    dictionaries: Array.from({ length: counts[0] }, (_, index) => placeOf(footer.dictionaries(index))),
    batches: Array.from({ length: counts[1] }, (_, index) => placeOf(footer.recordBatches(index))),
  };
}

const describe = ({ offset, metadataBytes, bodyBytes }: Place): string =>
  `byte ${offset}, ${metadataBytes} of metadata and ${bodyBytes} of body`;

/** The blocks of the footer against the messages that lie in the file, in its order. */
export function blockFindings(what: string, blocks: readonly Place[], messages: readonly Place[]): readonly Finding[] {
  const findings: Finding[] = [];
  const [listed, there] = [new Set(blocks.map(describe)), new Set(messages.map(describe))];
  const extra = blocks.findIndex((block) => !there.has(describe(block)));
  const missing = messages.findIndex((message) => !listed.has(describe(message)));
  const [wrong, hidden] = [blocks[extra], messages[missing]];
  if (wrong !== undefined) {
    const nearest = messages[extra];
    const expected = nearest === undefined ? 'none' : describe(nearest);
    findings.push(finding('F', `${what} ${extra} in the footer`, expected, describe(wrong)));
  }
  if (hidden !== undefined) {
    findings.push(
      finding('F', `${what} ${missing} of the file`, 'listed in the footer', `not listed: ${describe(hidden)}`),
    );
  }
  if (blocks.length !== messages.length || listed.size !== blocks.length) {
    findings.push(finding('F', `number of ${what} blocks in the footer`, messages.length, blocks.length));
  }
  return findings;
}

/** Two schemas of one file must be one schema. */
export function schemaPairFindings(ofFooter: ArrowSchema, ofStream: ArrowSchema): readonly Finding[] {
  const text = ({ fields, dictionaryIds, metadata }: ArrowSchema): string =>
    JSON.stringify({ fields, dictionaryIds, metadata: [...metadata].sort() });
  if (text(ofFooter) === text(ofStream)) return [];
  return [finding('F', 'schema in the footer', text(ofStream), text(ofFooter))];
}
