/** The catalogue and the libraries that tell the lies name the same ones. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectorsOf, faultable } from '../../harness/faults/plan.js';
import { askCapabilities } from '../../harness/run/worker.js';
import { DETECTORS, FORMATS } from '../../harness/types.js';
import { FAULTS, withFaultyWriters } from '../../suites/faults/index.js';
import { HANDICAPS } from '../../suites/handicaps.js';
import { REGISTRY } from '../../suites/index.js';
import { nativePath } from '../native-path.js';

/** They damage nothing: the control, and what costs time or memory. */
const HONEST = ['none', ...HANDICAPS];

test('every fault of the library is in the catalogue, once, and none else', async () => {
  const path = nativePath('libwriteproof_faults.so');
  const said = (await askCapabilities('library', path)) as {
    readonly options: { readonly fault: { readonly values: readonly string[] } };
  };
  const named = FAULTS.filter(({ holders = ['library'] }) => holders.includes('library')).map(({ name }) => name);
  assert.deepEqual([...named, ...HONEST].sort(), [...said.options.fault.values].sort());
});

test('detectors are named by their letters, and for every format that a fault applies to', () => {
  const formats = [...new Set(REGISTRY.writers.map(({ format }) => format))];
  const wrong = FAULTS.flatMap(({ name, mustFire, raw, blind = '', notFor = {} }) => {
    const expected = formats
      .filter((format) => notFor[format] === undefined && (format !== 'raw' || raw !== undefined))
      .map((format) => {
        if (format === 'raw') return raw ?? '';
        return typeof mustFire === 'string' ? mustFire : (mustFire[format] ?? '');
      });
    const letters = detectorsOf([...expected, blind].join(''));
    const unknown = letters.filter((letter) => !(letter in DETECTORS));
    return expected.includes('') || unknown.length > 0 ? [`${name}: ${expected.join(' ')} ${unknown.join('')}`] : [];
  });
  assert.deepEqual(wrong, []);
  assert.equal(FAULTS.length >= 50, true);
  assert.equal(FORMATS.length >= formats.length, true);
});

test('faults are put over every library and module of the registry', () => {
  const writers = withFaultyWriters(REGISTRY.writers);
  const expected = REGISTRY.writers.filter(({ holder }) => holder.kind !== 'command').map(({ name }) => name);
  assert.deepEqual(
    faultable({ ...REGISTRY, writers }).map(({ name }) => name),
    expected,
  );
});
