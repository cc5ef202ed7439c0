/**
 * A night from its first step to its verdict. Equal builds come first: where they differ, nothing else can be believed. Each step is kept
 * as soon as it is done, and a night that was killed goes on after the last one.
 */

import { plural } from '../../reports/format.js';
import { EXIT, exitCodeOfRun, firstOf, type ExitCode } from '../exit-code.js';
import type { GateResult } from '../gate/types.js';
import { Misuse } from '../misuse.js';
import { countSentence, summarise } from '../summary.js';
import { detectableText, hasTimes, lastingShifts, shifts, shiftText } from './equal-builds.js';
import type { MatrixEnd, Night, NightParts, NightStep, StepName } from './types.js';

/** Ends a night early; all that was done is kept. */
class Interrupted extends Error {}

/** Verdicts of a gate of equal builds after which nothing else is worth measuring. */
const HOPELESS: readonly ExitCode[] = [EXIT.misuse, EXIT.integrity, EXIT.nothingMeasured];

class RunningNight {
  night: Night;
  readonly parts: NightParts;

  constructor(night: Night, parts: NightParts) {
    this.night = night;
    this.parts = parts;
  }

  done(step: StepName): NightStep | undefined {
    return this.night.results.find((one) => one.step === step);
  }

  async add(step: NightStep, more: Partial<Night> = {}): Promise<NightStep> {
    this.parts.tell(`${step.step}: ${step.sentence}`);
    this.night = { ...this.night, ...more, results: [...this.night.results, step] };
    await this.parts.keep(this.night);
    return step;
  }

  async gate(
    step: StepName,
    run: () => Promise<GateResult>,
    judge: (gate: GateResult) => Pick<NightStep, 'exitCode' | 'sentence'>,
  ): Promise<NightStep> {
    const before = this.done(step);
    if (before !== undefined) return before;
    let gate: GateResult;
    try {
      gate = await run();
    } catch (error) {
      // Such as a release that does not build here: the rest of the night is worth having.
      if (!(error instanceof Misuse)) throw error;
      return this.add({ step, run: null, gate: null, exitCode: EXIT.misuse, sentence: error.message });
    }
    if (gate.gate.verdict === 'interrupted') throw new Interrupted();
    return this.add({ step, run: null, gate, ...judge(gate) });
  }
}

const UNTIMED = 'too few pairs to say whether they measure alike (more time: --budget)';

/** Whether nothing that follows could be believed. Too few pairs are no sign of that, and make no night green. */
const stops = ({ step, exitCode }: NightStep): boolean =>
  HOPELESS.includes(exitCode) || (step === 'equal builds again' && exitCode !== EXIT.pass);

/** Equal builds, and once more where they seem to differ. The steps that were done; the last one speaks. */
async function equalBuilds(running: RunningNight): Promise<NightStep> {
  const { parts } = running;
  const first = await running.gate(
    'equal builds',
    async () => parts.equalBuilds('equal'),
    (gate) => {
      const code = gate.gate.exitCode as ExitCode;
      if (HOPELESS.includes(code)) return { exitCode: code, sentence: gate.gate.sentence };
      if (!hasTimes(gate)) return { exitCode: EXIT.inconclusive, sentence: UNTIMED };
      const found = shifts(gate);
      const sentence =
        found.length === 0
          ? `they measure alike; ${detectableText(gate)}`
          : `they seem to differ, and are measured again: ${found.map(shiftText).join('; ')}`;
      return { exitCode: EXIT.pass, sentence };
    },
  );
  const before = first.gate;
  if (before === null || first.exitCode !== EXIT.pass || shifts(before).length === 0) return first;
  return running.gate(
    'equal builds again',
    async () => parts.equalBuilds('equal-again'),
    (gate) => {
      const code = gate.gate.exitCode as ExitCode;
      if (HOPELESS.includes(code)) return { exitCode: code, sentence: gate.gate.sentence };
      if (!hasTimes(gate)) return { exitCode: EXIT.inconclusive, sentence: UNTIMED };
      const lasting = lastingShifts(before, gate);
      return lasting.length === 0
        ? { exitCode: EXIT.pass, sentence: `they measure alike now; ${detectableText(gate)}` }
        : {
            exitCode: EXIT.inconclusive,
            sentence: `the night stops, as the machine makes equal builds differ twice: ${lasting.map(shiftText).join('; ')}`,
          };
    },
  );
}

function matrixStep({ run, records }: MatrixEnd): NightStep {
  const statuses = records.map(({ verdict }) => verdict.status);
  return {
    step: 'matrix',
    exitCode: exitCodeOfRun(statuses, false),
    sentence: countSentence(summarise(run.cases, records)),
    gate: null,
    run: run.id,
  };
}

async function release(running: RunningNight): Promise<void> {
  const { parts } = running;
  const found = parts.lastRelease();
  if ('why' in found) {
    if (running.done('last release') !== undefined) return;
    // Nothing to compare with is no regression, and says so every night.
    const sentence = `not compared, which blocks nothing: ${found.why}`;
    await running.add({ step: 'last release', exitCode: EXIT.pass, sentence, gate: null, run: null });
    return;
  }
  await running.gate(
    'last release',
    async () => parts.releaseGate(found.tag),
    ({ gate }) => ({ exitCode: gate.exitCode as ExitCode, sentence: `against ${found.tag}: ${gate.sentence}` }),
  );
}

async function keepHistory(running: RunningNight, matrix: MatrixEnd, equal: GateResult | null): Promise<void> {
  if (running.done('history') !== undefined) return;
  const { parts } = running;
  const noise = equal === null ? new Map<string, number>() : await parts.noise(equal);
  const { added, droppedNights, changePoints, notes, trend } = await parts.history(matrix, noise);
  const dropped = droppedNights === 0 ? '' : `, ${plural(droppedNights, 'old night')} dropped`;
  const advice =
    changePoints.length === 0 ? 'no change points' : `${plural(changePoints.length, 'change point')} (advice)`;
  const sentence = `${plural(added, 'point')} added${dropped}; ${advice}`;
  await running.add(
    { step: 'history', exitCode: EXIT.pass, sentence, gate: null, run: null },
    { changePoints, notes, trend },
  );
}

async function steps(running: RunningNight): Promise<void> {
  const equal = await equalBuilds(running);
  if (stops(equal)) return;
  // A matrix that is done is only read again: its records are on disk.
  const matrix = await running.parts.matrix();
  if (matrix.interrupted) throw new Interrupted();
  if (running.done('matrix') === undefined) await running.add(matrixStep(matrix));
  await release(running);
  await keepHistory(running, matrix, equal.gate);
}

const VERDICTS: Readonly<{ [code in ExitCode]: string }> = {
  [EXIT.pass]: 'The night is green',
  [EXIT.misuse]: 'The night cannot be judged',
  [EXIT.regression]: 'Slower, larger or more than the last release',
  [EXIT.inconclusive]: 'The night does not decide',
  [EXIT.integrity]: 'Data are not what they should be',
  [EXIT.nothingMeasured]: 'Nothing was measured',
  [EXIT.interrupted]: 'The night was interrupted',
};

/** The verdict of all steps, with the sentences of those that it comes from. */
export function nightVerdict(results: readonly NightStep[]): Pick<Night, 'exitCode' | 'sentence'> {
  // A night without its matrix has measured nothing, whatever else was done.
  const codes = results.map(({ exitCode }) => exitCode);
  const exitCode = codes.length === 0 ? EXIT.nothingMeasured : firstOf(codes);
  const why = results.filter((step) => step.exitCode === exitCode).map(({ step, sentence }) => `${step}: ${sentence}`);
  const about = exitCode === EXIT.pass ? results.map(({ step, sentence }) => `${step}: ${sentence}`) : why;
  return { exitCode, sentence: `${VERDICTS[exitCode]} (${about.join('; ')}).` };
}

/** Does what is not done yet. */
export async function runNight(begun: Night, parts: NightParts): Promise<Night> {
  // What could not be done is tried again.
  const results = begun.results.filter(({ exitCode }) => exitCode !== EXIT.misuse);
  const running = new RunningNight({ ...begun, results }, parts);
  await parts.keep(running.night);
  let ended: Partial<Night>;
  try {
    await steps(running);
    ended = { finishedAt: parts.now(), ...nightVerdict(running.night.results) };
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    ended = { finishedAt: null, exitCode: EXIT.interrupted, sentence: `${VERDICTS[EXIT.interrupted]}.` };
  }
  running.night = { ...running.night, ...ended };
  await parts.keep(running.night);
  return running.night;
}
