/** The id of a case: `table@scale/writer/variant`, then `;key=value` for each option that differs from its default. */

import { DEFAULT_OPTIONS, SIZED_TABLES } from '../defaults.js';
import type { Case, CaseOptions, Source, WriteCase } from '../types.js';
import { exactBytes } from './values.js';
import { optionText } from './writer-options.js';

type Named = Pick<WriteCase, 'table' | 'scale' | 'writer' | 'variant' | 'source' | 'options'>;

/** A table at a scale: `lineitem@0.1`, `raw@8GiB`. */
export const tableAt = ({ table, scale }: Pick<Case, 'table' | 'scale'>): string =>
  `${table}@${SIZED_TABLES.includes(table) ? exactBytes(scale) : String(scale)}`;

function differing(source: Source, usualSource: Source, options: CaseOptions): readonly string[] {
  const parts: string[] = [];
  const add = (key: string, value: string | number | boolean, usual: unknown): void => {
    if (value !== usual) parts.push(`${key}=${optionText(value)}`);
  };
  add('source', source, usualSource);
  add('batchRows', options.batchRows, DEFAULT_OPTIONS.batchRows);
  add('threads', options.threads, DEFAULT_OPTIONS.threads);
  add('overlap', options.overlap, DEFAULT_OPTIONS.overlap);
  add('flushEvery', options.flushEvery, DEFAULT_OPTIONS.flushEvery);
  add('part', `${options.part.index}/${options.part.count}`, '1/1');
  add('parts', options.parts, DEFAULT_OPTIONS.parts);
  add('cold', options.cold, DEFAULT_OPTIONS.cold);
  add('memoryLimit', exactBytes(options.memoryLimit), exactBytes(DEFAULT_OPTIONS.memoryLimit));
  add('emptyBatches', options.emptyBatches, DEFAULT_OPTIONS.emptyBatches);
  add('profile', options.profile, DEFAULT_OPTIONS.profile);
  for (const key of Object.keys(options.writer).sort()) add(key, options.writer[key] ?? '', undefined);
  return parts;
}

/** `usualSource` is the one that the id does not name: where the table's batches come from when nothing is said of it. */
export function caseId({ table, scale, writer, variant, source, options }: Named, usualSource: Source): string {
  return [`${tableAt({ table, scale })}/${writer}/${variant}`, ...differing(source, usualSource, options)].join(';');
}

/** An id taken apart, still unchecked text. */
export interface IdParts {
  readonly table: string;
  readonly scale: string;
  readonly writer: string;
  readonly variant: string;
  readonly options: readonly (readonly [key: string, value: string])[];
}

/** `null` when the text has not the shape of an id. */
export function splitCaseId(id: string): IdParts | null {
  const [head = '', ...tail] = id.split(';');
  const match = /^([^@/]+)@([^/]+)\/([^/]+)\/([^/]+)$/.exec(head);
  const options = tail.map((text) => /^([^=]+)=(.*)$/.exec(text));
  if (match === null || options.includes(null)) return null;
  const [, table = '', scale = '', writer = '', variant = ''] = match;
  return { table, scale, writer, variant, options: options.map((found) => [found?.[1] ?? '', found?.[2] ?? '']) };
}

/** A name of a folder for a case: an id without what file systems and shells treat specially. */
export function caseFolder(position: number, id: string): string {
  return `${String(position).padStart(4, '0')}-${id.replace(/[^A-Za-z0-9.=-]+/g, '_')}`.slice(0, 120);
}
