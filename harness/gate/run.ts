/**
 * A gate from its first repetition to its verdict: everything verified once, then rounds of blocks until each pool is decided, then what is
 * red once more.
 */

import type { Contest } from './contest.js';
import { timedPools } from './contest.js';
import { runBlock, type Bench } from './block.js';
import { caseStates, PILOT_PAIRS, planPool, statesOf, timedOf, type PoolState } from './decisions.js';
import { counterLines } from './lines.js';
import { planLooks } from './looks.js';
import { roundOf } from './schedule.js';
import { seriesOfPool } from './series.js';
import { appendBlock, type Ledger } from './store.js';
import type { Block, PoolPlan, SideCounters, SideName } from './types.js';

/** A disturbed block is run again so often; then its round goes without it. */
const TRIES = 3;
/** So many dropped blocks, and such a share of all, and the gate gives up. */
const HOPELESS_BLOCKS = 12;
const HOPELESS_SHARE = 2 / 3;
const PAIRS_OF_BLOCK = 2;
const PILOT_ROUNDS = PILOT_PAIRS / PAIRS_OF_BLOCK;
const SIDES: readonly SideName[] = ['base', 'head'];

/** What somebody who waits is told. */
export interface GateWatch {
  readonly say: (text: string) => void;
  readonly onRepetition: (side: SideName, id: string) => void;
  readonly onRound: (state: {
    readonly purpose: Block['purpose'] | 'verify';
    readonly round: number;
    readonly open: number;
    readonly decided: number;
    readonly secondsLeft: number;
  }) => void;
}

export interface GateSetup {
  readonly contests: readonly Contest[];
  readonly ledgers: Readonly<{ [side in SideName]: Ledger }>;
  readonly bench: Bench;
  /** One repetition that is counted and not timed; null where nothing can be counted, or when it was interrupted. */
  readonly count: ((side: SideName, contest: Contest) => Promise<SideCounters | null>) | null;
  readonly folder: string;
  readonly seed: number;
  readonly tolerance: number;
  readonly budgetSeconds: number;
  readonly signal: AbortSignal;
  readonly watch: GateWatch;
  /** Of a gate that goes on. */
  readonly blocks: readonly Block[];
  readonly counters: readonly SideCounters[];
  readonly plans: readonly PoolPlan[] | null;
  /** Said with those plans. */
  readonly planNotes: readonly string[];
  /** Keeps the plans before the first look. */
  readonly keepPlans: (plans: readonly PoolPlan[], notes: readonly string[]) => Promise<void>;
}

/** All that lines are made of. */
export interface Measured {
  readonly blocks: readonly Block[];
  readonly counters: readonly SideCounters[];
  readonly plans: readonly PoolPlan[];
  readonly notes: readonly string[];
  readonly interrupted: boolean;
}

const seconds = (since: bigint): number => Number(process.hrtime.bigint() - since) / 1e9;

/** Cases with a record that is not verified, on either side: they are red, and no longer timed. */
export function unverified(contests: readonly Contest[], ledgers: GateSetup['ledgers']): ReadonlySet<string> {
  const bad = new Set<string>();
  for (const side of SIDES) {
    const ids = new Set(
      ledgers[side].records.filter(({ verdict }) => verdict.status !== 'verified').map((record) => record.case.id),
    );
    for (const contest of contests) if (ids.has(contest[side].id)) bad.add(contest.id);
  }
  return bad;
}

/** That the time does not allow what the noise asks for, and what it does allow. */
function shortText(
  { pool, sigma, pairs }: PoolPlan,
  fits: number,
  wanted: number,
  most: number,
  tolerance: number,
): string {
  const [noise, asked] = [sigma, tolerance].map((share) => `${(share * 100).toFixed(1)} %`);
  const within = Number.isFinite(fits)
    ? `${(fits * 100).toFixed(1)} % is the smallest effect that is decided surely`
    : 'no effect is decided surely';
  return `${pool}: with σ ${noise ?? ''} a tolerance of ${asked ?? ''} needs ${wanted} pairs, the time allows ${most}; with ${pairs} ${within}. More time: --budget.`;
}

class GateRun {
  readonly blocks: Block[];
  readonly counters: SideCounters[];
  readonly notes: string[];
  plans: readonly PoolPlan[] | null;
  readonly begun = process.hrtime.bigint();
  readonly setup: GateSetup;

  constructor(setup: GateSetup) {
    this.setup = setup;
    this.blocks = [...setup.blocks];
    this.counters = [...setup.counters];
    this.plans = setup.plans;
    this.notes = [...setup.planNotes];
  }

  secondsLeft(): number {
    return this.setup.budgetSeconds - seconds(this.begun);
  }

  measurable(): readonly Contest[] {
    const { contests, ledgers } = this.setup;
    const bad = unverified(contests, ledgers);
    return contests.filter((contest) => contest.timed && !bad.has(contest.id));
  }

  /** Each case once on each side: verified, counted where that is possible, and warm for what follows. */
  async verifyAll(): Promise<boolean> {
    const { contests, ledgers, count, bench, watch, signal } = this.setup;
    for (const contest of contests) {
      for (const side of SIDES) {
        if (ledgers[side].records.some((record) => record.case.id === contest[side].id)) continue;
        watch.onRepetition(side, contest.id);
        if (count !== null) {
          const counters = await count(side, contest);
          if (counters !== null) this.counters.push(counters);
        } else {
          await bench.repeat(side, contest, true);
        }
        if (signal.aborted) return false;
      }
    }
    return true;
  }

  /** More was dropped than counts, and not only by a bad start. */
  isHopeless(): boolean {
    const dropped = this.blocks.filter((block) => block.dropped !== null).length;
    return dropped >= HOPELESS_BLOCKS && dropped > HOPELESS_SHARE * this.blocks.length;
  }

  /** One round of the given cases; false when it was interrupted. */
  async round(purpose: Block['purpose'], round: number, contests: readonly Contest[]): Promise<boolean> {
    const { seed, bench, folder, signal, watch } = this.setup;
    const byId = new Map(contests.map((contest) => [contest.id, contest]));
    const isDone = (id: string): boolean =>
      this.blocks.some(
        (block) => block.purpose === purpose && block.round === round && block.case === id && block.dropped === null,
      );
    for (const { case: id, order } of roundOf(seed, purpose, round, [...byId.keys()])) {
      const contest = byId.get(id);
      if (contest === undefined) continue;
      for (let tries = 0; tries < TRIES && !isDone(id) && !this.isHopeless(); tries += 1) {
        watch.onRepetition('base', id);
        const block = await runBlock(contest, { round, purpose, order }, bench);
        if (block === null || signal.aborted) return false;
        await appendBlock(folder, block);
        this.blocks.push(block);
      }
    }
    return true;
  }

  /** Plans every pool from the first pairs; those that these do not decide have to share the time that is left. */
  async plan(secondsOfRound: number): Promise<void> {
    const { contests, tolerance, keepPlans, watch } = this.setup;
    const measurable = this.measurable();
    const pools = timedPools(measurable);
    const planOf = (pool: string, most: number): ReturnType<typeof planPool> =>
      planPool(pool, timedOf(contests, pool), this.blocks, pools.length, tolerance, most);
    const wanted = pools.map((pool) => planOf(pool, Infinity).plan);
    const states = statesOf(wanted, contests, this.blocks, tolerance);
    const open = new Set(states.filter(({ closed }) => !closed).map(({ plan }) => plan.pool));
    const share = measurable.filter(({ pool }) => open.has(pool)).length / measurable.length;
    const rounds = Math.max(0, Math.floor(this.secondsLeft() / Math.max(share * secondsOfRound, 1e-3)));
    const most = PILOT_PAIRS + rounds * PAIRS_OF_BLOCK;
    this.plans = wanted.map((all) => {
      if (!open.has(all.pool)) return all;
      const { plan, fits } = planOf(all.pool, most);
      if (fits !== null) this.notes.push(shortText(plan, fits, all.pairs, most, tolerance));
      return plan;
    });
    for (const note of this.notes) watch.say(note);
    await keepPlans(this.plans, this.notes);
  }

  /** Every pool has the pairs that its plan is made from. */
  hasPilot(): boolean {
    const measurable = this.measurable();
    return timedPools(measurable).every(
      (pool) => seriesOfPool(this.blocks, timedOf(measurable, pool), 'decide').length >= PILOT_PAIRS,
    );
  }

  open(): readonly PoolState[] {
    const { contests, blocks, tolerance } = { ...this.setup, blocks: this.blocks };
    return statesOf(this.plans ?? [], contests, blocks, tolerance).filter(({ closed }) => !closed);
  }

  /** Rounds until every pool is decided or its plan is at its end; false when it was interrupted. */
  async decideAll(): Promise<boolean> {
    for (let round = 1; ; round += 1) {
      const plans = this.plans;
      const measurable = this.measurable();
      const open = new Set(plans === null ? timedPools(measurable) : this.open().map(({ plan }) => plan.pool));
      const contests = measurable.filter(({ pool }) => open.has(pool));
      if (contests.length === 0) return true;
      // Rounds that were dropped too often leave a pool short of its looks.
      const most = Math.max(...(plans ?? []).map(({ pairs }) => pairs), 2 * PILOT_ROUNDS);
      if (round > most || this.isHopeless()) {
        this.notes.push(
          'The machine was disturbed too often: blocks were dropped, and pools are short of their pairs. Run it again on a quieter machine.',
        );
        return true;
      }
      const begun = process.hrtime.bigint();
      if (!(await this.round('decide', round, contests))) return false;
      if (this.plans === null && this.hasPilot()) await this.plan(seconds(begun));
      const planned = Math.max(...(this.plans ?? []).map(({ pairs }) => pairs), PILOT_PAIRS);
      const left = Math.ceil(planned / PAIRS_OF_BLOCK) - round;
      this.setup.watch.onRound({
        purpose: 'decide',
        round,
        open: open.size,
        decided: timedPools(measurable).length - open.size,
        secondsLeft: Math.max(0, left) * seconds(begun),
      });
    }
  }

  /** What is red is measured again in fresh blocks, as many as a second look has. */
  async confirmRed(): Promise<boolean> {
    const { contests, tolerance, watch } = this.setup;
    const plans = this.plans ?? [];
    const states = statesOf(plans, contests, this.blocks, tolerance);
    const pools = states.filter(({ decision }) => decision?.verdict === 'regression').map(({ plan }) => plan.pool);
    const cases = caseStates(states, contests, this.blocks, tolerance).filter(({ red }) => red);
    const chosen = this.measurable().filter(
      (contest) => pools.includes(contest.pool) || cases.some((one) => one.contest.id === contest.id),
    );
    if (!(await this.countRedAgain())) return false;
    if (chosen.length === 0) return true;
    watch.say(
      `Slower: ${[...pools, ...cases.map(({ contest }) => contest.id)].join(', ')}; measured again in fresh blocks.`,
    );
    const sigma = Math.max(...plans.map((plan) => plan.sigma));
    const { confirmPairs } = planLooks({ sigma, tolerance, decisions: plans.length, least: PILOT_PAIRS });
    const rounds = Math.ceil(confirmPairs / PAIRS_OF_BLOCK);
    for (let round = 1; round <= rounds; round += 1) {
      const begun = process.hrtime.bigint();
      if (!(await this.round('confirm', round, chosen))) return false;
      const secondsLeft = (rounds - round) * seconds(begun);
      watch.onRound({ purpose: 'confirm', round, open: chosen.length, decided: 0, secondsLeft });
    }
    return true;
  }

  /** A counter that is red is counted twice more, so that its median of three decides. */
  async countRedAgain(): Promise<boolean> {
    const { contests, ledgers, count, watch, signal } = this.setup;
    if (count === null) return true;
    const bad = unverified(contests, ledgers);
    for (const contest of contests.filter(({ id }) => !bad.has(id))) {
      const red = counterLines(contest, this.counters).filter(({ verdict }) => verdict === 'regression');
      if (red.length === 0) continue;
      watch.say(`More ${red.map(({ metric }) => metric).join(', ')} in ${contest.id}: counted again.`);
      for (const side of [...SIDES, ...SIDES]) {
        const counters = await count(side, contest);
        if (signal.aborted) return false;
        if (counters !== null) this.counters.push(counters);
      }
    }
    return true;
  }

  async all(): Promise<Measured> {
    const { contests, ledgers, watch } = this.setup;
    let finished = await this.verifyAll();
    const bad = unverified(contests, ledgers);
    if (finished && bad.size > 0) watch.say(`${bad.size} of ${contests.length} cases not verified: nothing is timed.`);
    if (finished && bad.size === 0) finished = (await this.decideAll()) && (await this.confirmRed());
    return {
      blocks: this.blocks,
      counters: this.counters,
      plans: this.plans ?? [],
      notes: this.notes,
      interrupted: !finished,
    };
  }
}

export const measureGate = async (setup: GateSetup): Promise<Measured> => new GateRun(setup).all();
