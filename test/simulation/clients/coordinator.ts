/**
 * A coordinator of transfers that follows the protocol. It finalizes the transfers prepared for it and never changes a
 * decision. It dismisses transfers that it does not know, for example after it has lost its database.
 */

import { printAccountId } from '../../../lib/protocol/account-ids.ts';
import { MAX_INT32, MAX_INT64 } from '../../../lib/protocol/integers.ts';
import type {
  FinalizeTransfer,
  OutgoingMessage,
  PreparedTransfer,
  PrepareTransfer,
} from '../../../lib/protocol/messages.ts';
import { EPOCH, MAX_TIMESTAMP, type Timestamp } from '../../../lib/protocol/timestamps.ts';
import type { AccountKey } from '../../../lib/rules/account.ts';
import { type Instant, MILLISECOND, SECOND } from '../scheduler.ts';
import { Client, type ClientTools } from './client.ts';

interface Request {
  readonly message: PrepareTransfer;
  /** The prepared transfer that the coordinator accepted for this request. */
  transferId?: bigint;
  /** `'none'` when it decided never to finalize the transfer. */
  decision?: FinalizeTransfer | 'none';
  /** Not to be answered before, where that was decided from the start. */
  readonly answerAt?: Instant;
  readonly locksAll?: boolean;
}

/** How a request is answered that is made for a purpose: wholly, and not before so many microseconds. */
export interface Plan {
  readonly answerAfter: number;
  /** Locks all that there is. */
  readonly locksAll?: boolean;
}

export interface CoordinatorIdentity {
  readonly coordinatorType: string;
  readonly coordinatorId: bigint;
}

const TOO_LONG = 'ž'.repeat(251);
const NOTES = ['', 'for lunch', 'ЖžÅ 🎈', '"quoted" \\ and\nlines', '\u0000\ufffe'];

export class Coordinator extends Client {
  readonly identity: CoordinatorIdentity;
  readonly #requests = new Map<bigint, Request>();
  /** Numbers may begin anywhere, and go on from the other end. */
  readonly #firstRequestId: bigint;
  #lastRequestId: bigint;
  #lastTs: Timestamp = EPOCH;

  constructor(identity: CoordinatorIdentity, tools: ClientTools) {
    super(tools);
    this.identity = identity;
    this.#firstRequestId = tools.random.pick([0n, 0n, -3n, MAX_INT64 - 2n]);
    this.#lastRequestId = this.#firstRequestId;
    tools.correspondence.subscribe((message) => this.#receive(message));
  }

  /** Asks for a transfer of about `amount`. */
  request(sender: AccountKey, recipientId: bigint, amount: bigint, plan?: Plan): void {
    this.#lastRequestId = BigInt.asIntN(64, this.#lastRequestId + 1n);
    // After the loss of its database a coordinator reuses request numbers; the time tells two such requests apart.
    this.#lastTs = this.now() > this.#lastTs ? this.now() : this.#lastTs + 1n;
    const { random } = this;
    const maxLockedAmount = plan?.locksAll
      ? MAX_INT64
      : plan
        ? amount
        : random.pick([amount, amount, 2n * amount, MAX_INT64]);
    const message: PrepareTransfer = {
      type: 'PrepareTransfer',
      debtorId: sender.debtorId,
      creditorId: sender.creditorId,
      ...this.identity,
      coordinatorRequestId: this.#lastRequestId,
      minLockedAmount: smaller(random.pick([amount, amount / 2n, 0n]), maxLockedAmount),
      maxLockedAmount: smaller(maxLockedAmount, MAX_INT64),
      recipient: printAccountId(recipientId),
      finalInterestRateTs: random.pick([this.now(), this.now(), plan ? this.now() : MAX_TIMESTAMP]),
      maxCommitDelay: plan
        ? MAX_INT32
        : random.pick([MAX_INT32, MAX_INT32, 86_400 * 30, 3_600, random.between(0, 60)]),
      ts: this.#lastTs,
    };
    const answerAt = plan && this.tools.scheduler.now + plan.answerAfter;
    this.#requests.set(this.#lastRequestId, {
      message,
      ...(answerAt !== undefined && { answerAt, locksAll: plan?.locksAll === true }),
    });
    this.send(message);
  }

  /** Loses the database: the coordinator forgets everything it did and counts from 1 again. */
  loseDatabase(): void {
    this.#requests.clear();
    this.#lastRequestId = this.#firstRequestId;
  }

  #receive(message: OutgoingMessage): void {
    if (message.type === 'PreparedTransfer' && this.#isMine(message)) {
      this.#finalize(message);
    }
  }

  get #isIssuer(): boolean {
    return this.identity.coordinatorType === 'issuing';
  }

  #isMine({ coordinatorType, coordinatorId }: CoordinatorIdentity): boolean {
    return coordinatorType === this.identity.coordinatorType && coordinatorId === this.identity.coordinatorId;
  }

  #finalize(prepared: PreparedTransfer): void {
    const request = this.#requests.get(prepared.coordinatorRequestId);
    const isKnown =
      request !== undefined && (request.transferId ?? prepared.transferId) === prepared.transferId;
    if (!isKnown) {
      this.send(this.#finalization(prepared, 0n));
      return;
    }
    if (request.decision === undefined) {
      request.transferId = prepared.transferId;
      request.decision =
        request.answerAt === undefined
          ? this.#decide(prepared)
          : this.#finalization(prepared, this.#plannedAmount(prepared, request));
    }
    const { decision } = request;
    if (decision !== 'none') {
      // The very same message when it is repeated because of a reminder.
      const { scheduler } = this.tools;
      const delay = request.answerAt === undefined ? this.#thinkingTime() : request.answerAt - scheduler.now;
      scheduler.after(delay, () => this.send(decision));
    }
  }

  /** All that is locked; or a little less, where all that there was is locked and loses value. */
  #plannedAmount({ lockedAmount }: PreparedTransfer, { locksAll }: Request): bigint {
    return locksAll ? lockedAmount - lockedAmount / 200n : lockedAmount;
  }

  #decide(prepared: PreparedTransfer): FinalizeTransfer | 'none' {
    const { random, features } = this;
    const { lockedAmount } = prepared;
    if (!this.#isIssuer && random.chance(features.unanswered)) {
      return 'none';
    }
    // Without money little can happen, so issuers are reliable.
    const amounts = this.#isIssuer
      ? [...Array.from({ length: 9 }, () => lockedAmount), lockedAmount + 1n]
      : [lockedAmount, lockedAmount, lockedAmount, lockedAmount / 2n, lockedAmount + 1n, 0n];
    return this.#finalization(prepared, smaller(random.pick(amounts), MAX_INT64));
  }

  #finalization(prepared: PreparedTransfer, committedAmount: bigint): FinalizeTransfer {
    const { debtorId, creditorId, transferId, coordinatorRequestId } = prepared;
    return {
      type: 'FinalizeTransfer',
      debtorId,
      creditorId,
      transferId,
      ...this.identity,
      coordinatorRequestId,
      committedAmount,
      // The note of a dismissal is ignored, however illegal it is.
      transferNote: committedAmount === 0n && this.random.chance(0.2) ? TOO_LONG : this.random.pick(NOTES),
      transferNoteFormat: this.random.pick(['', 'text-1.0']),
      ts: this.now(),
    };
  }

  #thinkingTime(): number {
    const { random, features } = this;
    const longest = features.thinking * SECOND;
    if (!this.#isIssuer && !this.tools.chaos.isCalm && random.chance(features.slowness)) {
      return random.chance(0.5) ? random.spread(SECOND, longest) : random.fraction() * longest;
    }
    return random.spread(MILLISECOND, 2 * SECOND);
  }
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
