/** The text of a history file → its points, and the lines that are none. Pure, but for the schema that it reads once. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { AnySchemaObject, ValidateFunction } from 'ajv/dist/2020.js';
import { messageOf } from '../misuse.js';
import { PACKAGE_ROOT } from '../paths.js';
import { migrated } from './migrations.js';
import type { HistoryPoint, LeftOutLine } from './types.js';

const SCHEMA = path.join(PACKAGE_ROOT, 'results', 'schema', 'writeproof.history.v1.json');

let compiled: ValidateFunction | undefined;

/** The validator is loaded only where there is a history. */
export async function historyValidator(): Promise<ValidateFunction> {
  if (compiled === undefined) {
    const { Ajv2020 } = await import('ajv/dist/2020.js');
    const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as AnySchemaObject;
    compiled = new Ajv2020({ allowUnionTypes: true }).compile(schema);
  }
  return compiled;
}

export interface ParsedHistory {
  readonly points: readonly HistoryPoint[];
  readonly leftOut: readonly LeftOutLine[];
  /** Bytes of whole lines. */
  readonly goodBytes: number;
  /** The last line was cut off while it was written; its number, from 1. */
  readonly cutLine: number | null;
}

function pointOf(line: string, validate: ValidateFunction): HistoryPoint | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return `it is not JSON (${messageOf(error)})`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is no JSON object';
  const point = migrated(value as Readonly<{ [field: string]: unknown }>);
  if (typeof point === 'string') return point;
  if (validate(point)) return point as HistoryPoint;
  const [error] = validate.errors ?? [];
  if (error === undefined) return 'it departs from its schema';
  const extra = error.params['additionalProperty'] as string | undefined;
  const where = error.instancePath.slice(1).replaceAll('/', '.');
  const what = extra === undefined ? (error.message ?? 'departs from its schema') : `has the unknown field ${extra}`;
  return `${where === '' ? 'it' : where} ${what}`;
}

/** Every whole line is a point or is named; only a last line without its end may be cut. */
export function parseHistory(file: string, text: string, validate: ValidateFunction): ParsedHistory {
  const lines = text.split('\n');
  const tail = lines.pop() ?? '';
  const points: HistoryPoint[] = [];
  const leftOut: LeftOutLine[] = [];
  for (const [index, line] of lines.entries()) {
    const point = pointOf(line, validate);
    if (typeof point === 'string') leftOut.push({ file, line: index + 1, reason: point });
    else points.push(point);
  }
  const goodBytes = Buffer.byteLength(text) - Buffer.byteLength(tail);
  return { points, leftOut, goodBytes, cutLine: tail === '' ? null : lines.length + 1 };
}
