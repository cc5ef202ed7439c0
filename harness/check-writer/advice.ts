/** What the author of a writer is to do about a verdict: by what comes first, because the rest often follows from it. */

import type { Finding, Verdict } from '../types.js';

type Bad = Exclude<Verdict, { readonly status: 'verified' }>;

const HINTS: readonly (readonly [of: (finding: Finding) => boolean, advice: string])[] = [
  [({ what }) => what === 'bytes on disk', 'write the batches, and end the file in close: nothing is at the target.'],
  [({ what }) => what.startsWith('what lies at the target'), 'write at the path that was given, and nowhere else.'],
  [
    ({ what }) => what.startsWith('files beside the target'),
    'make one file or folder at the target, and remove what else you need before close returns.',
  ],
  [
    ({ what }) => what.startsWith('release of each '),
    'move the structs out (set release to NULL in the original), call release once, and before destroy returns.',
  ],
  [({ what }) => what === 'end of the command', 'wait for every process before the command exits.'],
  [
    ({ what }) => what === 'end of the writer',
    'wait for every process before destroy returns, or close where the writer is a module.',
  ],
  [
    ({ what }) => what.startsWith('files unchanged'),
    'end all writing, and all threads that write, before close returns.',
  ],
  [({ what }) => what.startsWith('peak RSS'), 'leave /proc/self/clear_refs alone.'],
  [
    ({ detector }) => detector === 'F',
    'close must end the file as its format says: look at the first and last bytes, and at the footer.',
  ],
  [({ detector }) => detector === 'S', 'store the types and nullability of the schema that create was given.'],
  [
    ({ what }) => what.startsWith('nonce'),
    'store the nonce of create under "writeproof.nonce": in the key-value metadata of Parquet, or of an Arrow schema.',
  ],
  [({ detector }) => detector === 'N', 'write every row of every batch, the last batch in close included.'],
  [
    ({ detector }) => detector === 'M' || detector === 'C',
    "write each value as it came: mind the arrays' offset, validity bits and scale of decimals.",
  ],
  [({ detector }) => detector === 'O', 'write rows in the order in which they come.'],
  [({ detector }) => detector === 'P', 'make the statistics from the values, or store none.'],
  [
    ({ what }) => what.includes('O_DIRECT') || what.startsWith('pages of the target'),
    'open the target with O_DIRECT where "io" is "direct", or do not declare the variant direct.',
  ],
  [
    ({ what }) => what.startsWith('addresses'),
    'encode from the buffers that were handed over, or leave addressFold out of the report.',
  ],
  [({ detector }) => detector === 'Z', 'the sizes and times contradict each other: look at what is written, and when.'],
  [({ detector }) => detector === 'X', 'another implementation must be able to read the file: try one yourself.'],
];

export function adviceOn(verdict: Bad): string {
  switch (verdict.status) {
    case 'corrupt': {
      const hint = HINTS.find(([of]) => verdict.findings.some(of));
      return hint?.[1] ?? 'compare what was expected with what was found.';
    }
    case 'failed':
      return `the writer says itself that ${verdict.step} failed: its sentence tells why.`;
    case 'crashed':
      return 'it ended the process: run it in a debugger, or under valgrind or a sanitizer.';
    case 'timeout':
      return 'it did not return: allow more by --timeout, or look where it waits.';
    case 'skipped':
      return 'it was not tried.';
  }
}
