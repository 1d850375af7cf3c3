/**
 * The synthetic payment: a client of the authority's own that pays every few minutes, by the protocol and through the real
 * queue and topics, so that it shows whether payments go through, whatever other measurements say.
 *
 * In a currency of its own, the root account issues one unit to the only other account, which gives back all that it has. So
 * balances return to zero each time, also after a payment that stopped halfway, and nothing needs to be remembered.
 */

import { printAccountId } from '../protocol/account-ids.ts';
import { ROOT_CREDITOR_ID } from '../protocol/constants.ts';
import type { IncomingMessage, OutgoingMessage, PreparedTransfer } from '../protocol/messages.ts';
import { MAX_TIMESTAMP, type Timestamp } from '../protocol/timestamps.ts';
import type { ClientMailbox } from './client-mailbox.ts';
import type { Surroundings } from './surroundings.ts';
import type { Telemetry } from './telemetry.ts';

export interface SyntheticPaymentTools {
  readonly mailbox: ClientMailbox;
  readonly surroundings: Pick<Surroundings, 'now'>;
  readonly telemetry: Telemetry;
  readonly hasTime: () => boolean;
}

/** The first ID that is not reserved. It belongs to agent 0, which no peer is. */
export const HOLDER_ID = 4294967296n;

/** What the root account may issue; what the holder may have to give back after payments that stopped halfway. */
const LIMIT = 1_000_000n;
const MAX_COMMIT_DELAY_SECONDS = 3_600;

/** One of the two transfers of a payment. */
interface Leg {
  readonly senderId: bigint;
  readonly recipientId: bigint;
  readonly coordinatorType: string;
  readonly coordinatorId: bigint;
  readonly maxAmount: bigint;
}

/**
 * Makes one payment and waits for all of its messages. Counts `SyntheticPayment.completed`, with the time that it took, or
 * `SyntheticPayment.failed`, with a warning that says what did not come.
 */
export async function makeSyntheticPayment(debtorId: bigint, tools: SyntheticPaymentTools): Promise<void> {
  const { surroundings, telemetry } = tools;
  const startedAt = surroundings.now();
  const client = new SyntheticClient(debtorId, tools);
  const missing = (await client.transfer(issuing(debtorId))) ?? (await client.transfer(GIVING_BACK));
  if (missing === undefined) {
    telemetry.count('SyntheticPayment.completed');
    telemetry.time('SyntheticPayment', Number(surroundings.now() - startedAt) / 1_000);
    return;
  }
  telemetry.count('SyntheticPayment.failed');
  const reason = missing === REFUSED ? 'it was refused twice' : `no ${missing} came`;
  telemetry.warn('A synthetic payment did not go through.', { reason });
}

function issuing(debtorId: bigint): Leg {
  return {
    senderId: ROOT_CREDITOR_ID,
    recipientId: HOLDER_ID,
    coordinatorType: 'issuing',
    coordinatorId: debtorId,
    maxAmount: 1n,
  };
}

const GIVING_BACK: Leg = {
  senderId: HOLDER_ID,
  recipientId: ROOT_CREDITOR_ID,
  coordinatorType: 'direct',
  coordinatorId: HOLDER_ID,
  maxAmount: LIMIT,
};

/** The type of an answer that did not come, or `REFUSED`; undefined when all is well. */
type Missing = string | undefined;

const REFUSED = 'refused';

class SyntheticClient {
  readonly #debtorId: bigint;
  readonly #tools: SyntheticPaymentTools;
  #latestId: bigint;

  constructor(debtorId: bigint, tools: SyntheticPaymentTools) {
    this.#debtorId = debtorId;
    this.#tools = tools;
    this.#latestId = tools.surroundings.now();
  }

  /** Transfers; if that is refused, as at the very first time, configures both accounts and tries once more. */
  async transfer(leg: Leg): Promise<Missing> {
    const first = await this.#tryTransfer(leg);
    if (first !== REFUSED) {
      return first;
    }
    const missing = await this.#configureAccounts();
    return missing ?? (await this.#tryTransfer(leg));
  }

  async #tryTransfer(leg: Leg): Promise<Missing> {
    const requestId = this.#nextId();
    await this.#tools.mailbox.send(this.#prepare(leg, requestId));
    const due = new Set(['PreparedTransfer', 'FinalizedTransfer', 'AccountTransfer']);
    let isRefused = false;
    await this.#awaitAnswers((message) => {
      // The holder's AccountTransfer: root accounts get none.
      const isOwn =
        message.type === 'AccountTransfer'
          ? message.transferNote === String(requestId)
          : 'coordinatorRequestId' in message && message.coordinatorRequestId === requestId;
      if (isOwn) {
        due.delete(message.type);
        isRefused ||= message.type === 'RejectedTransfer';
        isRefused ||= message.type === 'FinalizedTransfer' && message.committedAmount === 0n;
      }
      return isRefused || due.size === 0;
    });
    const [missing] = due;
    return isRefused ? REFUSED : missing;
  }

  async #configureAccounts(): Promise<Missing> {
    const ts = this.#tools.surroundings.now();
    const due = new Set([ROOT_CREDITOR_ID, HOLDER_ID]);
    for (const creditorId of due) {
      // Of a root account, this is how much it may issue; to the holder, no payment is too small to be announced.
      const negligibleAmount = creditorId === ROOT_CREDITOR_ID ? Number(LIMIT) : 0;
      await this.#tools.mailbox.send({
        type: 'ConfigureAccount',
        debtorId: this.#debtorId,
        creditorId,
        negligibleAmount,
        configFlags: 0,
        configData: '',
        ts,
        seqnum: 0,
      });
    }
    await this.#awaitAnswers((message) => {
      if (message.type === 'AccountUpdate' && message.lastConfigTs === ts) {
        due.delete(message.creditorId);
      }
      return due.size === 0;
    });
    const [missing] = due;
    return missing === undefined ? undefined : `AccountUpdate of creditor ${missing}`;
  }

  /** Takes answers until `isLast` says so, or time is up. Whatever is prepared is committed, also from earlier payments. */
  async #awaitAnswers(isLast: (message: OutgoingMessage) => boolean): Promise<void> {
    const { mailbox, hasTime } = this.#tools;
    let isDone = false;
    while (!isDone && hasTime()) {
      for (const message of await mailbox.receive()) {
        if (message.debtorId !== this.#debtorId) {
          continue;
        }
        if (message.type === 'PreparedTransfer') {
          await mailbox.send(this.#commit(message));
        }
        isDone = isLast(message) || isDone;
      }
    }
  }

  #prepare({ senderId, recipientId, maxAmount, ...coordinator }: Leg, requestId: bigint): IncomingMessage {
    return {
      type: 'PrepareTransfer',
      debtorId: this.#debtorId,
      creditorId: senderId,
      coordinatorType: coordinator.coordinatorType,
      coordinatorId: coordinator.coordinatorId,
      coordinatorRequestId: requestId,
      minLockedAmount: 1n,
      maxLockedAmount: maxAmount,
      recipient: printAccountId(recipientId),
      finalInterestRateTs: MAX_TIMESTAMP,
      maxCommitDelay: MAX_COMMIT_DELAY_SECONDS,
      ts: this.#tools.surroundings.now(),
    };
  }

  /** The note tells the AccountTransfer's request, which it does not name itself. */
  #commit(prepared: PreparedTransfer): IncomingMessage {
    const { creditorId, transferId, coordinatorType, coordinatorId, coordinatorRequestId } = prepared;
    return {
      type: 'FinalizeTransfer',
      debtorId: this.#debtorId,
      creditorId,
      transferId,
      coordinatorType,
      coordinatorId,
      coordinatorRequestId,
      committedAmount: prepared.lockedAmount,
      transferNote: String(coordinatorRequestId),
      transferNoteFormat: '',
      ts: this.#tools.surroundings.now(),
    };
  }

  /** Later than all before, also those of earlier invocations. */
  #nextId(): bigint {
    const now: Timestamp = this.#tools.surroundings.now();
    this.#latestId = now > this.#latestId ? now : this.#latestId + 1n;
    return this.#latestId;
  }
}
