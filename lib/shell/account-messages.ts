/**
 * The incoming messages for one account: decided about and committed in slices that fit into a transaction, tried again after
 * lost races. Which messages there are, and which accounts are tried together, is the business of process-messages.ts.
 */

import type { IncomingMessage } from '../protocol/messages.ts';
import { type AccountKey, printAccountKey } from '../rules/account.ts';
import { decide } from '../rules/decide.ts';
import type { Settings } from '../rules/settings.ts';
import type { Outcome, Snapshot } from '../rules/snapshot.ts';
import {
  type Change,
  itemCountOf,
  type LedgerStore,
  MAX_RECORDS_IN_COMMIT,
} from '../storage/ledger-store.ts';
import type { DeadLetter } from './dead-letter-queue.ts';
import { loadBatch } from './load-snapshots.ts';
import { withRetries } from './retry.ts';
import type { Surroundings } from './surroundings.ts';
import { measured, type Telemetry } from './telemetry.ts';

/** One delivery of a message by the queue. */
export interface IncomingDelivery {
  readonly messageId: string;
  readonly body: string;
}

export interface ParsedDelivery {
  readonly delivery: IncomingDelivery;
  readonly message: IncomingMessage;
}

/** All messages of a batch that are for one account. */
export type MessageGroup = readonly ParsedDelivery[];

export interface MessageTools {
  readonly store: LedgerStore;
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  readonly telemetry: Telemetry;
  /** Whether there is time to begin with something more; what is not begun comes again. */
  readonly hasTime: () => boolean;
}

export interface GroupResult {
  /** The IDs of the deliveries that are to come again. */
  readonly failed: readonly string[];
  readonly letters: readonly DeadLetter[];
}

/** What was decided about a slice, before it is committed. */
export interface Decided {
  readonly snapshot: Snapshot;
  readonly outcomes: readonly Outcome[];
  /** Writes nothing where nothing is changed. */
  readonly change: Change;
}

/** The messages that are decided about together: as many as a transaction can hold transfers. */
export function firstSlice(group: MessageGroup): MessageGroup {
  return group.slice(0, MAX_RECORDS_IN_COMMIT);
}

/** @throws what the rules throw for an account that is not as it can be */
export function decideAbout(
  snapshot: Snapshot,
  slice: MessageGroup,
  { settings, surroundings, telemetry }: MessageTools,
): Promise<Decided> {
  const messages = slice.map(({ message }) => message);
  return measured(telemetry, 'Decide', () => {
    const { outcomes, account, records } = decide(snapshot, messages, { now: surroundings.now(), settings });
    const change = {
      key: snapshot.key,
      before: snapshot.account,
      after: account,
      records: records.map((after) => ({ before: snapshot.records.get(after.transferId), after })),
    };
    return { snapshot, outcomes, change };
  });
}

/**
 * Processes all messages of the group, slice by slice, each starting from what the one before has made.
 * @param first what was decided about the first slice; without it, everything is read
 */
export async function processGroup(
  group: MessageGroup,
  first: Decided | undefined,
  tools: MessageTools,
): Promise<GroupResult> {
  const letters: DeadLetter[] = [];
  let remaining = group;
  let begin = first && (async () => first);
  while (remaining.length > 0) {
    const slice = firstSlice(remaining);
    if (remaining !== group && !tools.hasTime()) {
      return { failed: postpone(remaining, tools), letters };
    }
    try {
      const { outcomes, snapshot } = await processSlice(slice, remaining, begin, tools);
      letters.push(...settle(slice, outcomes, tools));
      remaining = remaining.slice(slice.length);
      begin = () => decideAbout(snapshot, firstSlice(remaining), tools);
    } catch (error) {
      reportFailure(remaining, error, tools.telemetry);
      return { failed: idsOf(remaining), letters };
    }
  }
  return { failed: [], letters };
}

/**
 * Commits what was decided about a slice. After a lost race, or without a decision to begin with, reads what deciding about all
 * `remaining` messages takes, and decides anew.
 */
async function processSlice(
  slice: MessageGroup,
  remaining: MessageGroup,
  begin: (() => Promise<Decided>) | undefined,
  tools: MessageTools,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly snapshot: Snapshot }> {
  return withRetries(
    async (attempt) => {
      const decided =
        attempt === 0 && begin !== undefined
          ? await begin()
          : await decideAbout(await reload(remaining, tools), slice, tools);
      return { outcomes: decided.outcomes, snapshot: await commit(decided, tools) };
    },
    tools.surroundings,
    tools.telemetry,
  );
}

async function reload(remaining: MessageGroup, { store, telemetry }: MessageTools): Promise<Snapshot> {
  const messages = remaining.map(({ message }) => message);
  const loaded = await measured(telemetry, 'Load', () => loadBatch(store, messages, 'again'));
  return loaded.snapshotOf(keyOf(messages[0] as IncomingMessage));
}

/** @returns what the next slice may start from */
async function commit({ snapshot, change }: Decided, { store, telemetry }: MessageTools): Promise<Snapshot> {
  if (itemCountOf(change) === 0) {
    return snapshot;
  }
  const account = await measured(telemetry, 'Commit', () => store.commit(change));
  telemetry.count('Commits');
  const records = new Map(snapshot.records);
  for (const { after } of change.records) {
    records.set(after.transferId, after);
  }
  return { ...snapshot, account, records };
}

/** Takes note of what became of messages that are committed. @returns the letters about those that can't be decided */
export function settle(
  slice: MessageGroup,
  outcomes: readonly Outcome[],
  { telemetry }: MessageTools,
): readonly DeadLetter[] {
  return slice.flatMap(({ delivery, message }, index) => {
    const outcome = outcomes[index] as Outcome;
    telemetry.count(`Messages.${message.type}.${outcome.kind}`);
    if (outcome.kind !== 'refused') {
      return [];
    }
    const { messageId } = delivery;
    telemetry.warn('A message that can not be decided goes to the dead-letter queue.', {
      messageId,
      reason: outcome.reason,
    });
    return [{ ...delivery, reason: outcome.reason }];
  });
}

/**
 * Leaves messages to another invocation. If this one went on until it was ended, its whole batch would come again, with all
 * that was done already.
 * @returns the IDs of their deliveries
 */
export function postpone(messages: MessageGroup, { telemetry }: MessageTools): readonly string[] {
  telemetry.count('Messages.postponed', messages.length);
  return idsOf(messages);
}

function reportFailure(failed: MessageGroup, error: unknown, telemetry: Telemetry): void {
  const [first] = failed;
  telemetry.count('Messages.returned', failed.length);
  telemetry.warn('Messages for an account go back to the queue.', {
    account: first && printAccountKey(first.message),
    count: failed.length,
    error,
  });
}

function idsOf(messages: MessageGroup): readonly string[] {
  return messages.map(({ delivery }) => delivery.messageId);
}

export function keyOf({ debtorId, creditorId }: AccountKey): AccountKey {
  return { debtorId, creditorId };
}
