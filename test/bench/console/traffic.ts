/** The messages of payments between accounts of the tables, as the feed of a local run has them. No function runs. */

import type { FeedEvent } from '../../../lib/operations/console/feed-event.ts';
import { printMessage } from '../../../lib/protocol/codec.ts';
import type { IncomingMessage, OutgoingMessage } from '../../../lib/protocol/messages.ts';
import type { AccountKey } from '../../../lib/rules/account.ts';
import { EXAMPLES } from '../../../lib/schemas/examples.ts';

/** One payment in so many is refused, and so is the configuration of an account. */
const REFUSED = 20;
/** After so many payments, a message comes that has no effect, and one that is none. */
const ODD = 50;

/**
 * Payments without an end, one after the other.
 * @param accountAt the account of a number from 0
 */
export function* traffic(
  accountCount: number,
  accountAt: (number: number) => AccountKey,
): Generator<FeedEvent, never> {
  for (let number = 0; ; number += 1) {
    // Far apart, so that the payments touch ever other accounts.
    const sender = accountAt((number * 7_919) % accountCount);
    const recipient = accountAt((number * 104_729 + 1) % accountCount);
    yield* number % REFUSED === 0 ? refusal(number, sender) : payment(number, sender, recipient);
    if (number % ODD === 0) {
      const account = `${sender.debtorId}:${sender.creditorId}`;
      const reason = 'no such prepared transfer';
      yield { kind: 'ignored', messageId: `odd-${number}`, type: 'FinalizeTransfer', account, reason };
      yield {
        kind: 'dead',
        body: '{"type":"FinalizeTransfer","debtor_id":"one"}',
        reason: 'debtor_id must be an integer',
      };
    }
  }
}

function* refusal(number: number, sender: AccountKey): Generator<FeedEvent> {
  const names = { ...sender, coordinatorId: sender.creditorId, coordinatorRequestId: BigInt(number) };
  yield incoming({ ...EXAMPLES.PrepareTransfer, ...names });
  yield outgoing('ToCoordinators', { ...EXAMPLES.RejectedTransfer, ...names });
}

function* payment(number: number, sender: AccountKey, recipient: AccountKey): Generator<FeedEvent> {
  const names = { ...sender, coordinatorId: sender.creditorId, coordinatorRequestId: BigInt(number) };
  const transfer = { ...names, transferId: BigInt(number) };
  // The notices of a payment are found by its instant.
  const ts = EXAMPLES.FinalizedTransfer.ts + BigInt(number);
  const entry = { ...EXAMPLES.AccountTransfer, committedAt: ts };
  yield incoming({ ...EXAMPLES.PrepareTransfer, ...names });
  yield outgoing('ToCoordinators', { ...EXAMPLES.PreparedTransfer, ...transfer });
  yield incoming({ ...EXAMPLES.FinalizeTransfer, ...transfer });
  yield outgoing('ToCoordinators', { ...EXAMPLES.FinalizedTransfer, ...transfer, ts });
  yield outgoing('ToCreditors', { ...entry, ...sender });
  yield outgoing('ToCreditors', { ...entry, ...recipient, acquiredAmount: 250n });
  yield outgoing('ToCreditors', { ...EXAMPLES.AccountUpdate, ...sender });
  yield outgoing('ToCreditors', { ...EXAMPLES.AccountUpdate, ...recipient });
}

let messageCount = 0;

function incoming(message: IncomingMessage): FeedEvent {
  messageCount += 1;
  return { kind: 'in', messageId: `message-${messageCount}`, body: printMessage(message) };
}

function outgoing(topicName: string, message: OutgoingMessage): FeedEvent {
  return { kind: 'out', topicName, body: printMessage(message) };
}
