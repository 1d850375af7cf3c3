/**
 * The drainer in virtual time, with the real rules: messages come twice and in any order, and the drainer is killed at every call
 * that it makes, before the call or after it.
 */

import { describe, expect, it } from 'vitest';
import { MemoryLedger } from '../../../../lib/client/testing/memory-ledger.ts';
import {
  type DrainPlan,
  type DrainResult,
  type DrainTools,
  drainPeer,
} from '../../../../lib/operations/peers/drain/drain-peer.ts';
import { type Answer, isClosing, isHeldBy } from '../../../../lib/operations/peers/drain/due-answers.ts';
import type { Responsibility } from '../../../../lib/peers/peer.ts';
import type { IncomingMessage, OutgoingMessage } from '../../../../lib/protocol/messages.ts';
import { addSeconds, type Timestamp } from '../../../../lib/protocol/timestamps.ts';
import { hasStatus, type Transfer } from '../../../../lib/rules/transfer.ts';
import { Random } from '../../../simulation/random.ts';
import {
  aConfigureAccount,
  anIssuingTransfer,
  aPrepareTransfer,
  DEFAULT_SETTINGS,
  NOW,
} from '../../../support/builders.ts';

const DEBTOR = 0x1234abcd00000001n;
const STRANGER = 0x0000030000000001n;
const PEER: Responsibility = {
  type: 'creditors-agent',
  range: { digits: '000002' },
  authorityRange: { digits: '1234abcd' },
};
const PLAN: DrainPlan = {
  peer: PEER,
  settings: DEFAULT_SETTINGS,
  answersPerSecond: 5,
  quietSeconds: 5,
  patienceSeconds: 3_600,
  isDryRun: false,
};
const ACCOUNTS = 12;
const DAY_SECONDS = 86_400;

const creditor = (index: number): bigint => 0x0000020000000000n + BigInt(index);

class Killed extends Error {}

interface Sent {
  readonly at: Timestamp;
  readonly answer: Answer;
}

/** The authority, its two queues for the peer, and a clock that moves when somebody waits. */
class World {
  readonly sent: Sent[] = [];
  readonly #random: Random;
  readonly #ledger = new MemoryLedger(DEFAULT_SETTINGS);
  #now = NOW;
  #incoming: IncomingMessage[] = [];
  #outgoing: OutgoingMessage[] = [];
  /** How many calls the drainer has made, and the one at which it dies. */
  #calls = 0;
  #deadly: { readonly call: number; readonly isAfter: boolean } | undefined;

  constructor(seed: string) {
    this.#random = new Random(seed);
    this.#live();
  }

  /** Two currencies' worth of life: accounts with money, locks, and messages that the peer got or did not get. */
  #live(): void {
    const open = (creditorId: bigint) =>
      this.#receive(aConfigureAccount({ debtorId: DEBTOR, creditorId, ts: this.#now - 1_000_000n }));
    open(STRANGER);
    this.#receive(
      aConfigureAccount({ debtorId: DEBTOR, creditorId: 0n, negligibleAmount: 1e9, ts: this.#now }),
    );
    for (let index = 1; index <= ACCOUNTS; index += 1) {
      open(creditor(index));
      this.#pay(0n, creditor(index), 100n);
    }
    for (let index = 1; index <= ACCOUNTS; index += 2) {
      this.#prepare(creditor(index), STRANGER);
      this.#prepare(creditor(index), creditor(index + 1));
    }
    // Half of what the peer was sent it has got; of the rest, some comes twice.
    this.#outgoing = this.#random
      .shuffled(this.#outgoing)
      .filter(() => this.#random.chance(0.5))
      .flatMap((message) => (this.#random.chance(0.3) ? [message, message] : [message]));
    // The last words of the peer: an account that it wants to keep, said before it was deactivated.
    this.#incoming.push(
      aConfigureAccount({ debtorId: DEBTOR, creditorId: creditor(1), negligibleAmount: 3, ts: this.#now }),
    );
  }

  #prepare(creditorId: bigint, recipient: bigint): void {
    const coordinator = { coordinatorType: 'direct', coordinatorId: creditorId };
    this.#receive(
      aPrepareTransfer({
        debtorId: DEBTOR,
        creditorId,
        ...coordinator,
        coordinatorRequestId: BigInt(this.#ledger.records.length + 1),
        minLockedAmount: 10n,
        maxLockedAmount: 10n,
        recipient: `${recipient}`,
        ts: this.#now,
      }),
    );
  }

  #pay(from: bigint, to: bigint, amount: bigint): void {
    const request = {
      debtorId: DEBTOR,
      creditorId: from,
      coordinatorType: from === 0n ? 'issuing' : 'direct',
      coordinatorId: from === 0n ? DEBTOR : from,
      coordinatorRequestId: BigInt(this.#ledger.records.length + 1),
    };
    const make = from === 0n ? anIssuingTransfer : aPrepareTransfer;
    const messages = this.#receive(
      make({
        ...request,
        minLockedAmount: amount,
        maxLockedAmount: amount,
        recipient: `${to}`,
        ts: this.#now,
      }),
    );
    for (const message of messages) {
      if (message.type === 'PreparedTransfer') {
        this.#receive({
          type: 'FinalizeTransfer',
          ...request,
          transferId: message.transferId,
          committedAmount: amount,
          transferNote: '',
          transferNoteFormat: '',
          ts: this.#now,
        });
      }
    }
  }

  #receive(message: IncomingMessage): readonly OutgoingMessage[] {
    const { messages } = this.#ledger.receive(message, this.#now);
    this.#publish(messages);
    return messages;
  }

  #publish(messages: readonly OutgoingMessage[]): void {
    this.#outgoing.push(...messages.filter((message) => isHeldBy(PEER, message)));
  }

  /** The authority takes some of what waits, in any order, and some of it comes again. */
  #work(): void {
    this.#now += 300_000n;
    this.#incoming = this.#random.shuffled(this.#incoming);
    for (const message of this.#incoming.splice(0, this.#random.between(1, 6))) {
      this.#receive(message);
      if (this.#random.chance(0.3)) {
        this.#incoming.push(message);
      }
    }
    // Others still pay the accounts that take it.
    this.#pay(STRANGER, creditor(this.#random.between(1, ACCOUNTS)), 1n);
  }

  dieAt(call: number, isAfter: boolean): void {
    this.#deadly = { call, isAfter };
    this.#calls = 0;
  }

  get calls(): number {
    return this.#calls;
  }

  /** The call, unless the drainer dies of it. */
  #call<T>(work: () => T): T {
    this.#calls += 1;
    const isDeadly = this.#deadly?.call === this.#calls;
    if (isDeadly && !this.#deadly?.isAfter) {
      throw new Killed();
    }
    const result = work();
    if (isDeadly) {
      throw new Killed();
    }
    return result;
  }

  readonly tools: DrainTools = {
    readAccounts: async (take) => {
      const held = this.#call(() => this.#ledger.accounts.filter((account) => isHeldBy(PEER, account)));
      for (const { debtorId, creditorId } of held) {
        // Each is read when its turn comes, as pages of a table are.
        const account = this.#ledger.account({ debtorId, creditorId });
        if (account !== undefined) {
          await take({ account, prepared: this.#preparedOf(creditorId) });
        }
      }
      return 0;
    },
    send: async (answers) =>
      this.#call(() => {
        // A drainer that answers its own answers would do so for ever.
        if (this.sent.length > 10 * ACCOUNTS) {
          throw new Error('The drainer goes round in circles.');
        }
        for (const answer of answers) {
          this.sent.push({ at: this.#now, answer });
          this.#incoming.push(answer, ...(this.#random.chance(0.3) ? [answer] : []));
        }
      }),
    countIncoming: async () => this.#call(() => ({ waiting: this.#incoming.length, taken: 0 })),
    countOutgoing: async () => this.#call(() => ({ waiting: this.#outgoing.length, taken: 0 })),
    discard: async () => this.#call(() => this.#outgoing.splice(0, 10).length),
    now: () => this.#now,
    pause: async (milliseconds) => {
      this.#now += BigInt(milliseconds) * 1_000n;
      this.#work();
    },
    onProgress: () => {},
  };

  #preparedOf(creditorId: bigint): Transfer<'prepared'>[] {
    return this.#ledger.records.filter(
      (record): record is Transfer<'prepared'> =>
        record.sender.creditorId === creditorId && hasStatus(record, 'prepared'),
    );
  }

  /** Lets days pass, with all periodic work. */
  passDays(days: number): void {
    for (let day = 0; day < days; day += 1) {
      this.#now = addSeconds(this.#now, DAY_SECONDS);
      this.#publish(this.#ledger.runChores(this.#now));
    }
  }

  get accounts() {
    return this.#ledger.accounts.filter((account) => isHeldBy(PEER, account));
  }

  get isAnythingLocked(): boolean {
    return this.accounts.some(({ pendingTransfersCount }) => pendingTransfersCount > 0);
  }

  get outgoingCount(): number {
    return this.#outgoing.length;
  }

  /** How often the same thing was answered: an account by its former configurations, a transfer by its ID. */
  get mostAnswersToOne(): number {
    const subjects = this.sent.map(({ answer }) =>
      answer.type === 'FinalizeTransfer'
        ? `${answer.creditorId}/${answer.transferId}`
        : `${answer.creditorId}`,
    );
    return Math.max(0, ...[...Map.groupBy(subjects, (each) => each).values()].map(({ length }) => length));
  }
}

async function drainUntilKilled(world: World): Promise<DrainResult | undefined> {
  try {
    return await drainPeer(PLAN, world.tools);
  } catch (error) {
    if (error instanceof Killed) {
      return undefined;
    }
    throw error;
  }
}

/** Each account has one state to be answered, each of the twelve locks as well; nothing is answered twice. */
function expectDrained(world: World, result: DrainResult | undefined): void {
  expect(result).toMatchObject({ isDrained: true, forbidden: 0, ineffective: 0, unreadable: 0 });
  expect(world.accounts.every(isClosing)).toBe(true);
  expect([world.isAnythingLocked, world.outgoingCount]).toStrictEqual([false, 0]);
  expect([world.sent.length, world.mostAnswersToOne]).toStrictEqual([2 * ACCOUNTS, 1]);
}

describe('Draining a peer', () => {
  it('answers each state once, whatever comes twice or late', async () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const world = new World(`drain-${seed}`);
      expectDrained(world, await drainUntilKilled(world));
    }
  });

  it('comes to the same end when it is killed at any call, and answers nothing twice', async () => {
    const whole = new World('killed');
    await drainPeer(PLAN, whole.tools);
    const { calls } = whole;
    expect(calls).toBeGreaterThan(30);
    for (const isAfter of [false, true]) {
      for (let call = 1; call <= calls; call += 1) {
        const world = new World('killed');
        world.dieAt(call, isAfter);
        expect(await drainUntilKilled(world)).toBe(undefined);
        expectDrained(world, await drainUntilKilled(world));
      }
    }
  });

  it('comes to its end when it is killed again and again', async () => {
    const world = new World('weak');
    const random = new Random('deaths');
    let result: DrainResult | undefined;
    for (let life = 1; result === undefined; life += 1) {
      // Each life is a little longer than the one before it.
      world.dieAt(random.between(1, 20 * life), random.chance(0.5));
      result = await drainUntilKilled(world);
    }
    expectDrained(world, result);
  });

  it('sends no more answers in a second than it may', async () => {
    const world = new World('rate');
    await drainPeer(PLAN, world.tools);
    for (const { at } of world.sent) {
      const within = world.sent.filter((other) => other.at >= at && other.at < at + 10_000_000n);
      // A batch of ten may begin and end the ten seconds.
      expect(within.length).toBeLessThanOrEqual(10 * PLAN.answersPerSecond + 10);
    }
    const seconds = Number((world.sent.at(-1)?.at ?? 0n) - (world.sent[0]?.at ?? 0n)) / 1e6;
    expect(seconds).toBeGreaterThanOrEqual((world.sent.length - 10) / PLAN.answersPerSecond);
  });

  it('has nothing left to answer when all accounts have gone, and empties the queue', async () => {
    const world = new World('farewell');
    const first = await drainPeer(PLAN, world.tools);
    expect(first.remaining.of('waiting')).toBe(ACCOUNTS);
    world.passDays(30);
    expect((await drainPeer(PLAN, world.tools)).remaining.of('deleted')).toBe(ACCOUNTS);
    world.passDays(120);
    const last = await drainPeer(PLAN, world.tools);
    expect([last.isDrained, last.remaining.total, last.dismissals + last.closures]).toStrictEqual([
      true,
      0,
      0,
    ]);
    expect([world.sent.length, world.outgoingCount]).toStrictEqual([2 * ACCOUNTS, 0]);
  });

  it('only counts on a dry run', async () => {
    const world = new World('dry');
    const waiting = world.outgoingCount;
    const result = await drainPeer({ ...PLAN, isDryRun: true }, world.tools);
    expect(result).toMatchObject({ dismissals: ACCOUNTS, closures: ACCOUNTS, discarded: waiting });
    expect([world.sent, world.outgoingCount]).toStrictEqual([[], waiting]);
  });

  it('gives up when nothing is taken from the incoming queue, and answers nothing on top of it', async () => {
    const world = new World('paused');
    const stuck = { ...world.tools, countIncoming: async () => ({ waiting: 3, taken: 0 }) };
    expect(await drainPeer(PLAN, stuck)).toMatchObject({ isDrained: false, dismissals: 0, closures: 0 });
    expect(world.sent).toStrictEqual([]);
  });

  it('tells of answers that have no effect, and does not repeat them', async () => {
    const world = new World('deaf');
    let sent = 0;
    const deaf = {
      ...world.tools,
      send: async (answers: readonly Answer[]) => {
        sent += answers.length;
        if (sent > 10 * ACCOUNTS) {
          throw new Error('The drainer goes round in circles.');
        }
      },
    };
    const result = await drainPeer(PLAN, deaf);
    expect(result).toMatchObject({ isDrained: false, ineffective: 2 * ACCOUNTS });
    expect(sent).toBe(2 * ACCOUNTS);
  });
});
