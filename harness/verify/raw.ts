/** The detectors of raw bytes, which say nothing of themselves but what is in their blocks: length, digest, and each block made again. */

import { stat } from 'node:fs/promises';
import { RAW_SEED, RAW_TABLE } from '../defaults.js';
import { Misuse } from '../misuse.js';
import { readAndValidate } from '../raw/files.js';
import { coldText, extentText, lengthText } from '../raw/texts.js';
import type { Validation } from '../raw/types.js';
import type { Facts, Finding, VerifyJob } from '../types.js';
import { settled } from './attempt.js';
import { NODE_FS, readByNode } from './by-node.js';
import { cacheNote } from './cache-note.js';
import { digestFindings, rowFindings } from './contents.js';
import { finding, noInput } from './finding.js';
import { ALWAYS, reportOf, requireVersion, type Seen } from './reading.js';

/** Bytes of the rows of these facts. */
function bytesOf({ schema, digest, table }: Facts): number {
  const [column, ...others] = digest.columns;
  if (column === undefined || others.length > 0 || schema[0]?.type !== 'binary') {
    throw new Misuse(`table ${table} is not one column of binary: files of raw bytes hold nothing else.`);
  }
  return column.bytes;
}

/** What stands in the file at the first bad extents, block by block. */
export function blockFindings(validation: Validation): readonly Finding[] {
  const { badBlocks, badExtents, extents } = validation;
  const length = lengthText(validation);
  const lengths = length === null ? [] : [finding('B', 'bytes of the content', validation.expected.size, length)];
  if (badBlocks === 0) return lengths;
  const more = badExtents > extents.length ? [`and ${badExtents - extents.length} extents more`] : [];
  const where = [...extents.map(extentText), ...more].join('; ');
  return [
    ...lengths,
    finding('B', `blocks of 4096 bytes that are wrong, in ${badExtents} extents`, 0, `${badBlocks}: ${where}`),
  ];
}

export async function observeRaw(job: VerifyJob): Promise<Seen> {
  const { facts, target } = job;
  const expected = bytesOf(facts);
  const notes = [
    cacheNote(job),
    'raw bytes hold no schema, no statistics and no nonce: detectors S and P compare nothing',
  ];
  const size = await settled(stat(target).then((found) => found.size));
  if (typeof size === 'string') {
    const findings = [finding('F', 'file', 'there', size), ...noInput(['N', 'M', 'O', 'C', 'B'], size)];
    return { findings, ran: [...ALWAYS, 'B'], readers: [], metadataRows: null, notes, reading: null };
  }
  const findings: Finding[] = [];
  if (size !== expected) findings.push(finding('Z', 'bytes of the file', expected, size));
  const reading = await settled(readByNode(target, facts.schema, facts.firstRow));
  if (typeof reading === 'string') {
    findings.push(finding('F', `reading in full by ${NODE_FS}`, 'a digest', `failed: ${reading}`));
    findings.push(...noInput(['N', 'M', 'O', 'C'], `${NODE_FS} cannot read the target`));
  } else {
    requireVersion(job, reading.digest);
    const blocks = Math.ceil(size / 4096);
    findings.push(...rowFindings(facts, [['blocks by the length of the file', blocks]], reading.rows));
    findings.push(...digestFindings(facts, reading.digest));
  }
  const read = { ran: ALWAYS, readers: typeof reading === 'string' ? [] : [reportOf(job, NODE_FS, reading)] };
  const rest = { metadataRows: null, reading: typeof reading === 'string' ? null : reading };
  if (facts.table !== RAW_TABLE || facts.part.count > 1) {
    notes.push('not one whole content of the table raw: detector B compares nothing');
    return { ...read, ...rest, findings, notes };
  }
  const validation = await settled(readAndValidate(target, { size: facts.scale, seed: RAW_SEED }));
  if (typeof validation === 'string') {
    findings.push(finding('B', 'reading block by block', 'every block', `failed: ${validation}`));
  } else {
    findings.push(...blockFindings(validation));
    notes.push(`blocks were ${coldText(validation)}`);
  }
  return { ...read, ...rest, ran: [...ALWAYS, 'B'], findings, notes };
}
