/**
 * Applies a batch of incoming messages: parse, group by account, load, decide, commit. What can't be read goes to the
 * dead-letter queue at once; what fails for a passing reason is reported, so that only it comes back. What is done for one
 * account is in account-messages.ts.
 */

import { MalformedMessageError, parseIncomingMessage } from '../protocol/codec.ts';
import { printAccountKey } from '../rules/account.ts';
import {
  type Decided,
  decideAbout,
  firstSlice,
  type GroupResult,
  type IncomingDelivery,
  keyOf,
  type MessageGroup,
  type MessageTools,
  type ParsedDelivery,
  postpone,
  processGroup,
  settle,
} from './account-messages.ts';
import { groupBy, inRuns, mapConcurrently } from './concurrency.ts';
import type { DeadLetter, DeadLetterQueue } from './dead-letter-queue.ts';
import { type LoadedBatch, loadBatch, loadRecipients, type Recipients } from './load-snapshots.ts';
import type { Attempt, SharedTransactions } from './shared-transactions.ts';
import { measured, type Telemetry } from './telemetry.ts';

export interface ProcessMessagesTools extends RunTools {
  readonly deadLetters: DeadLetterQueue;
}

interface RunTools extends MessageTools {
  readonly transactions: SharedTransactions;
}

/** As many as one read takes. Not more are read ahead: what was read long before its commit is likely to be out of date. */
const MESSAGES_IN_RUN = 100;
const RUNS_AT_ONCE = 3;

/** @returns the IDs of the deliveries that are to come again; all others are done with, whatever became of them */
export async function processMessages(
  deliveries: readonly IncomingDelivery[],
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
    tools.hasTime()
      ? processRun(run, recipients, tools)
      : [{ failed: postpone(run.flat(), tools), letters: [] }],
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

/** The messages for an account, and what was decided about the first of them. */
interface GroupAttempt extends Attempt {
  readonly group: MessageGroup;
  /** `undefined` when everything is still to be read. */
  readonly first: Decided | undefined;
}

/** The messages for some accounts, a group each, with everything about them read at once. */
async function processRun(
  groups: readonly MessageGroup[],
  recipients: Promise<Recipients>,
  tools: RunTools,
): Promise<readonly GroupResult[]> {
  const messages = groups.flat().map(({ message }) => message);
  // When this fails, each group reads for itself, with its own retries.
  const preloaded = await measured(tools.telemetry, 'Load', () =>
    loadBatch(tools.store, messages, 'first', recipients),
  ).catch(() => undefined);
  const attempts = await Promise.all(groups.map((group) => decideFirst(group, preloaded, tools)));
  return tools.transactions.run(attempts, tools, {
    committed: ({ group, first }) => ({ failed: [], letters: settle(group, first?.outcomes ?? [], tools) }),
    alone: ({ group, first }, state) => processGroup(group, state === 'untried' ? first : undefined, tools),
  });
}

async function decideFirst(
  group: MessageGroup,
  preloaded: LoadedBatch | undefined,
  tools: MessageTools,
): Promise<GroupAttempt> {
  const slice = firstSlice(group);
  const [delivery] = slice;
  if (preloaded === undefined || delivery === undefined) {
    return { group, first: undefined, change: undefined };
  }
  // What can't be decided is decided again where the group is processed by itself, so that no other fails with it.
  const first = await decideAbout(preloaded.snapshotOf(keyOf(delivery.message)), slice, tools).catch(
    () => undefined,
  );
  // A group of several slices goes on by itself.
  return { group, first, change: slice.length === group.length ? first?.change : undefined };
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
