import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needless } from '../../harness/setup/skips.mjs';

const ADVICE = [
  { name: 'O_DIRECT', value: 'works' },
  { name: 'FUSE', value: 'no' },
  { name: 'pylance', value: 'on PATH' },
  { name: 'memory-limited cases', value: 'work (cgroup version 2)' },
];
const skip = (reason: string): { readonly name: string; readonly reason: string } => ({ name: 'a test', reason });

test('a skip is needless where doctor reports what it names as its prerequisite', () => {
  const found = needless([skip('no O_DIRECT here'), skip('FUSE: no /dev/fuse'), skip('pylance is missing')], ADVICE);
  assert.deepEqual(
    found.map(({ prerequisite }) => prerequisite),
    ['O_DIRECT', 'pylance'],
  );
  assert.deepEqual(needless([skip('tpchgen-cli is not on PATH'), skip('FUSE cannot be mounted')], ADVICE), []);
});
