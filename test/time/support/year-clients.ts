/** The clients of a simulated year: a debtor who issues and changes the rate, creditors who pay, hold, forget and leave. */

import { printAccountId } from '../../../lib/protocol/account-ids.ts';
import type {
  ConfigureAccount,
  FinalizeTransfer,
  OutgoingMessage,
  PreparedTransfer,
} from '../../../lib/protocol/messages.ts';
import type { Timestamp } from '../../../lib/protocol/timestamps.ts';
import type { Random } from '../../simulation/random.ts';
import type { Agenda } from './agenda.ts';
import type { QuietCloud } from './quiet-cloud.ts';

export const MINUTE = 60_000_000n;
export const HOUR = 60n * MINUTE;
export const DAY = 24n * HOUR;

export const DEBTOR_ID = 1n;
const FIRST_CREDITOR_ID = 2n ** 40n;
const FOREVER = 253_402_300_799_999_999n;
const MAX_AMOUNT = 9_223_372_036_854_775_807n;
/** A negligible amount that covers whatever is left on an account that is to be deleted. */
const EVERYTHING = 1e15;
/** More than the rest of an account that pays almost everything, including the interest until it pays a minute later. */
const A_LITTLE = 10_000;

/** How the twenty accounts end that are deleted during the year. */
export type Farewell =
  | 'with money'
  | 'refused first'
  | 'held first'
  | 'back by a credit'
  | 'back by its owner'
  | 'anew';

const FAREWELLS: readonly Farewell[] = [
  ...Array.from({ length: 5 }, () => 'with money' as const),
  ...Array.from({ length: 5 }, () => 'refused first' as const),
  ...Array.from({ length: 3 }, () => 'held first' as const),
  ...Array.from({ length: 2 }, () => 'back by a credit' as const),
  ...Array.from({ length: 2 }, () => 'back by its owner' as const),
  ...Array.from({ length: 3 }, () => 'anew' as const),
];

export interface YearPlan {
  readonly accountCount: number;
  readonly dayCount: number;
  readonly paymentCount: number;
}

export interface YearTools {
  readonly cloud: QuietCloud;
  readonly agenda: Agenda;
  readonly random: Random;
}

export class YearClients {
  /** How each account that is to be deleted ends. */
  readonly farewells = new Map<bigint, Farewell>();
  readonly #tools: YearTools;
  readonly #plan: YearPlan;
  readonly #start: Timestamp;
  /** The balance of each account according to its AccountTransfers. */
  readonly #principals = new Map<bigint, bigint>();
  readonly #prepared = new Set<bigint>();
  readonly #fates = new Map<bigint, (prepared: PreparedTransfer) => void>();
  #requests = 0n;
  #seqnum = 0;

  constructor(tools: YearTools, plan: YearPlan) {
    this.#tools = tools;
    this.#plan = plan;
    this.#start = tools.cloud.time;
  }

  /** Schedules all actions of the clients. */
  begin(): void {
    const { agenda, random } = this.#tools;
    const creditors = Array.from(
      { length: this.#plan.accountCount },
      (_, index) => FIRST_CREDITOR_ID + BigInt(index),
    );
    agenda.enter(this.#start, () => this.#configureRoot(3.5));
    agenda.enter(this.#at(100), () => this.#configureRoot(-2));
    // Too soon: the accounts may follow only on the 108th day.
    agenda.enter(this.#at(105), () => this.#configureRoot(7));
    agenda.enter(this.#start + HOUR, () => this.#configure(...creditors.map((id) => ({ creditorId: id }))));
    for (const creditorId of creditors) {
      agenda.enter(this.#start + 2n * HOUR, () =>
        this.#pay(0n, creditorId, random.between(1_000_000, 1_000_000_000)),
      );
    }
    const leavers = random.shuffled(creditors).slice(0, FAREWELLS.length);
    for (const [index, creditorId] of leavers.entries()) {
      this.#sayFarewell(creditorId, FAREWELLS[index] as Farewell, leavers);
    }
    for (let payment = 0; payment < this.#plan.paymentCount; payment += 1) {
      const at = this.#start + DAY + this.#someTime(this.#plan.dayCount - 1);
      agenda.enter(at, () => this.#payAtRandom(creditors));
    }
  }

  /** A client's reaction to a message. */
  learn(message: OutgoingMessage): void {
    if (message.type === 'AccountTransfer') {
      this.#principals.set(message.creditorId, message.principal);
    }
    if (message.type === 'PreparedTransfer' && !this.#prepared.has(message.coordinatorRequestId)) {
      this.#prepared.add(message.coordinatorRequestId);
      const fate =
        this.#fates.get(message.coordinatorRequestId) ?? ((prepared) => this.#decideFate(prepared));
      fate(message);
    }
  }

  #at(day: number): Timestamp {
    return this.#start + BigInt(Math.round(day * 86_400)) * 1_000_000n;
  }

  #someTime(days: number): bigint {
    return BigInt(Math.floor(this.#tools.random.fraction() * days * 86_400)) * 1_000_000n;
  }

  #after(delay: bigint, happen: () => Promise<void>): void {
    this.#tools.agenda.enter(this.#tools.cloud.time + delay, happen);
  }

  async #configureRoot(rate: number): Promise<void> {
    const configData = JSON.stringify({ type: 'RootConfigData', rate });
    await this.#configure({ creditorId: 0n, negligibleAmount: EVERYTHING, configData });
  }

  #configure(...changes: readonly Partial<ConfigureAccount>[]): Promise<void> {
    this.#seqnum += 1;
    return this.#tools.cloud.send(
      ...changes.map((change) => ({
        type: 'ConfigureAccount' as const,
        debtorId: DEBTOR_ID,
        creditorId: 0n,
        negligibleAmount: 0,
        configFlags: 0,
        configData: '',
        ts: this.#tools.cloud.time,
        seqnum: this.#seqnum,
        ...change,
      })),
    );
  }

  async #payAtRandom(creditors: readonly bigint[]): Promise<void> {
    const { random } = this.#tools;
    const [sender, recipient] = [random.pick(creditors), random.pick(creditors)];
    const owned = this.#principals.get(sender) ?? 0n;
    // Accounts that are to be deleted do not take part, so that their end is predictable.
    const isFree = !this.farewells.has(sender) && !this.farewells.has(recipient);
    if (sender !== recipient && owned > 2n && isFree) {
      await this.#pay(sender, recipient, Number(owned / BigInt(random.between(2, 20))));
    }
  }

  /** @param fate what happens to the lock; random by default */
  async #pay(sender: bigint, recipient: bigint, amount: number, fate?: (prepared: PreparedTransfer) => void) {
    this.#requests += 1n;
    const isWhole = amount === Number.POSITIVE_INFINITY;
    const isIssuing = sender === 0n;
    // Not quite everything: demurrage may take some of a locked amount.
    const commitAtOnce = (prepared: PreparedTransfer) =>
      this.#finalizeAfter(MINUTE, prepared, isWhole ? almost(prepared.lockedAmount) : prepared.lockedAmount);
    const wanted = fate ?? (isIssuing || isWhole ? commitAtOnce : undefined);
    if (wanted !== undefined) {
      this.#fates.set(this.#requests, wanted);
    }
    await this.#tools.cloud.send({
      type: 'PrepareTransfer',
      debtorId: DEBTOR_ID,
      creditorId: sender,
      coordinatorType: isIssuing ? 'issuing' : 'direct',
      coordinatorId: isIssuing ? DEBTOR_ID : sender,
      coordinatorRequestId: this.#requests,
      minLockedAmount: isWhole ? 0n : BigInt(amount),
      maxLockedAmount: isWhole ? MAX_AMOUNT : BigInt(amount),
      recipient: printAccountId(recipient),
      finalInterestRateTs: FOREVER,
      maxCommitDelay: 2_147_483_647,
      ts: this.#tools.cloud.time,
    });
  }

  /** Most are committed soon, some after weeks, some in part, some are dismissed, and some are never finalized. */
  #decideFate(prepared: PreparedTransfer): void {
    const { random } = this.#tools;
    const draw = random.fraction();
    const { lockedAmount } = prepared;
    if (draw < 0.7) {
      this.#finalizeAfter(this.#someTime(0.01), prepared, lockedAmount);
    } else if (draw < 0.8) {
      this.#finalizeAfter(this.#someTime(40), prepared, lockedAmount / 2n + 1n);
    } else if (draw < 0.9) {
      this.#finalizeAfter(this.#someTime(40), prepared, 0n);
    } else if (draw < 0.95) {
      this.#finalizeAfter(90n * DAY + this.#someTime(30), prepared, lockedAmount);
    }
  }

  #finalizeAfter(delay: bigint, prepared: PreparedTransfer, committedAmount: bigint): void {
    const { debtorId, creditorId, transferId, coordinatorType, coordinatorId, coordinatorRequestId } =
      prepared;
    this.#after(delay, () => {
      const message: FinalizeTransfer = {
        type: 'FinalizeTransfer',
        debtorId,
        creditorId,
        transferId,
        coordinatorType,
        coordinatorId,
        coordinatorRequestId,
        committedAmount,
        transferNote: '',
        transferNoteFormat: '',
        ts: this.#tools.cloud.time,
      };
      return this.#tools.cloud.send(message);
    });
  }

  #sayFarewell(creditorId: bigint, farewell: Farewell, leavers: readonly bigint[]): void {
    this.farewells.set(creditorId, farewell);
    const { agenda, random } = this.#tools;
    const day = random.between(20, 110);
    const friend = FIRST_CREDITOR_ID + BigInt(random.between(0, this.#plan.accountCount - 1));
    const helper = leavers.includes(friend) ? 0n : friend;
    const schedule = (negligibleAmount: number) => () =>
      this.#configure({ creditorId, configFlags: 1, negligibleAmount });
    const at = (days: number, happen: () => Promise<void>) => agenda.enter(this.#at(day + days), happen);
    switch (farewell) {
      case 'with money':
        at(0, schedule(EVERYTHING));
        return;
      case 'refused first':
        at(0, schedule(A_LITTLE));
        at(20, () => this.#pay(creditorId, helper, Number.POSITIVE_INFINITY));
        return;
      case 'held first':
        at(-1, () =>
          this.#pay(creditorId, helper, 5, (prepared) => this.#finalizeAfter(30n * DAY, prepared, 0n)),
        );
        at(0, schedule(EVERYTHING));
        return;
      case 'back by a credit':
        at(-1, () =>
          this.#pay(0n, creditorId, 777, (prepared) => this.#finalizeAfter(20n * DAY, prepared, 777n)),
        );
        at(0, schedule(EVERYTHING));
        return;
      case 'back by its owner':
        at(0, schedule(EVERYTHING));
        at(30, () => this.#configure({ creditorId }));
        return;
      case 'anew':
        at(0, schedule(EVERYTHING));
        at(150, () => this.#configure({ creditorId }));
        return;
      default:
        farewell satisfies never;
    }
  }
}

function almost(amount: bigint): bigint {
  return amount - amount / 500_000n - 1n;
}
