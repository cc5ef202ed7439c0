import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placesOf } from '../../harness/limit/places.js';

const V1_MOUNT = '31 24 0:27 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory';
const V2_MOUNT = '30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate';
const HYBRID_MOUNT = '32 24 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw';

test('version 1: the own group of the memory controller, whatever lies beside it', () => {
  const own = '9:name=systemd:/\n4:cpu,memory:/jobs/7\n1:cpuset:/x\n0::/elsewhere\n';
  assert.deepEqual(placesOf(own, `${HYBRID_MOUNT}\n${V1_MOUNT}\n`), {
    version: 1,
    folders: ['/sys/fs/cgroup/memory/jobs/7'],
  });
});

test('version 2: the own group, then each above it, up to the mount', () => {
  assert.deepEqual(placesOf('0::/user.slice/app.slice/run.scope\n', V2_MOUNT), {
    version: 2,
    folders: [
      '/sys/fs/cgroup/user.slice/app.slice/run.scope',
      '/sys/fs/cgroup/user.slice/app.slice',
      '/sys/fs/cgroup/user.slice',
      '/sys/fs/cgroup',
    ],
  });
  assert.deepEqual(placesOf('0::/\n', V2_MOUNT)?.folders, ['/sys/fs/cgroup']);
});

test('a container sees a part of the hierarchy, and its own group in it', () => {
  const mount = V1_MOUNT.replace('0:27 / ', '0:27 /docker/abc ');
  assert.deepEqual(placesOf('4:memory:/docker/abc/inner\n', mount)?.folders, ['/sys/fs/cgroup/memory/inner']);
  assert.equal(placesOf('4:memory:/docker/abcdef\n', mount), null);
  assert.equal(placesOf('0::/../../outside\n', V2_MOUNT), null);
});

test('without the controller, its mount or a group there is no place', () => {
  assert.equal(placesOf('4:memory:/jobs\n', V2_MOUNT), null);
  assert.equal(placesOf('1:cpu:/\n', V2_MOUNT), null);
  assert.equal(placesOf('', ''), null);
});
