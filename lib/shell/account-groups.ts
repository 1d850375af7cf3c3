/**
 * Work that comes in batches and concerns many accounts: the items for one account are a group, groups that are read
 * together are a run. Each group's first decision is committed together with others' where that saves calls. A group that
 * lost a race, or is too large for one transaction, goes on alone. Items that can't be done now come again; items that need an
 * unreadable item of the tables wait for it, and hold up no others.
 */

import { type Account, type AccountKey, printAccountKey } from '../rules/account.ts';
import type { CorruptItemError } from '../storage/errors.ts';
import { MAX_RECORDS_IN_COMMIT } from '../storage/ledger-store.ts';
import { type Decided, decideAndCommit } from './change-account.ts';
import { groupBy, mapConcurrently } from './concurrency.ts';
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
  /** Why an item that deciding about this one takes can't be read. */
  readonly faultOf: (state: State, item: Item) => CorruptItemError | undefined;
  readonly accountOf: (item: Item) => AccountKey;
  /** Reads for all groups of a run at once. When it throws, each group is loaded alone, with retries. */
  readonly preload: (run: readonly Group<Item>[]) => Promise<(group: Group<Item>) => State>;
  readonly load: (wanted: SliceToLoad<Item, State>) => Promise<State>;
  /** @param ready the items of a slice that need nothing unreadable; at least one */
  readonly decide: (state: State, ready: Group<Item>) => D;
  /** What the next slice is decided from, without another read. */
  readonly stateAfter: (state: State, decided: D, account: Account | undefined) => State;
  readonly reportOutcomes: (ready: Group<Item>, decided: D) => void;
}

/** What is to be read before a slice of a group is decided. */
export interface SliceToLoad<Item, State> {
  readonly slice: Group<Item>;
  /** The slice, and what of its group comes after it. */
  readonly rest: Group<Item>;
  /** `again` after a lost race. */
  readonly time: 'first' | 'again';
  /** What the slice was decided from before. What it says of the other items of `rest` is as good as it was. */
  readonly known: State | undefined;
}

export interface LeftItems<Item> {
  /** Items that may be done another time. */
  readonly returned: readonly Item[];
  /** Items that can't be done before an unreadable item is repaired. */
  readonly waiting: readonly Waiting<Item>[];
}

interface Waiting<Item> {
  readonly item: Item;
  readonly error: CorruptItemError;
}

/** Enough to hide the latency of reads. What is read long before its commit is likely to be out of date. */
const RUNS_AT_ONCE = 3;

/** @returns the items that are not done; all others are */
export async function changeAccounts<Item, State, D extends Decided>(
  runs: readonly (readonly Group<Item>[])[],
  work: GroupWork<Item, State, D>,
  invocation: Invocation,
): Promise<LeftItems<Item>> {
  const changes = new GroupChanges(work, invocation);
  const returned = (await mapConcurrently(runs, RUNS_AT_ONCE, (run) => changes.changeRun(run))).flat();
  for (const waiting of groupBy(changes.waiting, ({ error }) => error.message).values()) {
    invocation.telemetry.count(`${work.name}.waiting`, waiting.length);
    invocation.telemetry.warn(`${work.name} wait for an item that can not be read.`, {
      count: waiting.length,
      error: waiting[0]?.error,
    });
  }
  return { returned, waiting: changes.waiting };
}

/** What was decided about a slice. Nothing is decided, and nothing changes, where all of it waits. */
interface DecidedSlice<Item, State, D> extends Decided {
  readonly state: State;
  readonly ready: Group<Item>;
  readonly waiting: readonly Waiting<Item>[];
  readonly decided: D | undefined;
}

/** A group, and what was decided about its first slice. */
interface FirstAttempt<Item, State, D> extends Attempt {
  readonly group: Group<Item>;
  /** `undefined` when the group is to be loaded alone. */
  readonly first: DecidedSlice<Item, State, D> | undefined;
}

class GroupChanges<Item, State, D extends Decided> {
  readonly waiting: Waiting<Item>[] = [];
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
    const left = await transactions.run<FirstAttempt<Item, State, D>, readonly Item[]>(
      attempts,
      this.#invocation,
      {
        committed: ({ first }) => {
          this.#report(first as DecidedSlice<Item, State, D>);
          return [];
        },
        changeAlone: ({ group, first }, attempt) =>
          this.#changeGroup(group, attempt === 'untried' ? first : undefined),
      },
    );
    return left.flat();
  }

  async #decideFirst(group: Group<Item>, state: State | undefined): Promise<FirstAttempt<Item, State, D>> {
    const slice = firstSlice(group);
    // What can't be decided is decided again when the group is changed alone, so that no other group fails with it.
    const first = state && (await this.#decideNext(state, slice).catch(() => undefined));
    // A group of several slices goes on alone.
    return { group, first, change: slice.length === group.length ? first?.change : undefined };
  }

  /** Changes the account slice by slice, each decided from what the one before has left. */
  async #changeGroup(
    group: Group<Item>,
    first: DecidedSlice<Item, State, D> | undefined,
  ): Promise<readonly Item[]> {
    let rest = group;
    let next = async () => first;
    while (rest.length > 0) {
      const slice = firstSlice(rest);
      if (rest !== group && !this.#invocation.hasTime()) {
        return this.#postpone(rest);
      }
      try {
        const state = await this.#changeSlice(slice, rest, await next());
        rest = rest.slice(slice.length);
        next = () => this.#decideNext(state, firstSlice(rest));
      } catch (error) {
        return this.#returnLater(rest, error);
      }
    }
    return [];
  }

  async #changeSlice(
    slice: Group<Item>,
    rest: Group<Item>,
    decided: DecidedSlice<Item, State, D> | undefined,
  ): Promise<State> {
    const load = (time: 'first' | 'again') => this.#work.load({ slice, rest, time, known: decided?.state });
    const decide = (state: State) => this.#decide(state, slice);
    const result = await decideAndCommit({ decided, load, decide }, this.#invocation);
    this.#report(result.decided);
    const { state, decided: done } = result.decided;
    return done === undefined ? state : this.#work.stateAfter(state, done, result.account);
  }

  #decideNext(state: State, slice: Group<Item>): Promise<DecidedSlice<Item, State, D>> {
    return measured(this.#invocation.telemetry, 'Decide', () => this.#decide(state, slice));
  }

  #decide(state: State, slice: Group<Item>): DecidedSlice<Item, State, D> {
    const { faultOf, accountOf, decide } = this.#work;
    const [ready, waiting]: [Item[], Waiting<Item>[]] = [[], []];
    for (const item of slice) {
      const error = faultOf(state, item);
      if (error === undefined) {
        ready.push(item);
      } else {
        waiting.push({ item, error });
      }
    }
    const decided = ready.length === 0 ? undefined : decide(state, ready);
    const key = accountOf(slice[0] as Item);
    const change = decided?.change ?? { key, before: undefined, after: undefined, records: [] };
    return { state, ready, waiting, decided, change };
  }

  #report({ ready, waiting, decided }: DecidedSlice<Item, State, D>): void {
    this.waiting.push(...waiting);
    if (decided !== undefined) {
      this.#work.reportOutcomes(ready, decided);
    }
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
