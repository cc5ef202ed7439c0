/** The JSON Schemas of results/schema, each under its name. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { PACKAGE_ROOT } from '../../harness/paths.js';

const folder = path.join(PACKAGE_ROOT, 'results', 'schema');

export const SCHEMA_NAMES = readdirSync(folder).map((name) => name.replace(/\.json$/, ''));

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
for (const name of SCHEMA_NAMES) {
  ajv.addSchema(JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as object);
}

/** Where a document departs from the schema; empty when it does not. */
export function departures(name: string, document: unknown): readonly string[] {
  const validate = ajv.getSchema(name);
  if (validate === undefined) return [`there is no schema ${name}`];
  // A document as it is read, not as it is held: undefined fields are gone.
  if (validate(JSON.parse(JSON.stringify(document))) === true) return [];
  return (validate.errors ?? []).map((error: ErrorObject) => `${error.instancePath} ${error.message ?? ''}`);
}
