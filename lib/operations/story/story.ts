/**
 * One account's story in words, in the order of time: what happened to it, and what was published about that. It is told from
 * the items, so it begins with the oldest that is still kept.
 */

import { printAccountId } from '../../protocol/account-ids.ts';
import { ROOT_CREDITOR_ID } from '../../protocol/constants.ts';
import type { OutgoingMessage } from '../../protocol/messages.ts';
import { routeOf } from '../../protocol/routing.ts';
import { EPOCH, printTimestamp, type Timestamp } from '../../protocol/timestamps.ts';
import { type Account, type AccountKey, isScheduledForDeletion } from '../../rules/account.ts';
import { messagesShownByRecord, projectAccount } from '../../rules/projection.ts';
import type { Settings } from '../../rules/settings.ts';
import type { LedgerEntry, Transfer, TransferRecord } from '../../rules/transfer.ts';

/** Something that happened, and what was published about it. */
export interface StoryEvent {
  readonly at: Timestamp;
  readonly words: string;
  /** E.g. `AccountTransfer to to_creditors`. */
  readonly published: readonly string[];
}

/** The account's present state in words, one fact a line. */
export function describeAccount(account: Account): readonly string[] {
  const { interest, interestRate, totalLockedAmount, pendingTransfersCount, debtorInfo } = account;
  const lines: (string | false)[] = [
    `created on ${account.creationDate}, version ${account.version}`,
    account.deletedAt !== undefined && `deleted at ${printTimestamp(account.deletedAt)}`,
    account.deletedAt === undefined && isScheduledForDeletion(account) && 'scheduled for deletion',
    `principal ${account.principal}, interest ${interest}, interest rate ${interestRate} % (before: ${account.previousInterestRate} %)`,
    account.clippedAmount !== 0n && `principal held at an end of int64; cut off: ${account.clippedAmount}`,
    `locked: ${totalLockedAmount} by ${pendingTransfersCount} prepared transfers`,
    `last changed at ${printTimestamp(account.lastChangeTs)} (seqnum ${account.lastChangeSeqnum})`,
    `last configured at ${printTimestamp(account.lastConfigTs)} (seqnum ${account.lastConfigSeqnum}): flags ${account.configFlags}, negligible amount ${account.negligibleAmount}, data ${JSON.stringify(account.configData)}`,
    debtorInfo.iri !== '' && `debtor info ${JSON.stringify(debtorInfo.iri)}`,
    `last transfer number ${account.lastTransferNumber}, committed at ${printTimestamp(account.lastTransferCommittedAt)}`,
    account.lastInterestRateChangeTs !== EPOCH &&
      `interest rate changed at ${printTimestamp(account.lastInterestRateChangeTs)}`,
    `interest last capitalized at ${printTimestamp(account.lastCapitalizationTs)}`,
    account.lastDeletionAttemptTs !== EPOCH &&
      `deletion last attempted at ${printTimestamp(account.lastDeletionAttemptTs)}`,
    account.pendingUpdateSince === undefined
      ? 'no update is due'
      : `an update has been due since ${printTimestamp(account.pendingUpdateSince)}`,
  ];
  return lines.filter((line) => line !== false);
}

/** The latest announcement of the account; it replaces the earlier ones, which are not kept. */
export function eventsOfAccount(account: Account, settings: Settings): readonly StoryEvent[] {
  const messages = projectAccount({ before: undefined, after: account }, EPOCH, settings);
  return [{ at: account.announcedAt, words: 'was announced', published: publications(messages) }];
}

/** What one item of the transfers table says about the account, which is its sender or its recipient. */
export function eventsOfRecord(record: TransferRecord, owner: AccountKey): readonly StoryEvent[] {
  const messages = messagesShownByRecord(record).filter(({ creditorId }) => creditorId === owner.creditorId);
  const about = (type: OutgoingMessage['type']): readonly string[] =>
    publications(messages.filter((message) => message.type === type));
  if (record.kind === 'config-rejection') {
    const words = `a configuration of ${printTimestamp(record.config.ts)} (seqnum ${record.config.seqnum}) was rejected`;
    return [{ at: record.rejectedAt, words, published: about('RejectedConfig') }];
  }
  if (record.kind === 'tombstone') {
    const words = `the account that was created on ${record.creationDate} was purged`;
    return [{ at: record.purgedAt, words, published: about('AccountPurge') }];
  }
  return record.sender.creditorId === owner.creditorId
    ? [...eventsOfRequest(record, about), ...eventsOfPayer(record, about)]
    : eventsOfPayee(record, about);
}

type PublishedOfType = (type: OutgoingMessage['type']) => readonly string[];

function eventsOfRequest(transfer: Transfer, about: PublishedOfType): StoryEvent[] {
  const { transferId, recipientId, rejection, preparation, finalization } = transfer;
  const events: (StoryEvent | undefined)[] = [
    rejection && {
      at: rejection.rejectedAt,
      words: `was refused a transfer to ${nameOf(recipientId)} (${requestOf(transfer)}): ${rejection.statusCode}`,
      published: about('RejectedTransfer'),
    },
    preparation && {
      at: preparation.preparedAt,
      words:
        `locked ${preparation.lockedAmount} for transfer ${transferId} to ${nameOf(recipientId)} (${requestOf(transfer)}), ` +
        `until ${printTimestamp(preparation.deadline)}; last announced at ${printTimestamp(preparation.announcedAt)}`,
      published: about('PreparedTransfer'),
    },
    finalization && {
      at: finalization.finalizedAt,
      words: `transfer ${transferId} was ${finalization.committedAmount === 0n ? 'dismissed' : 'committed'}: ${finalization.statusCode}`,
      published: about('FinalizedTransfer'),
    },
  ];
  return events.filter((event) => event !== undefined);
}

function eventsOfPayer(transfer: Transfer, about: PublishedOfType): StoryEvent[] {
  const { transferId, recipientId, request, payment, credit } = transfer;
  if (payment === undefined) {
    return [];
  }
  const { amount, committedAt, senderEntry } = payment;
  const what = amount < 0n ? `received ${-amount} from` : `paid ${amount} to`;
  const type = `of type ${request.coordinatorType}`;
  const paid = {
    at: committedAt,
    words: `${what} ${nameOf(recipientId)} by transfer ${transferId} ${type}${inLedger(senderEntry)}${noteOf(transfer)}`,
    published: about('AccountTransfer'),
  };
  return credit === undefined
    ? [paid]
    : [
        paid,
        { at: credit.creditedAt, words: `transfer ${transferId} reached the other account`, published: [] },
      ];
}

function eventsOfPayee(transfer: Transfer, about: PublishedOfType): StoryEvent[] {
  const { sender, transferId, payment, credit } = transfer;
  if (payment === undefined) {
    return [];
  }
  const source = `from ${nameOf(sender.creditorId)} by transfer ${transferId}`;
  if (credit === undefined) {
    return [{ at: payment.committedAt, words: `${payment.amount} under way ${source}`, published: [] }];
  }
  const words =
    `received ${payment.amount} ${source}, committed at ${printTimestamp(payment.committedAt)}` +
    `${inLedger(credit.recipientEntry)}${noteOf(transfer)}`;
  return [{ at: credit.creditedAt, words, published: about('AccountTransfer') }];
}

function nameOf(creditorId: bigint): string {
  return creditorId === ROOT_CREDITOR_ID ? 'the root account' : `account ${printAccountId(creditorId)}`;
}

function requestOf({ request }: Transfer): string {
  return `${request.coordinatorType} ${request.coordinatorId}, request ${request.coordinatorRequestId}`;
}

function inLedger(entry: LedgerEntry | undefined): string {
  return entry === undefined
    ? ', without a number'
    : `, as number ${entry.transferNumber}, after which the principal was ${entry.principal}`;
}

function noteOf({ payment }: Transfer): string {
  return payment === undefined || payment.note === '' ? '' : `, note ${JSON.stringify(payment.note)}`;
}

function publications(messages: readonly OutgoingMessage[]): readonly string[] {
  return messages.map((message) => `${message.type} to ${routeOf(message).topic}`);
}

/** Keeps the latest events, in memory for about three times as many. */
export class LatestEvents {
  readonly #limit: number;
  #events: StoryEvent[] = [];
  #droppedCount = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(events: readonly StoryEvent[]): void {
    this.#events.push(...events);
    if (this.#events.length > 2 * this.#limit + 1_000) {
      this.#cut();
    }
  }

  /** How many earlier events were dropped. */
  get droppedCount(): number {
    this.#cut();
    return this.#droppedCount;
  }

  /** The earliest first. */
  get inOrder(): readonly StoryEvent[] {
    this.#cut();
    return this.#events;
  }

  #cut(): void {
    // Events of the same instant stay in the order of their steps.
    this.#events.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    const surplus = Math.max(0, this.#events.length - this.#limit);
    this.#events = this.#events.slice(surplus);
    this.#droppedCount += surplus;
  }
}
