import { existsSync } from 'node:fs';
import path from 'node:path';
import { REGISTRY } from '../../suites/index.js';
import { bytesText, rustcText } from '../../reports/format.js';
import { whyNoFaultFileSystem } from '../crash/fault-file-system.js';
import { runCanary } from '../gate/canary.js';
import type { Canary } from '../gate/types.js';
import { makeMemoryGroup, swapBytes } from '../limit/memory-group.js';
import { memoryPlaces } from '../limit/places.js';
import { governor, memoryLimitBytes, packageJson, rustcVersion } from '../machine.js';
import { Misuse } from '../misuse.js';
import { readMount } from '../mounts.js';
import { onPath } from '../paths.js';
import { probeFolder, whyNotDirect } from '../run/direct-support.js';
import { checkFolder, existingAncestor, freeBytes } from '../run/target.js';
import { spread } from '../statistics/quantile.js';
import { examples, type AddCommand } from './command.js';
import { paint, print, printDocument } from './output.js';

interface Advice {
  readonly name: string;
  readonly value: string;
  /** What it means for measurements, where it matters. */
  readonly note: string | null;
}

/** Beyond this the machine drowns small differences (half of the 10 % that quick comparisons are made for). */
const NOISY_SPREAD = 0.05;
const CANARIES = 10;
const TIMEOUT_SECONDS = 120;
const TRIAL_LIMIT_BYTES = 64 * 2 ** 20;

function noise(name: string, values: readonly number[]): Advice {
  const share = spread(values);
  const note = share > NOISY_SPREAD ? 'noisy: repeat, and trust ratios more than times' : null;
  return { name: `noise of ${name}`, value: `${(share * 100).toFixed(1)} % (p90 − p10, of the median)`, note };
}

/** Whether cases with a memory limit can run: a group for one is made, entered and removed. */
function limitAdvice(): Advice {
  const name = 'memory-limited cases';
  const places = memoryPlaces();
  const group = makeMemoryGroup(TRIAL_LIMIT_BYTES, places);
  if ('refused' in group) return { name, value: 'no', note: `they are skipped: ${group.refused}` };
  group.removeNow();
  const swap = swapBytes();
  const what = swap === 0 ? 'without swap: what does not fit is killed' : `with ${bytesText(swap)} of swap`;
  return { name, value: `work (cgroup version ${places?.version ?? 'unknown'}, ${what})`, note: null };
}

/** Whether file systems of `crash` can be mounted: one is. */
function fuseAdvice(): Advice {
  const why = whyNoFaultFileSystem();
  const note = why === null ? null : `crash runs what needs none: ${why}`;
  return { name: 'FUSE', value: why === null ? 'works' : 'no', note };
}

async function examine(target: string): Promise<readonly Advice[]> {
  const child = { timeoutSeconds: TIMEOUT_SECONDS };
  const probe = await probeFolder(target, child);
  const canaries: Canary[] = [];
  while (canaries.length < CANARIES) canaries.push(await runCanary(target, child));
  const mount = readMount(target);
  const limit = memoryLimitBytes();
  const why = whyNotDirect(probe);
  const frequency = governor();
  const lock = probe.memoryLockLimitBytes;
  const commands = REGISTRY.writers.flatMap(({ name, holder }) =>
    // Those with a path of their own are built by set-up.
    holder.kind === 'command' && !path.isAbsolute(holder.argv[0] ?? '') ? [{ name, holder }] : [],
  );
  return [
    { name: 'file system', value: `${probe.fileSystem} (${mount?.options ?? 'unknown options'})`, note: null },
    { name: 'free space', value: bytesText(await freeBytes(target)), note: null },
    {
      name: 'O_DIRECT',
      value: why === null ? 'works' : 'no',
      note: why === null ? null : `direct cases are skipped: ${why}`,
    },
    {
      name: 'io_uring',
      value: probe.ioUring ? 'works' : 'no',
      note: probe.ioUring ? null : `direct writes use pwrite: ${probe.ioUringReason ?? 'no reason given'}`,
    },
    {
      name: 'registered buffers',
      value: `${bytesText(probe.registrableBytes)} or more`,
      note: probe.registrableReason === null ? null : `not more: ${probe.registrableReason}`,
    },
    { name: 'memory lock limit', value: lock === null ? 'unlimited' : bytesText(lock), note: null },
    { name: 'memory limit', value: limit === null ? 'none' : bytesText(limit), note: null },
    limitAdvice(),
    fuseAdvice(),
    {
      name: 'governor',
      value: frequency ?? 'not visible',
      note: frequency === null || frequency === 'performance' ? null : 'frequencies change while measuring',
    },
    noise(
      'computing',
      canaries.map(({ encodeNs }) => encodeNs),
    ),
    noise(
      'writing',
      canaries.map(({ writeNs }) => writeNs),
    ),
    { name: 'Node', value: process.version, note: null },
    { name: 'rustc', value: rustcText(rustcVersion()), note: null },
    { name: 'DuckDB', value: packageJson().dependencies['@duckdb/node-bindings'] ?? 'missing', note: null },
    ...commands.map(({ name, holder }): Advice => {
      const found = onPath(holder.argv[0] ?? '') !== null;
      return { name, value: found ? 'on PATH' : 'not on PATH', note: found ? null : `optional: ${holder.install}` };
    }),
  ];
}

async function doctor(flags: { readonly target?: string; readonly json?: true }): Promise<void> {
  const target = path.resolve(flags.target ?? '.');
  if (!existsSync(target)) {
    throw new Misuse(
      `--target ${target} does not exist: expected the folder to look at, such as ${existingAncestor(target)}.`,
    );
  }
  checkFolder('--target', target, true);
  const advice = [{ name: 'folder', value: target, note: null }, ...(await examine(target))];
  if (flags.json === true) {
    printDocument('writeproof.doctor.v1', advice);
    return;
  }
  const width = Math.max(...advice.map(({ name }) => name.length));
  for (const { name, value, note } of advice) {
    print(`${name.padEnd(width)}  ${value}${note === null ? '' : paint.yellow(`  ${note}`)}`);
  }
}

export const addDoctor: AddCommand = (program) => {
  program
    .command('doctor')
    .description('what this machine can do, and how noisy it is')
    .option('--target <dir>', 'the disk to look at (default: the working directory)')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', examples(['doctor', 'doctor --target /mnt/disk']))
    .action(doctor);
};
