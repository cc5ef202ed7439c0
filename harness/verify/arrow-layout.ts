/** Detector F of Arrow IPC: what an Arrow file or stream is made of, proved from its bytes. No body is read. */

import { open, type FileHandle } from 'node:fs/promises';
import { messageOf } from '../misuse.js';
import type { Finding } from '../types.js';
import { blockFindings, decodeFooter, schemaPairFindings, type ArrowFooter } from './arrow-footer.js';
import { messageAt, NO_END, PREFIX_BYTES, type Place } from './arrow-message.js';
import { CONTINUATION, type ArrowSchema } from './arrow-schema.js';
import { finding } from './finding.js';
import { notAFile } from './footer.js';
import { bytesAt } from './read-whole.js';

export const ARROW_MAGIC = 'ARROW1';
/** The magic at the start is padded to eight bytes, by arrow-rs to as many as buffers are aligned to. */
const HEAD_BYTES = 8;
const MOST_HEAD_BYTES = 64;
/** The footer's length and the magic. */
const TAIL_BYTES = 10;

const NO_FIRST_SCHEMA = 'the file has its schema in the footer only, not in front of its messages as the format asks';

export interface ArrowLayout {
  readonly kind: 'file' | 'stream';
  readonly schema: ArrowSchema;
  /** Dictionaries and batches in the order in which a reader takes them. */
  readonly messages: readonly Place[];
  /** Rows of the batches, as their messages count them. */
  readonly messageRows: readonly number[];
  /** The same of the batches that the footer lists; null in a stream. */
  readonly footerRows: readonly number[] | null;
  /** What is said to lie outside of the file, if anything: who believed it would ask for all memory. */
  readonly outside: string | null;
  readonly notes: readonly string[];
}

/** `layout` is null when there is nothing that could be read on; `findings` then says why. */
export interface LayoutReading {
  readonly layout: ArrowLayout | null;
  readonly findings: readonly Finding[];
}

interface Walk {
  readonly schema: ArrowSchema | null;
  readonly dictionaries: readonly Place[];
  readonly batches: readonly Place[];
  readonly all: readonly Place[];
  /** Rows of the batches by the offset of their messages. */
  readonly rows: ReadonlyMap<number, number>;
  /** Dictionaries that came a second time, whole. */
  readonly replaced: readonly number[];
  /** Behind the end-of-stream marker; null where there is none. */
  readonly end: number | null;
  readonly broken: string | null;
}

/** Goes from message to message, over their bodies. In a file the footer has the schema, and apache-arrow leaves out the one in front. */
async function walk(file: FileHandle, start: number, end: number, needsSchema: boolean): Promise<Walk> {
  const [dictionaries, batches, all]: [Place[], Place[], Place[]] = [[], [], []];
  const rows = new Map<number, number>();
  const known = new Set<number>();
  const replaced: number[] = [];
  let schema: ArrowSchema | null = null;
  let offset = start;
  const so = (ended: number | null, broken: string | null): Walk => {
    return { schema, dictionaries, batches, all, rows, replaced, end: ended, broken };
  };
  for (;;) {
    const index = all.length;
    try {
      const found = await messageAt(file, offset, end);
      if (found === null)
        return so(offset + 8, schema === null && needsSchema ? 'the stream ends before a schema' : null);
      const { place, message } = found;
      const { content } = message;
      const isFirst = offset === start;
      if (content.kind === 'schema' && !isFirst) return so(null, `message ${index} at byte ${offset}: a second schema`);
      if (content.kind !== 'schema' && isFirst && needsSchema) {
        return so(null, `message ${index} at byte ${offset}: expected a schema first`);
      }
      offset += place.metadataBytes + place.bodyBytes;
      if (content.kind === 'schema') {
        schema = content.schema;
        continue;
      }
      all.push(place);
      if (content.kind === 'batch') {
        batches.push(place);
        rows.set(place.offset, content.batch.rows);
        continue;
      }
      dictionaries.push(place);
      if (known.has(content.id) && !content.isDelta) replaced.push(content.id);
      known.add(content.id);
    } catch (error) {
      return so(null, `message ${index} at byte ${offset}: ${messageOf(error)}`);
    }
  }
}

const printable = (bytes: Buffer): string => JSON.stringify(bytes.toString('latin1'));

async function readStream(file: FileHandle, size: number): Promise<LayoutReading> {
  const walked = await walk(file, 0, size, true);
  const findings: Finding[] = [];
  if (walked.broken !== null) {
    findings.push(finding('F', 'messages of the stream', 'whole, up to an end-of-stream marker', walked.broken));
  } else if (walked.end !== size) {
    findings.push(finding('F', 'bytes behind the end of the stream', 0, size - (walked.end ?? 0)));
  }
  if (walked.schema === null) return { layout: null, findings };
  const messageRows = walked.batches.map(({ offset }) => walked.rows.get(offset) ?? 0);
  const layout: ArrowLayout = {
    kind: 'stream',
    schema: walked.schema,
    messages: walked.all,
    messageRows,
    footerRows: null,
    outside: walked.broken === null || walked.broken.includes(NO_END) ? null : walked.broken,
    notes: [],
  };
  return { layout, findings };
}

/** What is wrong between the footer and the messages before it. */
function footerFindings(footer: ArrowFooter, walked: Walk, footerStart: number): readonly Finding[] {
  const findings: Finding[] = [];
  if (walked.broken !== null) {
    findings.push(finding('F', 'messages before the footer', 'whole, up to an end-of-stream marker', walked.broken));
  } else if (walked.end !== footerStart) {
    findings.push(finding('F', 'bytes between the last message and the footer', 0, footerStart - (walked.end ?? 0)));
  }
  if (walked.schema !== null) findings.push(...schemaPairFindings(footer.schema, walked.schema));
  for (const id of new Set(walked.replaced)) {
    findings.push(
      finding('F', `dictionary ${id} of a file`, 'once, and deltas', 'replaced, which only a stream may do'),
    );
  }
  // Behind a broken message nothing is known to be missing.
  if (walked.broken !== null) return findings;
  return [
    ...findings,
    ...blockFindings('dictionary', footer.dictionaries, walked.dictionaries),
    ...blockFindings('batch', footer.batches, walked.batches),
  ];
}

/** The footer's blocks that could be messages at all; a reader is not sent to any others. */
function insideFile(places: readonly Place[], footerStart: number): readonly Place[] {
  return places.filter(({ offset, metadataBytes, bodyBytes }) => {
    const sound = [offset, metadataBytes, bodyBytes].every((value) => Number.isSafeInteger(value) && value >= 0);
    return sound && offset >= HEAD_BYTES && metadataBytes > 0 && offset + metadataBytes + bodyBytes <= footerStart;
  });
}

/** Where the first message begins. */
async function firstMessage(file: FileHandle, footerStart: number): Promise<number> {
  const bytes = await bytesAt(file, 0, Math.min(MOST_HEAD_BYTES + PREFIX_BYTES, footerStart));
  let start = HEAD_BYTES;
  while (start < MOST_HEAD_BYTES && bytes.subarray(start, start + PREFIX_BYTES).every((byte) => byte === 0)) {
    start += PREFIX_BYTES;
  }
  return start;
}

async function readFile(file: FileHandle, size: number): Promise<LayoutReading> {
  const wrong = (what: string, expected: string, actual: string): LayoutReading => {
    return { layout: null, findings: [finding('F', what, expected, actual)] };
  };
  const least = HEAD_BYTES + TAIL_BYTES;
  if (size < least) return wrong('size of an Arrow file', `at least ${least} bytes`, `${size} bytes`);
  const tail = await bytesAt(file, size - TAIL_BYTES, TAIL_BYTES);
  const end = tail.subarray(4);
  if (end.toString('latin1') !== ARROW_MAGIC) {
    return wrong('last six bytes', JSON.stringify(ARROW_MAGIC), printable(end));
  }
  const footerBytes = tail.readInt32LE(0);
  if (footerBytes <= 0 || footerBytes > size - least) {
    return wrong('length of the footer', `1 to ${size - least} bytes`, `${footerBytes} bytes`);
  }
  const footerStart = size - TAIL_BYTES - footerBytes;
  let footer: ArrowFooter;
  try {
    footer = decodeFooter(await bytesAt(file, footerStart, footerBytes));
  } catch (error) {
    return wrong('footer', 'Arrow metadata', `not readable: ${messageOf(error)}`);
  }
  const walked = await walk(file, await firstMessage(file, footerStart), footerStart, false);
  const messageRows = walked.batches.map(({ offset }) => walked.rows.get(offset) ?? 0);
  const batches = insideFile(footer.batches, footerStart);
  const dictionaries = insideFile(footer.dictionaries, footerStart);
  return {
    layout: {
      kind: 'file',
      schema: footer.schema,
      messages: [...dictionaries, ...batches],
      messageRows,
      footerRows: batches.map(({ offset }) => walked.rows.get(offset) ?? 0),
      outside:
        batches.length < footer.batches.length || dictionaries.length < footer.dictionaries.length
          ? 'a block of the footer'
          : null,
      notes: walked.schema === null && walked.broken === null ? [NO_FIRST_SCHEMA] : [],
    },
    findings: footerFindings(footer, walked, footerStart),
  };
}

async function readOpened(file: FileHandle): Promise<LayoutReading> {
  const { size } = await file.stat();
  const head = await bytesAt(file, 0, HEAD_BYTES);
  if (head.subarray(0, ARROW_MAGIC.length).toString('latin1') === ARROW_MAGIC) return readFile(file, size);
  if (head.length >= 4 && head.readUInt32LE(0) === CONTINUATION) return readStream(file, size);
  const expected = `${JSON.stringify(ARROW_MAGIC)} of a file, or the marker ffffffff of a stream`;
  return { layout: null, findings: [finding('F', 'first six bytes', expected, printable(head.subarray(0, 6)))] };
}

export async function readLayout(path: string): Promise<LayoutReading> {
  const other = await notAFile(path);
  if (other !== null) {
    return { layout: null, findings: [finding('F', 'what lies at the target', 'an Arrow file', other)] };
  }
  const file = await open(path, 'r');
  try {
    return await readOpened(file);
  } finally {
    await file.close();
  }
}
