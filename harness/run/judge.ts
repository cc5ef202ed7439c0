/** Worker's end + verifier's observation → verdict. Pure, and it fails closed: what was not proved is not verified. */

import { SWITCHES } from '../defaults.js';
import type {
  Crossed,
  Detector,
  Facts,
  FileStamp,
  Finding,
  Measurement,
  Observation,
  Subject,
  Verdict,
  WorkerReport,
  WriteCase,
} from '../types.js';
import { lastLine } from './child.js';
import { changedFiles } from './stamps.js';
import type { WorkerEnd } from './worker.js';

type Done = Extract<WorkerReport, { readonly outcome: 'done' }>;

export interface Evidence {
  readonly case: WriteCase;
  readonly subject: Subject['kind'];
  /** A command that makes the rows itself: nothing crosses. */
  readonly sendsRows: boolean;
  readonly facts: Facts;
  readonly worker: WorkerEnd;
  readonly timeoutSeconds: number;
  /** What is wrong with where the files lie. */
  readonly place: readonly Finding[];
  readonly filesBeforeVerify: readonly FileStamp[];
  /** Bytes of these that some process must have written. */
  readonly writtenAtLeast: number;
  readonly observation: Observation | { readonly crashed: string } | null;
}

/** No machine writes faster than this; what says so did not write. */
const PLAUSIBLE_BYTES_PER_NS = 100;
/** Largest share of the target's pages in the page cache under O_DIRECT. A file's last, partial page may be there. */
const RESIDENT_SHARE = 0.01;
const PAGE_BYTES = 4096;

/** Without these no file counts as read. */
const REQUIRED: readonly Detector[] = ['F', 'S', 'N', 'M', 'O', 'C', 'Z'];

/** What crossed the interface, counted on our side of it. */
export function crossingFindings(evidence: Evidence, crossed: Crossed): readonly Finding[] {
  const findings: Finding[] = [];
  const { facts } = evidence;
  if (!evidence.sendsRows) return findings;
  if (crossed.calls === 0 && facts.rows > 0) {
    findings.push({ detector: 'R', what: 'write calls', expected: 'at least 1', actual: '0' });
  }
  if (evidence.subject === 'command') return findings;
  const { handover } = SWITCHES[evidence.case.variant];
  if (crossed.handover !== handover) {
    findings.push({ detector: 'R', what: 'hand-over', expected: handover, actual: crossed.handover });
  }
  if (handover === 'pointer' && crossed.addressesProved === false) {
    findings.push({
      detector: 'R',
      what: 'addresses that the writer encoded from',
      expected: 'those of the batches',
      actual: 'others',
    });
  }
  return findings;
}

/** O_DIRECT, where it was asked for, as seen from outside the writer. */
export function directFindings(measurement: Measurement, files: readonly FileStamp[]): readonly Finding[] {
  const { direct } = measurement;
  if (direct === null) {
    return [{ detector: 'R', what: 'proof of O_DIRECT', expected: 'flags and residency', actual: 'none taken' }];
  }
  const findings: Finding[] = [];
  if (!direct.flagSeen) {
    findings.push({
      detector: 'R',
      what: "O_DIRECT in the flags of the target's descriptor",
      expected: 'set',
      actual: 'not seen',
    });
  }
  if (direct.dioMemAlign === 0 || direct.dioOffsetAlign === 0) {
    findings.push({
      detector: 'R',
      what: 'alignment for direct I/O (STATX_DIOALIGN)',
      expected: 'above 0',
      actual: `${direct.dioMemAlign} for memory, ${direct.dioOffsetAlign} for offsets: this file system has none`,
    });
  }
  const pages = files.reduce((sum, file) => sum + Math.ceil(file.bytes / PAGE_BYTES), 0);
  const resident = Math.round(direct.residentShare * pages);
  const allowed = files.length + Math.floor(RESIDENT_SHARE * pages);
  if (resident > allowed) {
    findings.push({
      detector: 'R',
      what: 'pages of the target in the page cache after close',
      expected: `at most ${allowed} of ${pages}`,
      actual: String(resident),
    });
  }
  return findings;
}

/** fsync returned, and the kernel says that pages have yet to be written. */
export function durableFindings({ unwrittenPages }: Measurement): readonly Finding[] {
  if (unwrittenPages === null || unwrittenPages === 0) return [];
  const what = 'pages of the target still to be written after fsync (cachestat)';
  return [{ detector: 'R', what, expected: '0', actual: String(unwrittenPages) }];
}

/** Sizes and rates that can be true. */
export function plausibilityFindings(
  { facts, sendsRows, subject, worker, writtenAtLeast }: Evidence,
  report: Done,
): readonly Finding[] {
  const { measurement, files, crossed } = report;
  const findings: Finding[] = [];
  const fileBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (measurement.diskBytes !== fileBytes || fileBytes === 0) {
    findings.push({
      detector: 'Z',
      what: 'bytes on disk',
      expected: `${measurement.diskBytes} as measured, above 0`,
      actual: `${fileBytes} in ${files.length} files`,
    });
  }
  if (sendsRows && (measurement.rows !== crossed.rows || measurement.callNs.count !== crossed.calls)) {
    findings.push({
      detector: 'Z',
      what: 'rows and calls measured',
      expected: `${crossed.rows} rows in ${crossed.calls} calls, as handed over`,
      actual: `${measurement.rows} rows in ${measurement.callNs.count} calls`,
    });
  }
  const written = measurement.io === null ? Infinity : Math.max(measurement.io.writtenChars, measurement.io.writeBytes);
  if (subject !== 'command' && written < writtenAtLeast) {
    findings.push({
      detector: 'Z',
      what: 'bytes that the process wrote while it was measured (/proc/self/io)',
      expected: `at least the ${writtenAtLeast} on disk`,
      actual: String(written),
    });
  }
  if (measurement.spawnToDurableNs > worker.child.wallNs || measurement.spawnToDurableNs < measurement.durableNs) {
    findings.push({
      detector: 'Z',
      what: 'time from spawn to durable',
      expected: `from ${measurement.durableNs} ns to durable to the ${worker.child.wallNs} ns that the process lived`,
      actual: `${measurement.spawnToDurableNs} ns`,
    });
  }
  const rate = facts.arrowBytes / measurement.returnNs;
  if (!(measurement.returnNs > 0) || !(rate < PLAUSIBLE_BYTES_PER_NS)) {
    findings.push({
      detector: 'Z',
      what: 'rate to return',
      expected: `below ${PLAUSIBLE_BYTES_PER_NS} GB/s`,
      actual: `${facts.arrowBytes} bytes in ${measurement.returnNs} ns`,
    });
  }
  if (measurement.durableNs < measurement.returnNs) {
    findings.push({
      detector: 'Z',
      what: 'time to durable',
      expected: `at least the ${measurement.returnNs} ns to return`,
      actual: `${measurement.durableNs} ns`,
    });
  }
  return findings;
}

/** Warnings of the engine that are no mere notes: what a writer or command did against the rules, and the rule. */
const BROKEN_RULES: readonly (readonly [warning: RegExp, detector: Detector, what: string, expected: string])[] = [
  [/^the writer reset the peak RSS of its process$/, 'R', 'peak RSS of the process', 'never to fall'],
  [/^the writer released \d+ batch(es)? a second time$/, 'R', 'release of each batch', 'called once'],
  [
    /^the writer still held \d+ batch(es)? after destroy$/,
    'R',
    'release of each batch',
    'called before destroy returns',
  ],
  [/^the writer released the schema of \d+ batch(es)? a second time$/, 'R', 'release of each schema', 'called once'],
  [
    /^the writer still held the schema of \d+ batch(es)? after destroy$/,
    'R',
    'release of each schema',
    'called before destroy returns',
  ],
  [
    /^command .* left \d+ process(es)? running; (it was|they were) killed$/,
    'E',
    'end of the command',
    'with the last of its processes',
  ],
  [
    /^the writer left \d+ process(es)? running; (it was|they were) killed$/,
    'E',
    'end of the writer',
    'with the last of its processes',
  ],
];

function ruleFindings({ warnings }: Done): readonly Finding[] {
  return BROKEN_RULES.flatMap(([pattern, detector, what, expected]) =>
    warnings.filter((warning) => pattern.test(warning)).map((actual) => ({ detector, what, expected, actual })),
  );
}

/** Our own side handed over something else than the facts say: that is no writer's fault, and no measurement either. */
function sourceEnding({ facts, sendsRows }: Evidence, { crossed, measurement }: Done): Verdict | null {
  if (!sendsRows || crossed.calls === 0) return null;
  if (crossed.rows === facts.rows && measurement.arrowBytes === facts.arrowBytes) return null;
  const reason =
    `the source handed over ${crossed.rows} rows and ${measurement.arrowBytes} bytes, the facts say ${facts.rows} rows and ` +
    `${facts.arrowBytes} bytes: the cache is damaged; run "writeproof cache --clean"`;
  return { status: 'failed', step: 'source', errno: null, errnoName: null, reason };
}

/** What the verify process says, and what it fails to say. */
export function observationFindings(facts: Facts, observation: Evidence['observation']): readonly Finding[] {
  if (observation === null || 'crashed' in observation) {
    return [
      {
        detector: 'X',
        what: 'reading the target in the verify process',
        expected: 'a report',
        actual: observation?.crashed ?? 'it was not run',
      },
    ];
  }
  const findings = [...observation.findings];
  if (findings.length > 0) return findings;
  const add = (detector: Detector, what: string, expected: string | number, actual: string | number | null): void => {
    if (expected !== actual) findings.push({ detector, what, expected: String(expected), actual: String(actual) });
  };
  const missing = REQUIRED.filter((detector) => !observation.ran.includes(detector));
  add('X', 'detectors that did not run', 'none', missing.length === 0 ? 'none' : missing.join(' '));
  add('X', 'readers', 'at least 1', observation.readers.length === 0 ? 0 : 'at least 1');
  add('N', 'rows read', facts.rows, observation.rows);
  add('M', 'digest of rows', facts.digest.multiset, observation.multiset);
  add('O', 'digest of order', facts.digest.order, observation.order);
  return findings;
}

/** Endings without a usable report; null when there is one. */
function endingOf({ worker, timeoutSeconds }: Evidence): Verdict | null {
  const { child, report } = worker;
  if (child.spawnError !== null) {
    return { status: 'crashed', signal: null, exitCode: null, reason: `the worker did not start: ${child.spawnError}` };
  }
  if (child.timedOut) {
    const said = lastLine(child.stderr);
    const reason = `not done after ${timeoutSeconds} s, its process group was ended${said === '' ? '' : `; it last said: ${said}`}`;
    return { status: 'timeout', afterSeconds: timeoutSeconds, reason };
  }
  if (child.signal !== null) {
    const said = lastLine(child.stderr);
    const reason = `the worker was ended by ${child.signal}${said === '' ? '' : `: ${said}`}`;
    return { status: 'crashed', signal: child.signal, exitCode: null, reason };
  }
  if (report === null) {
    const said = lastLine(child.stderr);
    const reason = `the worker ended with exit code ${String(child.exitCode)} and no report${said === '' ? '' : `: ${said}`}`;
    return { status: 'crashed', signal: null, exitCode: child.exitCode, reason };
  }
  if (report.outcome === 'failed') {
    const { step, errno, errnoName, message } = report;
    // The worker lives on when the command that it started is killed; its sentence names the signal.
    const signal = step === 'command' ? /was ended by (SIG[A-Z0-9]+)/.exec(message)?.[1] : undefined;
    if (signal !== undefined) return { status: 'crashed', signal, exitCode: null, reason: message };
    return { status: 'failed', step, errno, errnoName, reason: message };
  }
  return null;
}

export function judge(evidence: Evidence): Verdict {
  const ending = endingOf(evidence);
  if (ending !== null) return ending;
  const { facts, observation, worker } = evidence;
  const report = worker.report as Done;
  const wrongSource = sourceEnding(evidence, report);
  if (wrongSource !== null) return wrongSource;
  const { measurement, crossed } = report;
  const findings: Finding[] = [...evidence.place];
  if (worker.child.exitCode !== 0) {
    findings.push({
      detector: 'E',
      what: 'exit code of the worker after its report',
      expected: '0',
      actual: String(worker.child.exitCode),
    });
  }
  findings.push(
    ...crossingFindings(evidence, crossed),
    ...(evidence.case.variant === 'direct' ? directFindings(measurement, report.files) : []),
    ...durableFindings(measurement),
    ...plausibilityFindings(evidence, report),
    ...ruleFindings(report),
    ...changedFiles("between close and the worker's end", report.filesAfterClose, report.files),
    ...changedFiles("between the worker's end and verification", report.files, evidence.filesBeforeVerify),
    ...observationFindings(facts, observation),
  );
  if (facts.rows === 0) {
    findings.push({ detector: 'N', what: 'rows of the facts', expected: 'at least 1', actual: '0' });
  }
  const reader = observation !== null && 'readers' in observation ? observation.readers[0] : undefined;
  if (findings.length > 0 || observation === null || 'crashed' in observation || reader === undefined) {
    return { status: 'corrupt', findings, refused: measurement };
  }
  const { version, multiset, order } = facts.digest;
  return {
    status: 'verified',
    rows: facts.rows,
    digest: { version, multiset, order },
    reader: reader.reader,
    independence: reader.independence,
    readers: observation.readers,
    detectors: [...new Set<Detector>([...observation.ran, 'E', 'N', 'R', 'Z'])].sort(),
    verifyNs: observation.verifyNs,
    // Of a command that makes the rows itself nothing crossed; what was read back is what it wrote.
    measurement: evidence.sendsRows ? measurement : { ...measurement, rows: facts.rows, arrowBytes: facts.arrowBytes },
  };
}
