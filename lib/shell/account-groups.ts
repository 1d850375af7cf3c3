/**
 * Work that comes in batches and concerns many accounts: the items for one account are a group, groups that are read
 * together are a run. Each group's first decision is committed together with others' where that saves calls. A group that
 * lost a race, or is too large for one transaction, goes on alone. Items that can't be done now come again.
 */

import { type Account, type AccountKey, printAccountKey } from '../rules/account.ts';
import { MAX_RECORDS_IN_COMMIT } from '../storage/ledger-store.ts';
import { type Decided, decideAndCommit } from './change-account.ts';
import { mapConcurrently } from './concurrency.ts';
import type { Invocation } from './invocation.ts';
import type { Attempt } from './shared-transactions.ts';
import { measured } from './telemetry.ts';

/** The items of one account, in the order in which they take effect. Never empty. */
export type Group<Item> = readonly Item[];

/**
 * What is done with items of one kind. `State` is what deciding takes; a slice is the part of a group that fits into one
 * transaction.
 */
export interface GroupWork<Item, State, D extends Decided> {
  /** For metrics, e.g. `Messages`. */
  readonly name: string;
  /** The sentence for the log when a group's items come again. */
  readonly returned: string;
  readonly accountOf: (item: Item) => AccountKey;
  /** Reads for all groups of a run at once. When it throws, each group is loaded alone, with retries. */
  readonly preload: (run: readonly Group<Item>[]) => Promise<(group: Group<Item>) => State>;
  /** @param rest the slice, and what of its group comes after it */
  readonly load: (slice: Group<Item>, rest: Group<Item>, time: 'first' | 'again') => Promise<State>;
  readonly decide: (state: State, slice: Group<Item>) => D;
  /** What the next slice is decided from, without another read. */
  readonly stateAfter: (decided: D, account: Account | undefined) => State;
  readonly reportOutcomes: (slice: Group<Item>, decided: D) => void;
}

/** Enough to hide the latency of reads. What is read long before its commit is likely to be out of date. */
const RUNS_AT_ONCE = 3;

/** @returns the items that are to come again */
export async function changeAccounts<Item, State, D extends Decided>(
  runs: readonly (readonly Group<Item>[])[],
  work: GroupWork<Item, State, D>,
  invocation: Invocation,
): Promise<readonly Item[]> {
  const changes = new GroupChanges(work, invocation);
  return (await mapConcurrently(runs, RUNS_AT_ONCE, (run) => changes.changeRun(run))).flat();
}

/** A group, and what was decided about its first slice. */
interface FirstAttempt<Item, D extends Decided> extends Attempt {
  readonly group: Group<Item>;
  /** `undefined` when the group is to be loaded alone. */
  readonly decided: D | undefined;
}

class GroupChanges<Item, State, D extends Decided> {
  readonly #work: GroupWork<Item, State, D>;
  readonly #invocation: Invocation;

  constructor(work: GroupWork<Item, State, D>, invocation: Invocation) {
    this.#work = work;
    this.#invocation = invocation;
  }

  async changeRun(run: readonly Group<Item>[]): Promise<readonly Item[]> {
    const { transactions, telemetry, hasTime } = this.#invocation;
    if (!hasTime()) {
      return this.#postpone(run.flat());
    }
    const stateOf = await measured(telemetry, 'Load', () => this.#work.preload(run)).catch(() => undefined);
    const attempts = await Promise.all(run.map((group) => this.#decideFirst(group, stateOf?.(group))));
    const left = await transactions.run<FirstAttempt<Item, D>, readonly Item[]>(attempts, this.#invocation, {
      committed: ({ group, decided }) => {
        this.#work.reportOutcomes(group, decided as D);
        return [];
      },
      changeAlone: ({ group, decided }, state) =>
        this.#changeGroup(group, state === 'untried' ? decided : undefined),
    });
    return left.flat();
  }

  async #decideFirst(group: Group<Item>, state: State | undefined): Promise<FirstAttempt<Item, D>> {
    const slice = firstSlice(group);
    // What can't be decided is decided again when the group is changed alone, so that no other group fails with it.
    const decided = state && (await this.#decide(state, slice).catch(() => undefined));
    // A group of several slices goes on alone.
    return { group, decided, change: slice.length === group.length ? decided?.change : undefined };
  }

  /** Changes the account slice by slice, each decided from what the one before has left. */
  async #changeGroup(group: Group<Item>, first: D | undefined): Promise<readonly Item[]> {
    let rest = group;
    let decideNext = async () => first;
    while (rest.length > 0) {
      const slice = firstSlice(rest);
      if (rest !== group && !this.#invocation.hasTime()) {
        return this.#postpone(rest);
      }
      try {
        const state = await this.#changeSlice(slice, rest, await decideNext());
        rest = rest.slice(slice.length);
        decideNext = () => this.#decide(state, firstSlice(rest));
      } catch (error) {
        return this.#returnLater(rest, error);
      }
    }
    return [];
  }

  async #changeSlice(slice: Group<Item>, rest: Group<Item>, decided: D | undefined): Promise<State> {
    const { load, decide, stateAfter, reportOutcomes } = this.#work;
    const committed = await decideAndCommit(
      {
        decided,
        load: (time) => load(slice, rest, time),
        decide: (state) => decide(state, slice),
      },
      this.#invocation,
    );
    reportOutcomes(slice, committed.decided);
    return stateAfter(committed.decided, committed.account);
  }

  #decide(state: State, slice: Group<Item>): Promise<D> {
    return measured(this.#invocation.telemetry, 'Decide', () => this.#work.decide(state, slice));
  }

  /** An invocation that runs until it is ended has its whole batch come again, with all that was done already. */
  #postpone(items: readonly Item[]): readonly Item[] {
    this.#invocation.telemetry.count(`${this.#work.name}.postponed`, items.length);
    return items;
  }

  #returnLater(items: readonly Item[], error: unknown): readonly Item[] {
    const { telemetry } = this.#invocation;
    const { name, returned, accountOf } = this.#work;
    telemetry.count(`${name}.returned`, items.length);
    const account = printAccountKey(accountOf(items[0] as Item));
    telemetry.warn(returned, { account, count: items.length, error });
    return items;
  }
}

function firstSlice<Item>(group: Group<Item>): Group<Item> {
  return group.slice(0, MAX_RECORDS_IN_COMMIT);
}
