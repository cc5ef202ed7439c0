/** Where a config departs from its schema, in one sentence: the key, what was expected, what was found. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AnySchemaObject, ErrorObject } from 'ajv/dist/2020.js';
import { PACKAGE_ROOT } from '../paths.js';
import { nearest } from '../plan/names.js';

const SCHEMA = path.join(PACKAGE_ROOT, 'results', 'schema', 'writeproof.config.v1.json');

/** `/writers/0/name` as one writes it in JavaScript. */
function keyPath(pointer: string): string {
  const keys = pointer.split('/').slice(1);
  return keys
    .map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
}

/** The value or schema that a JSON pointer leads to. */
function follow(document: unknown, pointer: string): unknown {
  const keys = pointer.split('/').slice(1);
  return keys.reduce<unknown>(
    (value, key) => (value as { readonly [key: string]: unknown } | undefined)?.[key.replaceAll('~1', '/')],
    document,
  );
}

/** A config in JavaScript may hold what no JSON does. */
function shown(value: unknown): string {
  const isJson = !['function', 'symbol', 'bigint', 'undefined'].includes(typeof value);
  const text = isJson ? JSON.stringify(value) : value === undefined ? 'missing' : `a ${typeof value}`;
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function sentence(error: ErrorObject, schema: AnySchemaObject, document: unknown): string {
  const key = keyPath(error.instancePath);
  const where = key === '' ? 'the config' : key;
  const found = follow(document, error.instancePath);
  const parent = follow(schema, error.schemaPath.slice(1).replace(/\/[^/]*$/, '')) as AnySchemaObject;
  const params = error.params as { readonly [name: string]: unknown };
  switch (error.keyword) {
    case 'additionalProperties': {
      const unknown = String(params['additionalProperty']);
      const known = Object.keys(parent['properties'] as object).filter((name) => !name.startsWith('$'));
      const near = nearest(unknown, known).map((name) => `"${name}"`);
      const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '.';
      return `unknown key "${unknown}" in ${where}: expected one of ${known.join(', ')}${hint}`;
    }
    case 'required':
      return `${where} has no key "${String(params['missingProperty'])}": it is needed; there are ${Object.keys(found as object).join(', ') || 'none'}.`;
    case 'oneOf': {
      const holders = ['library', 'module', 'command'].filter((name) => name in (found as object));
      return `${where} must have exactly one of library, module and command: it has ${holders.join(' and ') || 'none of them'}.`;
    }
    case 'enum':
      return `${where} is ${shown(found)}: expected ${(params['allowedValues'] as readonly string[]).join(' or ')}.`;
    case 'type':
      return `${where} is ${shown(found)}: expected ${[params['type']].flat().join(' or ')}.`;
    case 'pattern':
      return `${where} is ${shown(found)}: expected letters, digits, ".", "_" and "-", beginning with a letter or digit.`;
    default:
      return `${where} is ${shown(found)}: ${error.message ?? 'not as the schema says'}.`;
  }
}

/** A slip in a key is both an unknown key and a missing one: what tells more comes first. */
const TELLING = ['additionalProperties', 'type', 'enum', 'pattern'];

/** The first departure, or null. */
export async function departureOf(document: unknown): Promise<string | null> {
  // Loaded only where there is a config.
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const schema = JSON.parse(await readFile(SCHEMA, 'utf8')) as AnySchemaObject;
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
  if (validate(document) === true) return null;
  const errors = (validate.errors ?? []).filter(({ schemaPath }) => !/\/oneOf\/\d+\//.test(schemaPath));
  const error = errors.find(({ keyword }) => TELLING.includes(keyword)) ?? errors[0];
  return error === undefined ? 'it departs from the schema.' : sentence(error, schema, document);
}
