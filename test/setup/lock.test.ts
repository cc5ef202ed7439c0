import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
}
type Versions = Readonly<{ [name: string]: string }>;

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8'));

test('the lock file pins every package by version and checksum, and names no host', () => {
  const wanted = read('package.json') as { readonly dependencies: Versions; readonly devDependencies: Versions };
  const { packages } = read('package-lock.json') as { readonly packages: Readonly<{ [path: string]: Locked }> };
  const direct = Object.entries({ ...wanted.dependencies, ...wanted.devDependencies });
  assert.deepEqual(
    direct.map(([name]) => [name, packages[`node_modules/${name}`]?.version]),
    direct,
  );
  const locked = Object.entries(packages).filter(([path]) => path !== '');
  assert.ok(locked.length > direct.length);
  assert.deepEqual(
    locked.filter(([, { integrity, resolved }]) => integrity === undefined || resolved !== undefined),
    [],
  );
});
