/** Which payments the benchmark makes: each case under its load, or one case under different loads. */

import { type BenchCase, CASES } from './cases.ts';
import { isOneByOne, type Load, pace, underWay } from './load.ts';
import type { SuiteOptions } from './suite-options.ts';

export interface PlannedRun {
  readonly benchCase: BenchCase;
  readonly load: Load;
  readonly transferCount: number;
  readonly warmUpCount: number;
}

type Wishes = Pick<SuiteOptions, 'cases' | 'loads' | 'transfers' | 'isWhole' | 'repetitions' | 'divisor'>;

const SHORT_LOADS = [pace(1), underWay(1), underWay(64), underWay(4_000)];
const ALL_LOADS = [pace(1), ...[1, 8, 64, 512, 4_000, 20_000].map(underWay)];
const LOADED_CASE = 'many-to-many';
/** A busy account on one side; budgets hold for them at this load. */
const BUSY_CASES = ['one-to-many', 'many-to-one'];
const BUSY_LOAD = underWay(4_000);

const [SHORT_SECONDS, WHOLE_SECONDS] = [20, 60];
/** Enough for steady percentiles; and some times as many as are under way, since the first and the last ones share less. */
const [FEWEST_TRANSFERS, TRANSFERS_OF_EACH] = [100, 2.5];
/** Where few are under way, payments are quick. */
const FEW_UNDER_WAY = { most: 512, transfersOfEach: 60, mostTransfers: 8_000 };
const SHORT_TRANSFERS = 1_500;
/** Of the measured payments. */
const WARM_UP_SHARE = 0.2;

/** The loads of each chosen case. */
export function loadRuns(wishes: Wishes): readonly PlannedRun[] {
  const { cases = new Set([LOADED_CASE]), isWhole } = wishes;
  const loads = wishes.loads ?? (isWhole ? ALL_LOADS : SHORT_LOADS);
  const chosen = CASES.filter(({ name }) => cases.has(name));
  const runs = chosen.flatMap((benchCase) => loads.map((load) => planRun(benchCase, load, wishes)));
  const isComplete = isWhole && wishes.cases === undefined && wishes.loads === undefined;
  const busy = isComplete ? CASES.filter(({ name }) => BUSY_CASES.includes(name)) : [];
  const once = [...runs, ...busy.map((benchCase) => planRun(benchCase, BUSY_LOAD, wishes))];
  // One after the other, so that a busy minute of the machine does not fall on all runs of one load.
  return Array.from({ length: wishes.repetitions }, () => once).flat();
}

/** Each chosen case with its own number of payments, all under way at once as far as the case allows; nothing is warmed up. */
export function caseRuns({ cases, transfers, divisor }: Wishes): readonly PlannedRun[] {
  return CASES.filter(({ name }) => cases?.has(name) ?? true).map((benchCase) => ({
    benchCase,
    load: benchCase.load,
    transferCount: share(transfers ?? benchCase.transferCount, divisor),
    warmUpCount: 0,
  }));
}

function planRun(benchCase: BenchCase, load: Load, { transfers, isWhole, divisor }: Wishes): PlannedRun {
  const transferCount = share(transfers ?? transfersUnder(load, isWhole), divisor);
  const warmUpCount = Math.ceil(transferCount * WARM_UP_SHARE);
  return { benchCase, load, transferCount, warmUpCount };
}

function transfersUnder(load: Load, isWhole: boolean): number {
  if (load.kind === 'pace') {
    return Math.ceil(load.perSecond * (isWhole ? WHOLE_SECONDS : SHORT_SECONDS));
  }
  const { most, transfersOfEach, mostTransfers } = FEW_UNDER_WAY;
  const enough =
    load.count <= most
      ? Math.min(mostTransfers, load.count * transfersOfEach)
      : load.count * TRANSFERS_OF_EACH;
  const whole = Math.max(isOneByOne(load) ? FEWEST_TRANSFERS : 2 * FEWEST_TRANSFERS, Math.round(enough));
  return isWhole ? whole : Math.min(whole, Math.max(SHORT_TRANSFERS, 1.25 * load.count));
}

export function share(count: number, divisor: number): number {
  return Math.max(1, Math.round(count / divisor));
}
