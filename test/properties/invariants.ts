/**
 * What must hold after every write, whatever was sent in any order (SMP 2.1, section 10):
 *
 *  1. In a currency, the principals and the credits under way add up to 0 (including what was cut off at the ends of int64).
 *  2. A principal changes only by the account's own transfers and by its credits.
 *  3. An account's locked amount and count are those of its prepared transfers; both are at least 0 and within their ranges.
 *  4. A prepared transfer is finalized at most once, and a commit credited exactly once.
 *  5. The AccountTransfers of an account's life are numbered 1, 2, 3 …, each with the principal right after it.
 *  6. Every message sent has an outcome or is a dead letter, and every outcome's messages are published.
 *  7. The last update that clients got is the present state, unless another update is due.
 *  8. AccountUpdates of an account's life have an order: later or equal in time, later in sequence.
 *  9. Every message published can be read, within the limits of its fields.
 * 10. Versions only grow, and no transfer ID ever belongs to two requests, even across purges; creation dates get later.
 */

import { isDeepStrictEqual } from 'node:util';
import { parseOutgoingMessage, printMessage } from '../../lib/protocol/codec.ts';
import type { AccountUpdate, OutgoingMessage } from '../../lib/protocol/messages.ts';
import type { Timestamp } from '../../lib/protocol/timestamps.ts';
import { type Account, printAccountKey } from '../../lib/rules/account.ts';
import { projectAccount } from '../../lib/rules/projection.ts';
import type { Transfer } from '../../lib/rules/transfer.ts';
import { printRecordKey } from '../../lib/storage/record-keys.ts';
import { DEFAULT_SETTINGS } from '../support/builders.ts';
import type { LedgerModel, Write } from './ledger-model.ts';

const MAX_INT64 = 2n ** 63n - 1n;

/** What was seen of one account so far; parts that belong to one life are dropped when it ends. */
interface Seen {
  version: bigint;
  creationDate: string;
  transferNumber: bigint;
  update: AccountUpdate | undefined;
}

export class Invariants {
  outcomeCount = 0;
  readonly #accounts = new Map<string, Seen>();
  readonly #finalized = new Set<string>();
  readonly #credited = new Set<string>();
  readonly #requests = new Map<string, string>();
  /** By debtor: the amounts that were cut off from accounts that are gone. */
  readonly #clippedOfPurged = new Map<bigint, bigint>();

  /** Checks one write and the messages due for it. */
  observe(write: Write): void {
    this.outcomeCount += write.decided.length;
    this.#checkLives(write);
    this.#checkPrincipal(write);
    this.#checkSteps(write);
    this.#checkOutcomes(write);
    // The transfers of one write are different items, whose messages come in any order; their numbers give the right one.
    for (const message of write.messages.toSorted((a, b) => Number(numberOf(a) - numberOf(b)))) {
      this.#checkMessage(message);
    }
  }

  /** Checks the state as a whole. */
  checkState(model: LedgerModel): void {
    const { accounts, transfers } = model;
    const sums = new Map(this.#clippedOfPurged);
    const add = (debtorId: bigint, amount: bigint) => sums.set(debtorId, (sums.get(debtorId) ?? 0n) + amount);
    for (const account of accounts) {
      add(account.debtorId, account.principal + account.clippedAmount);
      this.#checkAnnounced(account);
    }
    const locks = new Map<string, { amount: bigint; count: number }>();
    for (const { status, sender, payment, preparation } of transfers) {
      if (status === 'committed') {
        add(sender.debtorId, payment?.amount ?? 0n);
      }
      if (status === 'prepared') {
        const lock = locks.get(printAccountKey(sender)) ?? { amount: 0n, count: 0 };
        const amount = lock.amount + (preparation?.lockedAmount ?? 0n);
        locks.set(printAccountKey(sender), { amount, count: lock.count + 1 });
      }
    }
    for (const [debtorId, sum] of sums) {
      check(1, sum === 0n, `currency ${debtorId} sums up to ${sum}`);
    }
    for (const account of accounts) {
      const key = printAccountKey(account);
      const { amount, count } = locks.get(key) ?? { amount: 0n, count: 0 };
      locks.delete(key);
      check(
        3,
        account.totalLockedAmount === amount,
        `${key} has locked ${account.totalLockedAmount}, not ${amount}`,
      );
      check(
        3,
        account.pendingTransfersCount === count,
        `${key} counts ${account.pendingTransfersCount}, not ${count}`,
      );
      check(3, amount >= 0n && amount <= MAX_INT64, `${key} has locked ${amount}`);
      check(
        3,
        account.deletedAt === undefined || count === 0,
        `${key} is deleted with ${count} prepared transfers`,
      );
    }
    check(3, locks.size === 0, `no account for the locks of ${[...locks.keys()]}`);
  }

  #checkLives({ key, before, after }: Write): void {
    const text = printAccountKey(key);
    const seen = this.#accounts.get(text);
    if (before !== undefined && after === undefined) {
      const clipped = this.#clippedOfPurged.get(key.debtorId) ?? 0n;
      this.#clippedOfPurged.set(key.debtorId, clipped + before.principal + before.clippedAmount);
      check(
        2,
        before.principal === 0n && before.deletedAt !== undefined,
        `${text} was purged with ${before.principal}`,
      );
    }
    if (after === undefined || after === before) {
      return;
    }
    check(10, after.version > (seen?.version ?? -1n), `${text} has version ${after.version} again`);
    const isNew = before === undefined;
    check(
      10,
      !isNew || after.creationDate > (seen?.creationDate ?? ''),
      `${text} is created again on the same date`,
    );
    check(10, isNew || after.creationDate === before.creationDate, `${text} has a new creation date`);
    this.#accounts.set(text, {
      version: after.version,
      creationDate: after.creationDate,
      transferNumber: isNew ? 0n : (seen?.transferNumber ?? 0n),
      update: isNew ? undefined : seen?.update,
    });
  }

  #checkPrincipal({ key, before, after, records }: Write): void {
    if (after === undefined || after === before) {
      check(
        4,
        !records.some(({ before: b, after: a }) => isStep(b, a, 'payment')),
        'a payment left no account',
      );
      return;
    }
    let principal = before?.principal ?? 0n;
    let number = before?.lastTransferNumber ?? 0n;
    for (const { amount, entry } of movements(records, key.creditorId)) {
      principal += amount;
      if (entry !== undefined) {
        number += 1n;
        check(
          5,
          entry.transferNumber === number,
          `${printAccountKey(key)} has number ${entry.transferNumber}, not ${number}`,
        );
        const isExact = after.clippedAmount === 0n;
        check(
          5,
          !isExact || entry.principal === principal,
          `${entry.principal} is not the principal ${principal}`,
        );
        check(5, entry.creationDate === after.creationDate, `an entry is of ${entry.creationDate}`);
      }
    }
    const exact = after.principal + after.clippedAmount - (before?.clippedAmount ?? 0n);
    check(2, exact === principal, `${printAccountKey(key)} has ${exact}, not ${principal}`);
    check(
      5,
      after.lastTransferNumber === number,
      `the last transfer number is ${after.lastTransferNumber}, not ${number}`,
    );
  }

  #checkSteps({ records }: Write): void {
    for (const { before, after } of records) {
      if (after.kind !== 'transfer') {
        continue;
      }
      const name = `${printRecordKey(after)}@${after.preparation?.preparedAt ?? after.payment?.committedAt}`;
      if (isStep(before, after, 'finalization')) {
        check(4, !this.#finalized.has(name), `${name} was finalized twice`);
        this.#finalized.add(name);
      }
      if (isStep(before, after, 'credit')) {
        check(4, !this.#credited.has(name), `${name} was credited twice`);
        this.#credited.add(name);
      }
      const { coordinatorType, coordinatorId, coordinatorRequestId } = after.request;
      const request = `${coordinatorType} ${coordinatorId} ${coordinatorRequestId} ${after.requestTs}`;
      const known = this.#requests.get(printRecordKey(after)) ?? request;
      check(10, known === request, `transfer ID ${after.transferId} was used for ${known}`);
      this.#requests.set(printRecordKey(after), request);
    }
  }

  #checkOutcomes({ now, before, after, messages, decided }: Write): void {
    if (decided.length === 0) {
      return;
    }
    const told = (type: string) => messages.filter((message) => message.type === type).length;
    const due = (type: string, kind: string) =>
      decided.filter(({ message, outcome }) => message.type === type && outcome.kind === kind).length;
    check(6, told('PreparedTransfer') === due('PrepareTransfer', 'applied'), 'a PreparedTransfer is missing');
    check(
      6,
      told('RejectedTransfer') === due('PrepareTransfer', 'rejected'),
      'a RejectedTransfer is missing',
    );
    check(
      6,
      told('FinalizedTransfer') === due('FinalizeTransfer', 'applied'),
      'a FinalizedTransfer is missing',
    );
    check(6, told('RejectedConfig') === due('ConfigureAccount', 'rejected'), 'a RejectedConfig is missing');
    const isConfigured = due('ConfigureAccount', 'applied') > 0;
    const isUpdateDue = isConfigured || (hasNews(before, after) && isLongSilent(before, now));
    check(6, told('AccountUpdate') === (isUpdateDue ? 1 : 0), 'an AccountUpdate is missing or needless');
    check(
      6,
      decided.every(({ outcome }) => outcome.kind !== 'refused'),
      'a message was refused',
    );
  }

  #checkMessage(message: OutgoingMessage): void {
    const text = printMessage(message);
    check(9, isDeepStrictEqual(parseOutgoingMessage(text), message), `can't be read: ${text}`);
    const seen = this.#accounts.get(printAccountKey(message));
    if (message.type === 'AccountTransfer' && seen !== undefined) {
      check(
        5,
        message.transferNumber === seen.transferNumber + 1n,
        `number ${message.transferNumber} is out of order`,
      );
      check(5, message.previousTransferNumber === seen.transferNumber, 'the previous number is another one');
      seen.transferNumber = message.transferNumber;
    }
    if (message.type === 'AccountUpdate' && seen !== undefined) {
      checkUpdateOrder(seen.update, message);
      seen.update = message;
    }
  }

  #checkAnnounced(account: Account): void {
    if (account.pendingUpdateSince !== undefined) {
      return;
    }
    const [present] = projectAccount({ before: undefined, after: account }, 0n, DEFAULT_SETTINGS);
    const last = this.#accounts.get(printAccountKey(account))?.update;
    check(7, isDeepStrictEqual(last, present), `${printAccountKey(account)} is not as it was announced`);
  }
}

/** Whether the account was written, and its balance has changed by that or before without an announcement. */
function hasNews(before: Account | undefined, after: Account | undefined): boolean {
  const isPending = before?.pendingUpdateSince !== undefined;
  return after !== before && (isPending || after?.lastChangeSeqnum !== before?.lastChangeSeqnum);
}

/** Whether no AccountUpdate was sent for so long that a change is announced at once. */
function isLongSilent(before: Account | undefined, now: Timestamp): boolean {
  const silence = now - (before?.announcedAt ?? 0n);
  return silence >= 1_000_000n * BigInt(DEFAULT_SETTINGS.accountUpdateDelaySeconds);
}

function numberOf(message: OutgoingMessage): bigint {
  return message.type === 'AccountTransfer' ? message.transferNumber : 0n;
}

/** The changes of the account's principal by the write, in order. Own transfers are in the order of their numbers. */
function movements(records: Write['records'], creditorId: bigint) {
  const transfers = records.filter((record): record is { before: Transfer | undefined; after: Transfer } => {
    return record.after.kind === 'transfer';
  });
  const own = transfers
    .filter(({ before, after }) => isStep(before, after, 'payment') && after.sender.creditorId === creditorId)
    .map(({ after: { payment } }) => ({ amount: -(payment?.amount ?? 0n), entry: payment?.senderEntry }));
  const credits = transfers
    .filter(({ before, after }) => isStep(before, after, 'credit') && after.recipientId === creditorId)
    .map(({ after: { payment, credit } }) => ({
      amount: payment?.amount ?? 0n,
      entry: credit?.recipientEntry,
    }));
  const numberOf = (movement: (typeof own)[number]) => Number(movement.entry?.transferNumber ?? 0n);
  return [...own.sort((a, b) => numberOf(a) - numberOf(b)), ...credits];
}

function isStep(before: unknown, after: unknown, part: 'finalization' | 'payment' | 'credit'): boolean {
  const has = (image: unknown) => (image as Partial<Transfer> | undefined)?.[part] !== undefined;
  return has(after) && !has(before);
}

function checkUpdateOrder(last: AccountUpdate | undefined, next: AccountUpdate): void {
  if (last === undefined) {
    return;
  }
  check(8, next.ts > last.ts, 'two AccountUpdates have the same ts');
  check(8, next.lastChangeTs >= last.lastChangeTs, 'a last_change_ts went back');
  const distance = (next.lastChangeSeqnum - last.lastChangeSeqnum) >>> 0;
  const isRepeated = distance === 0 && isDeepStrictEqual({ ...last, ts: next.ts }, next);
  check(
    8,
    isRepeated || (distance > 0 && distance < 2 ** 31),
    `sequence number ${next.lastChangeSeqnum} is not later`,
  );
}

function check(number: number, isHeld: boolean, violation: string): void {
  if (!isHeld) {
    throw new Error(`Invariant ${number} is broken: ${violation}.`);
  }
}
