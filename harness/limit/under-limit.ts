/** What the counters of a case's memory limit say of its verdict. Pure. */

import { bytesText } from '../../reports/format.js';
import { limitText } from '../../reports/memory-limit.js';
import type { MemoryLimitUse, Verdict } from '../types.js';

/** The verdict with the limit's counters: a process that was killed for memory is a crash, whatever came of the others. */
export function underLimit(verdict: Verdict, use: MemoryLimitUse): Verdict {
  const said = `memory limit ${bytesText(use.limitBytes)}: ${limitText(use)}`;
  const kills = use.oomKills ?? 0;
  if (kills > 0) {
    const { signal, exitCode } = verdict.status === 'crashed' ? verdict : { signal: 'SIGKILL', exitCode: null };
    const killed = `out of memory: ${kills === 1 ? '1 process was' : `${kills} processes were`} killed (oom_kill)`;
    const before = 'reason' in verdict ? `; ${verdict.reason}` : '';
    return { status: 'crashed', signal, exitCode, reason: `${killed}; ${said}${before}` };
  }
  switch (verdict.status) {
    case 'verified':
      return { ...verdict, measurement: { ...verdict.measurement, memoryLimit: use } };
    case 'corrupt':
      return { ...verdict, refused: verdict.refused && { ...verdict.refused, memoryLimit: use } };
    case 'skipped':
      return verdict;
    case 'failed':
    case 'crashed':
    case 'timeout':
      return { ...verdict, reason: `${verdict.reason}; ${said}` };
  }
}
