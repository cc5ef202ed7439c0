/** Jobs that a writer must refuse: with a sentence, and without ending its process. */

import path from 'node:path';
import type { Verdict, WriteCase } from '../types.js';
import { brief, checkOfVerdict, note, right, wrong, type Check } from './check.js';
import type { JobChanges, Workshop } from './workshop.js';

/** Said by the engine where a library's last_error is empty. */
const NO_REASON = 'the writer gives no reason';

function refusal(check: string, verdict: Verdict, advice: string): Check {
  switch (verdict.status) {
    case 'failed':
      if (verdict.step === 'job') throw new Error(`the worker refused the job itself: ${verdict.reason}`);
      return verdict.reason.includes(NO_REASON)
        ? wrong(check, `refused in ${verdict.step}, without a word`, 'let last_error say what is wrong with what.')
        : right(check, `refused in ${verdict.step}: ${brief(verdict.reason)}`);
    case 'verified':
    case 'corrupt':
      return wrong(check, 'every call succeeded', advice);
    case 'crashed':
    case 'timeout':
    case 'skipped':
      return checkOfVerdict(check, verdict);
  }
}

const UNKNOWN_OPTION: JobChanges = ({ writerOptions }) => ({
  writerOptions: { ...writerOptions, writeproofNoSuchOption: 1 },
});

/** A slip in an option must not pass for a setting. Only a library reads options itself. */
export async function checkUnknownOption(workshop: Workshop, one: WriteCase): Promise<Check | null> {
  if (workshop.writer.holder.kind !== 'library') return null;
  const record = await workshop.run(one, UNKNOWN_OPTION);
  if (record === null) return null;
  const advice = 'fail create on an option that capabilities does not declare: a slip would pass for a setting.';
  return refusal('an unknown option', record.verdict, advice);
}

/** In a folder that does not exist: unlike a folder without permission, root cannot write there either. */
const NO_FOLDER: JobChanges = ({ directory, target }) => ({
  target: path.join(directory, 'no-such-folder', path.basename(target)),
});

export async function checkUnwritableTarget(workshop: Workshop, one: WriteCase): Promise<Check | null> {
  const record = await workshop.run(one, NO_FOLDER);
  if (record === null) return null;
  const check = 'a target that cannot be written';
  if (record.verdict.status === 'verified') return note(check, 'it makes missing folders: all rows are there');
  const advice = 'report a target that cannot be made: data that nobody stored would pass for written.';
  return refusal(check, record.verdict, advice);
}
