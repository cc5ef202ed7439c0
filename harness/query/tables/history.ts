/** Nights, and the machines that anything was taken on. */

import type { HistoryPoint } from '../../history/types.js';
import type { Machine } from '../../types.js';
import { seconds, tableSpec } from '../table.js';

export const HISTORY = tableSpec<HistoryPoint>('history', 'one row a case and night', [
  ['night', 'VARCHAR', "id of the night's run", (point) => point.night],
  ['started_at', 'TIMESTAMP', 'when its run began, UTC', (point) => point.at],
  ['case_id', 'VARCHAR', 'table@scale/writer/variant;options', (point) => point.case],
  ['status', 'VARCHAR', 'verified, or the worst of its repetitions', (point) => point.status],
  ['repetitions', 'BIGINT', 'of the night', (point) => point.repetitions],
  ['durable_seconds', 'DOUBLE', 'median; null where a repetition is not verified', (point) => seconds(point.durableNs)],
  ['peak_rss_bytes', 'DOUBLE', 'median', (point) => point.peakRssBytes],
  ['disk_bytes', 'DOUBLE', 'median', (point) => point.diskBytes],
  [
    'normalised',
    'DOUBLE',
    'durable_seconds ÷ (canary_write_seconds + canary_encode_seconds)',
    (point) => point.normalised,
  ],
  [
    'noise',
    'DOUBLE',
    "σ of ln(second ÷ first) of the night's pairs of equal builds; null without",
    (point) => point.noise,
  ],
  ['canary_version', 'BIGINT', 'of the fixed work; different ones are not compared', (point) => point.canary.version],
  ['canary_write_seconds', 'DOUBLE', 'median of the night', (point) => seconds(point.canary.writeNs)],
  ['canary_encode_seconds', 'DOUBLE', 'median of the night', (point) => seconds(point.canary.encodeNs)],
  ['version', 'VARCHAR', 'of writeproof', (point) => point.writeproof.version],
  ['commit', 'VARCHAR', 'of writeproof; null outside a checkout', (point) => point.writeproof.commit],
  ['dirty', 'BOOLEAN', 'it had changes that no commit holds', (point) => point.writeproof.dirty],
  ['machine', 'VARCHAR', 'fingerprint, as in machines', (point) => point.fingerprint],
]);

export interface FoundMachine {
  readonly fingerprint: string;
  readonly machine: Machine;
}

export const MACHINES = tableSpec<FoundMachine>('machines', 'one row a machine that anything was taken on', [
  ['machine', 'VARCHAR', 'fingerprint: SHA-256 over all of it', ({ fingerprint }) => fingerprint],
  ['cpu_model', 'VARCHAR', 'as /proc says it', ({ machine }) => machine.cpuModel],
  ['cores', 'BIGINT', 'that may be used', ({ machine }) => machine.cores],
  ['memory_bytes', 'BIGINT', 'of the machine', ({ machine }) => machine.memoryBytes],
  ['memory_limit_bytes', 'BIGINT', "the container's; null without", ({ machine }) => machine.memoryLimitBytes],
  ['kernel', 'VARCHAR', 'its release', ({ machine }) => machine.kernel],
  ['architecture', 'VARCHAR', 'x64 or arm64', ({ machine }) => machine.architecture],
  ['file_system', 'VARCHAR', 'of the target', ({ machine }) => machine.fileSystem],
  ['mount_options', 'VARCHAR', 'of the target', ({ machine }) => machine.mountOptions],
  ['device', 'VARCHAR', 'of the target', ({ machine }) => machine.device],
  ['governor', 'VARCHAR', 'of the first core; null where there is none', ({ machine }) => machine.governor],
  ['node', 'VARCHAR', 'version of Node.js', ({ machine }) => machine.node],
  ['rustc', 'VARCHAR', 'that built the native part', ({ machine }) => machine.rustc],
  ['versions', 'VARCHAR', 'of libraries, as JSON', ({ machine }) => JSON.stringify(machine.versions)],
]);
