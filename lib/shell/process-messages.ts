/**
 * Applies a batch of incoming messages: parse, group by account, load, decide, commit. What can't be read goes to the
 * dead-letter queue at once; what fails for a passing reason is reported, so that only it comes back.
 */

import { MalformedMessageError, parseIncomingMessage } from '../protocol/codec.ts';
import type { IncomingMessage } from '../protocol/messages.ts';
import { type AccountKey, printAccountKey } from '../rules/account.ts';
import { decide } from '../rules/decide.ts';
import type { Settings } from '../rules/settings.ts';
import type { Outcome, Snapshot } from '../rules/snapshot.ts';
import { type LedgerStore, MAX_RECORDS_IN_COMMIT } from '../storage/ledger-store.ts';
import { groupBy, inRuns, mapConcurrently } from './concurrency.ts';
import type { DeadLetter, DeadLetterQueue } from './dead-letter-queue.ts';
import { withRetries } from './retry.ts';
import { type LoadedBatch, loadBatch, loadRecipients, type Recipients } from './snapshots.ts';
import type { Surroundings } from './surroundings.ts';
import { measured, type Telemetry } from './telemetry.ts';

/** One delivery of a message by the queue. */
export interface IncomingDelivery {
  readonly messageId: string;
  readonly body: string;
}

export interface ProcessMessagesTools {
  readonly store: LedgerStore;
  readonly deadLetters: DeadLetterQueue;
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  readonly telemetry: Telemetry;
}

interface ParsedDelivery {
  readonly delivery: IncomingDelivery;
  readonly message: IncomingMessage;
}

/** As many as one read takes. Not more are read ahead: what was read long before its commit is likely to be out of date. */
const MESSAGES_IN_RUN = 100;
const RUNS_AT_ONCE = 3;
/** Of each run; enough to hide the latency of a commit, few enough for one connection pool. */
const ACCOUNTS_AT_ONCE = 16;

/**
 * @param hasTime whether there is time to begin with something more; what is not begun comes again
 * @returns the IDs of the deliveries that are to come again; all others are done with, whatever became of them
 */
export async function processMessages(
  deliveries: readonly IncomingDelivery[],
  hasTime: () => boolean,
  tools: ProcessMessagesTools,
): Promise<readonly string[]> {
  const { telemetry } = tools;
  const { parsed, letters } = await measured(telemetry, 'Parse', () => parseAll(deliveries, telemetry));
  // Many messages of a batch have the same recipients, so these are read once for all of them.
  const recipients = loadRecipients(
    tools.store,
    parsed.map(({ message }) => message),
  );
  // Who waits for them learns of a failure.
  recipients.catch(() => {});
  const groups = groupBy(parsed, ({ message }) => printAccountKey(message)).values();
  const runs = inRuns(groups, MESSAGES_IN_RUN);
  const results = await mapConcurrently(runs, RUNS_AT_ONCE, async (run) =>
    hasTime() ? processRun(run, recipients, hasTime, tools) : [postpone(run.flat(), tools.telemetry)],
  );
  const groupResults = results.flat();
  const returned = await sendDeadLetters(
    [...letters, ...groupResults.flatMap((result) => result.letters)],
    tools,
  );
  return [...returned, ...groupResults.flatMap((result) => result.failed)];
}

function parseAll(deliveries: readonly IncomingDelivery[], telemetry: Telemetry) {
  const parsed: ParsedDelivery[] = [];
  const letters: DeadLetter[] = [];
  for (const delivery of deliveries) {
    try {
      parsed.push({ delivery, message: parseIncomingMessage(delivery.body) });
    } catch (error) {
      if (!(error instanceof MalformedMessageError)) {
        throw error;
      }
      letters.push({ ...delivery, reason: error.message });
      telemetry.count('Messages.malformed');
      telemetry.warn('A malformed message goes to the dead-letter queue.', {
        messageId: delivery.messageId,
        reason: error.message,
      });
    }
  }
  return { parsed, letters };
}

interface GroupResult {
  readonly failed: readonly string[];
  readonly letters: readonly DeadLetter[];
}

/** The messages for some accounts, a group each, with everything about them read at once. */
async function processRun(
  groups: readonly (readonly ParsedDelivery[])[],
  recipients: Promise<Recipients>,
  hasTime: () => boolean,
  tools: ProcessMessagesTools,
): Promise<readonly GroupResult[]> {
  const messages = groups.flat().map(({ message }) => message);
  // When this fails, each group reads for itself, with its own retries.
  const preloaded = await measured(tools.telemetry, 'Load', () =>
    loadBatch(tools.store, messages, 'first', recipients),
  ).catch(() => undefined);
  return mapConcurrently(groups, ACCOUNTS_AT_ONCE, (group) => processGroup(group, preloaded, hasTime, tools));
}

/** All messages for one account, in slices that fit into a transaction, each starting from what the one before has made. */
async function processGroup(
  group: readonly ParsedDelivery[],
  preloaded: LoadedBatch | undefined,
  hasTime: () => boolean,
  tools: ProcessMessagesTools,
): Promise<GroupResult> {
  const letters: DeadLetter[] = [];
  const [first] = group;
  let snapshot = first && preloaded?.snapshotOf(keyOf(first.message));
  for (let start = 0; start < group.length; start += MAX_RECORDS_IN_COMMIT) {
    const remaining = group.slice(start);
    const slice = remaining.slice(0, MAX_RECORDS_IN_COMMIT);
    if (start > 0 && !hasTime()) {
      return { failed: postpone(remaining, tools.telemetry).failed, letters };
    }
    try {
      const result = await processSlice(slice, remaining, snapshot, tools);
      letters.push(...refusals(slice, result.outcomes, tools.telemetry));
      snapshot = result.snapshot;
    } catch (error) {
      reportFailure(remaining, error, tools.telemetry);
      return { failed: remaining.map(({ delivery }) => delivery.messageId), letters };
    }
  }
  return { failed: [], letters };
}

interface SliceResult {
  readonly outcomes: readonly Outcome[];
  /** What the next slice may start from. */
  readonly snapshot: Snapshot;
}

/**
 * Decides about a slice and commits it. After a lost race, or without a snapshot to start from, reads what deciding about
 * all `remaining` messages takes, and decides anew.
 */
async function processSlice(
  slice: readonly ParsedDelivery[],
  remaining: readonly ParsedDelivery[],
  known: Snapshot | undefined,
  tools: ProcessMessagesTools,
): Promise<SliceResult> {
  const { surroundings, telemetry } = tools;
  const messages = slice.map(({ message }) => message);
  const result = await withRetries(
    async (attempt) => {
      const snapshot = attempt === 0 && known !== undefined ? known : await reload(remaining, tools);
      return decideAndCommit(snapshot, messages, tools);
    },
    surroundings,
    telemetry,
  );
  for (const [index, outcome] of result.outcomes.entries()) {
    telemetry.count(`Messages.${messages[index]?.type}.${outcome.kind}`);
  }
  return result;
}

async function reload(
  remaining: readonly ParsedDelivery[],
  { store, telemetry }: ProcessMessagesTools,
): Promise<Snapshot> {
  const messages = remaining.map(({ message }) => message);
  const loaded = await measured(telemetry, 'Load', () => loadBatch(store, messages, 'again'));
  return loaded.snapshotOf(keyOf(messages[0] as IncomingMessage));
}

async function decideAndCommit(
  snapshot: Snapshot,
  messages: readonly IncomingMessage[],
  { store, settings, surroundings, telemetry }: ProcessMessagesTools,
): Promise<SliceResult> {
  const decision = await measured(telemetry, 'Decide', () =>
    decide(snapshot, messages, surroundings.now(), settings),
  );
  if (decision.account === snapshot.account && decision.records.length === 0) {
    return { outcomes: decision.outcomes, snapshot };
  }
  const change = {
    key: snapshot.key,
    before: snapshot.account,
    after: decision.account,
    records: decision.records.map((after) => ({ before: snapshot.records.get(after.transferId), after })),
  };
  const account = await measured(telemetry, 'Commit', () => store.commit(change));
  telemetry.count('Commits');
  const records = new Map(snapshot.records);
  for (const record of decision.records) {
    records.set(record.transferId, record);
  }
  return { outcomes: decision.outcomes, snapshot: { ...snapshot, account, records } };
}

function keyOf({ debtorId, creditorId }: AccountKey): AccountKey {
  return { debtorId, creditorId };
}

function refusals(
  slice: readonly ParsedDelivery[],
  outcomes: readonly Outcome[],
  telemetry: Telemetry,
): DeadLetter[] {
  return slice.flatMap(({ delivery }, index) => {
    const outcome = outcomes[index];
    if (outcome?.kind !== 'refused') {
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
 * Leaves deliveries to another invocation. If this one went on until it was ended, its whole batch would come again, with all
 * that was done already.
 */
function postpone(deliveries: readonly ParsedDelivery[], telemetry: Telemetry): GroupResult {
  telemetry.count('Messages.postponed', deliveries.length);
  return { failed: deliveries.map(({ delivery }) => delivery.messageId), letters: [] };
}

function reportFailure(failed: readonly ParsedDelivery[], error: unknown, telemetry: Telemetry): void {
  const [first] = failed;
  telemetry.count('Messages.returned', failed.length);
  telemetry.warn('Messages for an account go back to the queue.', {
    account: first && printAccountKey(first.message),
    count: failed.length,
    error,
  });
}

/** @returns the IDs of the deliveries that could not be sent; they come again */
async function sendDeadLetters(
  letters: readonly DeadLetter[],
  tools: ProcessMessagesTools,
): Promise<readonly string[]> {
  return letters.length === 0
    ? []
    : measured(tools.telemetry, 'Publish', () => tools.deadLetters.send(letters));
}
