/**
 * Applies a batch of incoming messages. Invalid messages, and those that can't be decided, go to the dead-letter queue;
 * messages that fail for a passing reason come again, and only they.
 */

import { MalformedMessageError, parseIncomingMessage } from '../protocol/codec.ts';
import type { IncomingMessage } from '../protocol/messages.ts';
import type { Timestamp } from '../protocol/timestamps.ts';
import { type AccountKey, printAccountKey } from '../rules/account.ts';
import { decide, recordIdOf } from '../rules/decide.ts';
import type { Outcome, Snapshot } from '../rules/snapshot.ts';
import { changeAccounts, type Group, type GroupWork } from './account-groups.ts';
import type { Decided } from './change-account.ts';
import { groupBy, inRuns } from './concurrency.ts';
import type { DeadLetter, DeadLetterQueue } from './dead-letter-queue.ts';
import type { Delivery, Invocation } from './invocation.ts';
import { type LoadedBatch, loadBatch, loadRecipients } from './load-snapshots.ts';
import { measured, type Telemetry } from './telemetry.ts';

interface ParsedDelivery {
  readonly delivery: Delivery;
  readonly message: IncomingMessage;
}

/** What was decided about some messages for one account: an outcome for each. */
interface DecidedMessages extends Decided {
  readonly snapshot: Snapshot;
  readonly outcomes: readonly Outcome[];
}

/** What deciding about messages for one account takes. */
interface MessageState extends Pick<LoadedBatch, 'faultOf'> {
  /** @throws {CorruptItemError} when the account can't be read */
  readonly snapshot: () => Snapshot;
}

/** As many as one read takes. Not more are read ahead: what is read long before its commit is likely to be out of date. */
const MESSAGES_IN_RUN = 100;

export interface MessageTools {
  readonly deadLetters: DeadLetterQueue;
  /** Why the sender of this delivery may not send this message; `undefined` when it may. Whoever may send may send all without it. */
  readonly admit?: (delivery: Delivery, message: IncomingMessage, now: Timestamp) => string | undefined;
}

/** @returns the IDs of the deliveries that are to come again; all others are done, whatever became of them */
export async function processMessages(
  deliveries: readonly Delivery[],
  invocation: Invocation & MessageTools,
): Promise<readonly string[]> {
  const { telemetry, deadLetters } = invocation;
  const { parsed, letters } = await measured(telemetry, 'Parse', () => parseAll(deliveries, invocation));
  const groups = groupBy(parsed, ({ message }) => printAccountKey(message)).values();
  const work = workOn(parsed, letters, invocation);
  const runs = inRuns(groups, ({ length }) => length, { maxSize: MESSAGES_IN_RUN });
  const left = await changeAccounts(runs, work, invocation);
  // What the dead-letter queue does not take comes again.
  const unsent =
    letters.length === 0 ? [] : await measured(telemetry, 'Publish', () => deadLetters.send(letters));
  const waiting = left.waiting.map(({ item }) => item);
  return [...unsent, ...[...waiting, ...left.returned].map(({ delivery }) => delivery.messageId)];
}

function parseAll(
  deliveries: readonly Delivery[],
  { telemetry, surroundings, admit }: Invocation & MessageTools,
) {
  const parsed: ParsedDelivery[] = [];
  const letters: DeadLetter[] = [];
  for (const delivery of deliveries) {
    try {
      const message = parseIncomingMessage(delivery.body);
      const reason = admit?.(delivery, message, surroundings.now());
      if (reason === undefined) {
        parsed.push({ delivery, message });
      } else {
        telemetry.count('Messages.notAdmitted');
        letters.push(
          letterAbout(delivery, { what: 'A message that its sender may not send', reason }, telemetry),
        );
      }
    } catch (error) {
      if (!(error instanceof MalformedMessageError)) {
        throw error;
      }
      telemetry.count('Messages.malformed');
      letters.push(letterAbout(delivery, { what: 'A malformed message', reason: error.message }, telemetry));
    }
  }
  return { parsed, letters };
}

/** @param letters takes those about messages that can't be decided */
function workOn(
  parsed: readonly ParsedDelivery[],
  letters: DeadLetter[],
  { store, settings, surroundings, telemetry }: Invocation,
): GroupWork<ParsedDelivery, MessageState, DecidedMessages> {
  // Many messages of a batch have the same recipients, so these are read once for all of them.
  const recipients = loadRecipients(store, messagesOf(parsed));
  // Whoever awaits them learns of the failure.
  recipients.catch(() => {});
  return {
    name: 'Messages',
    returned: 'Messages for an account go back to the queue.',
    accountOf: ({ message }) => keyOf(message),
    preload: async (run) => {
      const loaded = await loadBatch(store, { messages: messagesOf(run.flat()), time: 'first', recipients });
      return (group) => stateOf(group, loaded);
    },
    load: async ({ slice, rest, known }) => {
      const messages = messagesOf(known === undefined ? rest : slice);
      const reachable = recipients.catch(() => loadRecipients(store, messages));
      const batch = await loadBatch(store, { messages, time: 'again', recipients: reachable });
      const fresh = stateOf(slice, batch);
      return known === undefined ? fresh : renewed(known, fresh, messages);
    },
    faultOf: ({ faultOf }, { message }) => faultOf(message),
    decide: (state, slice) => {
      const snapshot = state.snapshot();
      const now = surroundings.now();
      const { outcomes, account, records } = decide(snapshot, messagesOf(slice), { now, settings });
      const change = {
        key: snapshot.key,
        before: snapshot.account,
        after: account,
        records: records.map((after) => ({ before: snapshot.records.get(after.transferId), after })),
      };
      return { snapshot, outcomes, change };
    },
    stateAfter: ({ faultOf }, { snapshot, change }, account) => {
      const changed = change.records.map(({ after }) => [after.transferId, after] as const);
      const records = new Map([...snapshot.records, ...changed]);
      return { faultOf, snapshot: () => ({ ...snapshot, account, records }) };
    },
    reportOutcomes: (slice, { outcomes }) => {
      for (const [index, parsedDelivery] of slice.entries()) {
        letters.push(...reportOutcome(parsedDelivery, outcomes[index] as Outcome, telemetry));
      }
    },
  };
}

/** @returns the letter about a message that can't be decided */
function reportOutcome(
  { delivery, message }: ParsedDelivery,
  outcome: Outcome,
  telemetry: Telemetry,
): readonly DeadLetter[] {
  const { type } = message;
  telemetry.count(`Messages.${type}.${outcome.kind}`);
  if (outcome.kind === 'ignored') {
    const { messageId } = delivery;
    const account = printAccountKey(message);
    telemetry.info('A message is ignored.', { messageId, type, account, reason: outcome.reason });
  }
  const what = 'A message that can not be decided';
  // The sender is not to blame.
  const { messageId, body } = delivery;
  return outcome.kind === 'refused'
    ? [letterAbout({ messageId, body }, { what, reason: outcome.reason }, telemetry)]
    : [];
}

function stateOf(group: Group<ParsedDelivery>, { snapshotOf, faultOf }: LoadedBatch): MessageState {
  const [{ message }] = group as [ParsedDelivery];
  return { faultOf, snapshot: () => snapshotOf(keyOf(message)) };
}

/**
 * What is known of an account's messages, some of which were read anew after a lost race. A busy account loses many, and has
 * thousands of messages in a batch, so the others are not read each time: the conditions of their writes notice what has changed.
 */
function renewed(
  known: MessageState,
  fresh: MessageState,
  messages: readonly IncomingMessage[],
): MessageState {
  const isFresh = new Set(messages);
  const freshIds = new Set(messages.map(recordIdOf));
  return {
    faultOf: (message) => (isFresh.has(message) ? fresh : known).faultOf(message),
    snapshot: () => {
      const snapshot = fresh.snapshot();
      const others = [...known.snapshot().records].filter(([transferId]) => !freshIds.has(transferId));
      return { ...snapshot, records: new Map([...others, ...snapshot.records]) };
    },
  };
}

function letterAbout(
  delivery: Delivery,
  { what, reason }: { readonly what: string; readonly reason: string },
  telemetry: Telemetry,
): DeadLetter {
  telemetry.warn(`${what} goes to the dead-letter queue.`, { messageId: delivery.messageId, reason });
  return { ...delivery, reason };
}

function messagesOf(parsed: readonly ParsedDelivery[]): readonly IncomingMessage[] {
  return parsed.map(({ message }) => message);
}

function keyOf({ debtorId, creditorId }: AccountKey): AccountKey {
  return { debtorId, creditorId };
}
