/**
 * The detectors of Lance. No second implementation reads it: rows come from the writer's own library, in this process and freshly
 * opened, and manifest and files are checked by our own few lines.
 */

import { builtFile } from '../paths.js';
import type { Field, Finding, Observation, ReaderReport, VerifyJob } from '../types.js';
import { settled } from './attempt.js';
import { readByPlugIn, type PlugInReading } from './by-plug-in.js';
import { cacheNote } from './cache-note.js';
import { digestFindings, rowFindings } from './contents.js';
import { fieldFindings } from './field-findings.js';
import { finding, noInput } from './finding.js';
import { dataFindings } from './lance-files.js';
import { readManifest, type LanceManifest } from './lance-manifest.js';
import { asKept } from './lance-type.js';
import { nonceFindings } from './nonce.js';
import { ALWAYS, requireVersion, type Seen } from './reading.js';

export const LANCE_RS = 'lance-rs';

/** Which library streams Lance datasets. */
export const lanceLibrary = (): string => builtFile('libwriteproof_lance.so');

const NO_STATISTICS = 'Lance keeps no statistics of columns in a manifest: detector P has nothing to compare';

export const rowsOf = (manifest: LanceManifest): number =>
  manifest.fragments.reduce((sum, fragment) => sum + fragment.rows, 0);

function unreadable(findings: readonly Finding[]): Seen {
  const reason = findings.map(({ what, actual }) => `${what}: ${actual}`).join('; ');
  const blind = noInput(['S', 'N', 'M', 'O', 'C', 'X'], reason);
  const ran: Observation['ran'] = [...ALWAYS, 'X'];
  return { findings: [...findings, ...blind], ran, readers: [], metadataRows: null, notes: [], reading: null };
}

/** The stream's columns must be the manifest's, whatever these are. */
export function streamFindings(declared: readonly Field[], streamed: readonly Field[]): readonly Finding[] {
  return fieldFindings(declared, streamed).map((found) => ({
    ...found,
    what: `${found.what}, as ${LANCE_RS} reads it`,
  }));
}

function contentFindings(job: VerifyJob, manifest: LanceManifest, reading: PlugInReading | string): readonly Finding[] {
  const inManifest = [['rows of all fragments in the manifest', rowsOf(manifest)]] as const;
  if (typeof reading === 'string') {
    const failed = finding('X', `reading in full by ${LANCE_RS}`, 'a digest', `failed: ${reading}`);
    const { facts } = job;
    const blind = noInput(['N', 'M', 'O', 'C'], `${LANCE_RS} cannot read the target`);
    return [failed, ...rowFindings(facts, inManifest, facts.rows), ...blind];
  }
  requireVersion(job, reading.digest);
  return [
    ...streamFindings(manifest.fields, reading.schema),
    ...rowFindings(job.facts, inManifest, reading.rows),
    ...digestFindings(job.facts, reading.digest),
  ];
}

export async function observeLance(job: VerifyJob): Promise<Seen> {
  const { manifest, findings: format } = await readManifest(job.target, job.interrupted === true);
  if (manifest === null) return unreadable(format);
  const note = cacheNote(job);
  const isOurs = job.nonce !== null && job.interrupted !== true;
  const files = await dataFindings(job.target, manifest, isOurs);
  const reading = await settled(readByPlugIn(lanceLibrary(), job.target, job.facts.firstRow));
  const { fields, notes } = asKept(job.facts.schema);
  const findings: Finding[] = [
    ...format,
    ...files,
    ...fieldFindings(fields, manifest.fields),
    ...nonceFindings(job.nonce, manifest.metadata),
    ...contentFindings(job, manifest, reading),
  ];
  const readers: ReaderReport[] = [];
  if (typeof reading !== 'string') {
    readers.push({ reader: LANCE_RS, independence: 'same implementation', rows: reading.rows, ns: reading.ns });
  }
  return {
    findings,
    ran: typeof reading === 'string' ? [...ALWAYS, 'X'] : ALWAYS,
    readers,
    metadataRows: rowsOf(manifest),
    notes: [NO_STATISTICS, ...notes, note],
    reading: typeof reading === 'string' ? null : reading,
  };
}
