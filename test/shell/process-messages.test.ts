/** A batch of incoming messages on its way into the tables: what is written together, what comes back, what is put aside. */

import { describe, expect, it } from 'vitest';
import { printMessage } from '../../lib/protocol/codec.ts';
import type { IncomingMessage } from '../../lib/protocol/messages.ts';
import { transferIdOf } from '../../lib/rules/transfer-ids.ts';
import type { DeadLetter } from '../../lib/shell/dead-letter-queue.ts';
import type { Delivery } from '../../lib/shell/invocation.ts';
import { processMessages } from '../../lib/shell/process-messages.ts';
import { CommitConflictError, StoreUnavailableError } from '../../lib/storage/errors.ts';
import {
  aConfigureAccount,
  aFinalizeTransfer,
  anAccount,
  aPreparation,
  aPrepareTransfer,
  aTransfer,
  CREDITOR_ID,
  DEBTOR_ID,
  NOW,
  RECIPIENT_ID,
  STRANGER_ID,
} from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { MemoryLedger, TABLE_NAMES } from '../support/memory-ledger.ts';
import { ENOUGH_TIME, type LogLine, TestSurroundings, TestTelemetry } from '../support/shell-surroundings.ts';

const SENDER = { debtorId: DEBTOR_ID, creditorId: CREDITOR_ID };
const STRANGER = { debtorId: DEBTOR_ID, creditorId: STRANGER_ID };

class Authority {
  readonly ledger = new MemoryLedger();
  readonly letters: DeadLetter[] = [];
  /** Message IDs of letters that the dead-letter queue does not take. */
  readonly refusedLetters: string[] = [];
  readonly surroundings = new TestSurroundings();
  readonly telemetry = new TestTelemetry();
  hasTime = ENOUGH_TIME;

  constructor() {
    this.ledger.put(
      anAccount({ principal: 1_000_000n }),
      anAccount({ creditorId: RECIPIENT_ID }),
      anAccount({ creditorId: STRANGER_ID, principal: 1_000_000n }),
    );
  }

  process(...deliveries: readonly Delivery[]): Promise<readonly string[]> {
    const { surroundings, telemetry } = this;
    const send = async (letters: readonly DeadLetter[]) => {
      this.letters.push(...letters);
      return this.refusedLetters;
    };
    const invocation = anInvocation({
      store: this.ledger.store,
      surroundings,
      telemetry,
      hasTime: this.hasTime,
    });
    return processMessages(deliveries, { ...invocation, deadLetters: { send } });
  }

  /** How many items each write changed. */
  get writeSizes(): readonly number[] {
    return this.ledger.writes.map(({ size }) => size);
  }
}

function deliver(message: IncomingMessage, messageId: string): Delivery {
  return { messageId, body: printMessage(message) };
}

function byMessageId(a: LogLine, b: LogLine): number {
  return String(a.details.messageId) < String(b.details.messageId) ? -1 : 1;
}

/** So many requests of one sender to lock 10 each, told apart by their request ID. */
function requests(count: number, creditorId = CREDITOR_ID): Delivery[] {
  return Array.from({ length: count }, (_, index) =>
    deliver(
      aPrepareTransfer({
        creditorId,
        coordinatorId: creditorId,
        coordinatorRequestId: BigInt(index + 1),
        minLockedAmount: 10n,
        maxLockedAmount: 10n,
      }),
      `${creditorId}/${index}`,
    ),
  );
}

describe('a batch of messages', () => {
  it('makes one transaction for several accounts with a few messages each', async () => {
    const authority = new Authority();
    const batch = [...requests(5), ...requests(3, STRANGER_ID)];
    expect(await authority.process(...batch)).toStrictEqual([]);
    expect(authority.writeSizes).toStrictEqual([10]);
    expect(authority.ledger.account(SENDER)).toMatchObject({
      totalLockedAmount: 50n,
      pendingTransfersCount: 5,
    });
    expect(authority.ledger.account(STRANGER)).toMatchObject({
      totalLockedAmount: 30n,
      pendingTransfersCount: 3,
    });
    expect(authority.telemetry.counts).toStrictEqual({ 'Messages.PrepareTransfer.applied': 8, Commits: 1 });
    expect([...authority.telemetry.phases].toSorted()).toStrictEqual(['Commit', 'Decide', 'Load', 'Parse']);
  });

  it('has a transaction for an account with many messages alone', async () => {
    const authority = new Authority();
    expect(await authority.process(...requests(8), ...requests(3, STRANGER_ID))).toStrictEqual([]);
    expect(authority.writeSizes.toSorted()).toStrictEqual([4, 9]);
  });

  it('writes what is a single item by itself, at half the cost', async () => {
    const authority = new Authority();
    const nobody = STRANGER_ID + 1n;
    expect(await authority.process(...requests(1, nobody), ...requests(1, nobody + 1n))).toStrictEqual([]);
    expect(authority.writeSizes).toStrictEqual([1, 1]);
    expect(authority.telemetry.counts).toStrictEqual({ 'Messages.PrepareTransfer.rejected': 2, Commits: 2 });
  });

  it('looks once at a recipient, however many senders there are', async () => {
    const authority = new Authority();
    const senders = Array.from({ length: 150 }, (_, index) => CREDITOR_ID + 1_000n + BigInt(index));
    authority.ledger.put(...senders.map((creditorId) => anAccount({ creditorId, principal: 10n })));
    await authority.process(...senders.flatMap((creditorId) => requests(1, creditorId)));
    const looks = authority.ledger.calls.filter(
      ({ operation, table, isConsistent }) =>
        operation === 'read' && table === TABLE_NAMES.accounts && !isConsistent,
    );
    expect(looks.map(({ size }) => size)).toStrictEqual([1]);
    expect(authority.telemetry.counts).toMatchObject({ 'Messages.PrepareTransfer.applied': 150 });
  });

  it('reads accounts together as long as they have a hundred messages at most', async () => {
    const authority = new Authority();
    const nobody = { debtorId: DEBTOR_ID, creditorId: STRANGER_ID + 1n };
    const batch = [...requests(60), ...requests(40, STRANGER_ID), ...requests(1, nobody.creditorId)];
    expect(await authority.process(...batch)).toStrictEqual([]);
    const reads = authority.ledger.calls.filter(
      ({ operation, table, isConsistent }) =>
        operation === 'read' && table === TABLE_NAMES.accounts && isConsistent,
    );
    expect(reads.map(({ size }) => size)).toStrictEqual([2, 1]);
  });

  it('leaves to another invocation what it has no time to begin with', async () => {
    const authority = new Authority();
    authority.hasTime = () => false;
    expect(await authority.process(...requests(1), ...requests(1, STRANGER_ID))).toStrictEqual([
      `${CREDITOR_ID}/0`,
      `${STRANGER_ID}/0`,
    ]);
    expect(authority.ledger.writes).toStrictEqual([]);
    expect(authority.telemetry.counts).toStrictEqual({ 'Messages.postponed': 2 });
    expect(authority.letters).toStrictEqual([]);
  });

  it('is not disturbed by recipients that could not be read where it has no time to look at them', async () => {
    const authority = new Authority();
    const unhandled: unknown[] = [];
    const takeDown = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', takeDown);
    authority.hasTime = () => false;
    authority.ledger.intercept = () => Promise.reject(new StoreUnavailableError('a test'));
    expect(await authority.process(...requests(1))).toStrictEqual([`${CREDITOR_ID}/0`]);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', takeDown);
    expect(unhandled).toStrictEqual([]);
  });

  it('that was begun is not given up halfway for want of time', async () => {
    const authority = new Authority();
    let questions = 0;
    authority.hasTime = () => {
      questions += 1;
      return questions === 1;
    };
    expect(await authority.process(...requests(20))).toStrictEqual([]);
    expect(authority.writeSizes).toStrictEqual([21]);
  });

  it('after a lost race is decided about by what is there now, which is read consistently', async () => {
    const authority = new Authority();
    authority.ledger.failWrites('before', (number) =>
      number === 0 ? new CommitConflictError(SENDER) : undefined,
    );
    expect(await authority.process(...requests(20))).toStrictEqual([]);
    const reads = authority.ledger.calls
      .filter(({ operation }) => operation === 'read')
      .map(({ table, isConsistent, size }) => `${size} of ${table}${isConsistent ? ', consistently' : ''}`);
    expect(reads.slice(0, 3).toSorted()).toStrictEqual([
      '1 of Accounts',
      '1 of Accounts, consistently',
      '20 of Transfers',
    ]);
    // Which recipients can be reached is known for the whole batch.
    expect(reads.slice(3).toSorted()).toStrictEqual([
      '1 of Accounts, consistently',
      '20 of Transfers, consistently',
    ]);
  });

  it('of a busy account reads after a lost race only what the next transaction needs, and knows the rest', async () => {
    const authority = new Authority();
    authority.ledger.failWrites('before', (number) =>
      number === 1 ? new CommitConflictError(SENDER) : undefined,
    );
    const [first] = requests(1) as [Delivery];
    const deliveries = [...requests(250), { ...first, messageId: 'copy' }];
    expect(await authority.process(...deliveries)).toStrictEqual([]);
    expect(authority.writeSizes).toStrictEqual([100, 100, 100, 53]);
    const readAgain = authority.ledger.calls
      .filter(
        ({ operation, table, isConsistent }) => operation === 'read' && table === 'Transfers' && isConsistent,
      )
      .map(({ size }) => size);
    expect(readAgain).toStrictEqual([99]);
    expect(authority.ledger.account(SENDER)?.pendingTransfersCount).toBe(250);
    expect(authority.telemetry.counts).toMatchObject({
      'Messages.PrepareTransfer.applied': 250,
      'Messages.PrepareTransfer.ignored': 1,
    });
  });

  it('of a busy account reads everything that it needs when the first read failed', async () => {
    const authority = new Authority();
    let isFirst = true;
    authority.ledger.intercept = ({ operation, table }, proceed) => {
      const fails = isFirst && operation === 'read' && table === 'Transfers';
      isFirst &&= !fails;
      return fails ? Promise.reject(new StoreUnavailableError('busy')) : proceed();
    };
    expect(await authority.process(...requests(150))).toStrictEqual([]);
    const readAgain = authority.ledger.calls
      .filter(
        ({ operation, table, isConsistent }) => operation === 'read' && table === 'Transfers' && isConsistent,
      )
      .map(({ size }) => size);
    expect(readAgain.toSorted()).toStrictEqual([100, 50].toSorted());
  });

  it('after a lost race knows no more of what is gone meanwhile', async () => {
    const authority = new Authority();
    const transfer = aTransfer({ sender: SENDER, preparation: aPreparation({ lockedAmount: 10n }) });
    authority.ledger.put(anAccount({ principal: 100n, totalLockedAmount: 10n, pendingTransfersCount: 1 }));
    authority.ledger.putRecord(transfer);
    authority.ledger.failWrites('before', (number) => {
      if (number > 0) {
        return undefined;
      }
      authority.ledger.forget(transfer);
      return new CommitConflictError(SENDER);
    });
    const finalization = deliver(aFinalizeTransfer({ transferId: transfer.transferId }), 'finalization');
    expect(await authority.process(finalization)).toStrictEqual([]);
    expect(authority.telemetry.counts).toMatchObject({ 'Messages.FinalizeTransfer.ignored': 1 });
  });

  it('after a lost race sees what somebody else has made of its items meanwhile', async () => {
    const authority = new Authority();
    const other = Object.assign(new Authority(), { ledger: authority.ledger });
    let isLost = false;
    authority.ledger.intercept = async ({ operation }, proceed) => {
      if (operation === 'write' && !isLost) {
        isLost = true;
        await other.process(...requests(120));
      }
      return proceed();
    };
    expect(await authority.process(...requests(120))).toStrictEqual([]);
    expect(authority.ledger.account(SENDER)?.pendingTransfersCount).toBe(120);
    expect(authority.telemetry.counts).toMatchObject({ 'Messages.PrepareTransfer.ignored': 120 });
  });

  it('knows in a later transaction which requests an earlier one has handled', async () => {
    const authority = new Authority();
    const [first] = requests(1) as [Delivery];
    expect(await authority.process(...requests(99), { ...first, messageId: 'copy' })).toStrictEqual([]);
    expect(authority.writeSizes).toStrictEqual([100]);
    expect(authority.telemetry.counts).toStrictEqual({
      'Messages.PrepareTransfer.applied': 99,
      'Messages.PrepareTransfer.ignored': 1,
      Commits: 1,
    });
  });

  it('that no rule can decide about comes back, and nothing beside it', async () => {
    const authority = new Authority();
    const sender = { debtorId: DEBTOR_ID, creditorId: STRANGER_ID + 1n };
    // Locked on an account that does not exist.
    authority.ledger.putRecord(aTransfer({ sender }));
    const request = { coordinatorId: CREDITOR_ID, coordinatorRequestId: 7n };
    const broken = deliver(aFinalizeTransfer({ ...sender, ...request }), 'broken');
    expect(await authority.process(...requests(3), broken, ...requests(3, STRANGER_ID))).toStrictEqual([
      'broken',
    ]);
    expect(authority.ledger.account(SENDER)?.pendingTransfersCount).toBe(3);
    expect(authority.ledger.account(STRANGER)?.pendingTransfersCount).toBe(3);
  });

  it('is not taken for malformed because of a defect of the reader', async () => {
    const noText = Buffer.from(printMessage(aPrepareTransfer())) as never;
    await expect(new Authority().process({ messageId: 'a', body: noText })).rejects.toBeInstanceOf(TypeError);
  });

  it('leaves to another invocation the transactions of an account that it has no time for', async () => {
    const authority = new Authority();
    authority.hasTime = () => authority.ledger.writes.length < 2;
    const batch = requests(250);
    expect(await authority.process(...batch)).toStrictEqual(
      batch.slice(198).map(({ messageId }) => messageId),
    );
    expect(authority.writeSizes).toStrictEqual([100, 100]);
    expect(authority.telemetry.counts).toStrictEqual({
      'Messages.PrepareTransfer.applied': 198,
      'Messages.postponed': 52,
      Commits: 2,
    });
  });

  it('is decided about when recipients could not be read for all at once', async () => {
    const authority = new Authority();
    let isFirst = true;
    authority.ledger.intercept = async ({ operation, table, isConsistent }, proceed) => {
      if (operation === 'read' && table === TABLE_NAMES.accounts && !isConsistent && isFirst) {
        isFirst = false;
        throw new StoreUnavailableError('a test');
      }
      return proceed();
    };
    expect(await authority.process(...requests(2))).toStrictEqual([]);
    expect(authority.telemetry.counts).toMatchObject({ 'Messages.PrepareTransfer.applied': 2 });
  });

  it('is cut into transactions of 99 transfers, of which each goes on where the one before has ended', async () => {
    const authority = new Authority();
    expect(await authority.process(...requests(250))).toStrictEqual([]);
    expect(authority.writeSizes).toStrictEqual([100, 100, 53]);
    expect(authority.ledger.account(SENDER)).toMatchObject({
      totalLockedAmount: 2_500n,
      pendingTransfersCount: 250,
    });
    const reads = authority.ledger.calls.filter(
      ({ operation, table }) => operation === 'read' && table === 'Accounts',
    );
    expect(reads.map(({ size }) => size)).toStrictEqual([1, 1]);
  });

  it('of nothing does nothing', async () => {
    const authority = new Authority();
    expect(await authority.process()).toStrictEqual([]);
    expect(authority.ledger.calls).toStrictEqual([]);
  });

  it('writes nothing for messages that change nothing', async () => {
    const authority = new Authority();
    const stale = aConfigureAccount({ ts: NOW - 20_000_000_000_000n });
    const unknown = aFinalizeTransfer({ transferId: 77n });
    expect(await authority.process(deliver(stale, 'a'), deliver(unknown, 'b'))).toStrictEqual([]);
    expect(authority.ledger.writes).toStrictEqual([]);
    expect(authority.telemetry.counts).toStrictEqual({
      'Messages.ConfigureAccount.ignored': 1,
      'Messages.FinalizeTransfer.ignored': 1,
    });
  });

  it('logs once, with the reason, each message that is ignored', async () => {
    const authority = new Authority();
    const account = `${DEBTOR_ID}:${CREDITOR_ID}`;
    const tooOld = aConfigureAccount({ creditorId: STRANGER_ID + 1n, ts: NOW - 20_000_000_000_000n });
    const unknown = aFinalizeTransfer({ transferId: 77n });
    const [request] = requests(1) as [Delivery];
    await authority.process(request);
    authority.ledger.failWrites('before', (number) =>
      number === 0 ? new CommitConflictError(SENDER) : undefined,
    );
    const [, other] = requests(2) as [Delivery, Delivery];
    await authority.process(
      deliver(tooOld, 'a'),
      deliver(unknown, 'b'),
      { ...request, messageId: 'c' },
      other,
    );
    expect(authority.telemetry.log.toSorted(byMessageId)).toStrictEqual([
      {
        level: 'info',
        message: 'A message is ignored.',
        details: {
          messageId: 'a',
          type: 'ConfigureAccount',
          account: `${DEBTOR_ID}:${STRANGER_ID + 1n}`,
          reason: 'too old to create an account',
        },
      },
      {
        level: 'info',
        message: 'A message is ignored.',
        details: { messageId: 'b', type: 'FinalizeTransfer', account, reason: 'no such prepared transfer' },
      },
      {
        level: 'info',
        message: 'A message is ignored.',
        details: { messageId: 'c', type: 'PrepareTransfer', account, reason: 'request handled before' },
      },
    ]);
  });

  it('dismisses a transfer whatever the note says', async () => {
    const authority = new Authority();
    const prepare = aPrepareTransfer({ minLockedAmount: 10n, maxLockedAmount: 10n });
    const dismissal = aFinalizeTransfer({
      transferId: transferIdOf(prepare),
      committedAmount: 0n,
      transferNote: 'ж'.repeat(251),
      transferNoteFormat: 'no format',
    });
    expect(await authority.process(deliver(prepare, 'a'))).toStrictEqual([]);
    expect(await authority.process(deliver(dismissal, 'b'))).toStrictEqual([]);
    expect(authority.ledger.account(SENDER)).toMatchObject({
      totalLockedAmount: 0n,
      pendingTransfersCount: 0,
    });
    expect(authority.letters).toStrictEqual([]);
  });

  it('may hold one message twice, and may come twice: nothing is locked again', async () => {
    const authority = new Authority();
    const [first] = requests(1) as [Delivery];
    const copy = { ...first, messageId: 'copy' };
    expect(await authority.process(first, copy)).toStrictEqual([]);
    expect(await authority.process(copy)).toStrictEqual([]);
    expect(authority.ledger.account(SENDER)).toMatchObject({
      totalLockedAmount: 10n,
      pendingTransfersCount: 1,
    });
    expect(authority.writeSizes).toStrictEqual([2]);
  });

  it('may lock and commit one transfer, in one write of its item', async () => {
    const authority = new Authority();
    const prepare = aPrepareTransfer({ minLockedAmount: 10n, maxLockedAmount: 10n });
    const commit = aFinalizeTransfer({ transferId: transferIdOf(prepare), committedAmount: 10n });
    await authority.process(deliver(prepare, 'a'), deliver(commit, 'b'));
    expect(authority.writeSizes).toStrictEqual([2]);
    expect(authority.ledger.account(SENDER)).toMatchObject({ principal: 999_990n, totalLockedAmount: 0n });
  });
});

describe('what can never be applied', () => {
  it('goes to the dead-letter queue with the reason, and its neighbours are processed', async () => {
    const authority = new Authority();
    const noise = { messageId: 'noise', body: 'no JSON' };
    const [request] = requests(1) as [Delivery];
    expect(await authority.process(noise, request)).toStrictEqual([]);
    expect(authority.letters).toStrictEqual([{ ...noise, reason: expect.stringMatching(/JSON/) }]);
    expect(authority.ledger.account(SENDER)?.pendingTransfersCount).toBe(1);
    expect(authority.telemetry.counts).toMatchObject({ 'Messages.malformed': 1 });
    expect(authority.telemetry.log).toStrictEqual([
      {
        level: 'warn',
        message: 'A malformed message goes to the dead-letter queue.',
        details: { messageId: 'noise', reason: authority.letters[0]?.reason },
      },
    ]);
  });

  it('comes back when the dead-letter queue does not take it', async () => {
    const authority = new Authority();
    authority.refusedLetters.push('noise');
    expect(await authority.process({ messageId: 'noise', body: '' })).toStrictEqual(['noise']);
  });

  it('is also a request whose transfer ID another request has', async () => {
    const authority = new Authority();
    const prepare = aPrepareTransfer();
    const other = aTransfer({
      transferId: transferIdOf(prepare),
      request: { coordinatorType: 'direct', coordinatorId: CREDITOR_ID, coordinatorRequestId: 8n },
    });
    authority.ledger.putRecord(other);
    expect(await authority.process(deliver(prepare, 'a'))).toStrictEqual([]);
    expect(authority.letters.map(({ messageId }) => messageId)).toStrictEqual(['a']);
    expect(authority.telemetry.log).toStrictEqual([
      {
        level: 'warn',
        message: 'A message that can not be decided goes to the dead-letter queue.',
        details: { messageId: 'a', reason: authority.letters[0]?.reason },
      },
    ]);
    expect(authority.ledger.records).toStrictEqual([other]);
    expect(authority.ledger.writes).toStrictEqual([]);
  });
});

describe('after a lost race', () => {
  it('everything is read and decided again', async () => {
    const authority = new Authority();
    const { ledger } = authority;
    let isFirst = true;
    ledger.intercept = (call, proceed) => {
      if (call.operation === 'write' && isFirst) {
        isFirst = false;
        // Somebody else has just taken almost everything.
        ledger.put(anAccount({ version: 1_790_000_000_000_001n, principal: 15n }));
      }
      return proceed();
    };
    expect(await authority.process(...requests(2))).toStrictEqual([]);
    expect(ledger.account(SENDER)).toMatchObject({ totalLockedAmount: 10n, pendingTransfersCount: 1 });
    expect(authority.telemetry.counts).toStrictEqual({
      Conflicts: 1,
      Retries: 1,
      Commits: 1,
      'Messages.PrepareTransfer.applied': 1,
      'Messages.PrepareTransfer.rejected': 1,
    });
  });

  it('of several accounts together, the one that lost it is decided about anew by itself', async () => {
    const authority = new Authority();
    authority.ledger.failWrites('before', (number) =>
      number === 0 ? new CommitConflictError(SENDER) : undefined,
    );
    expect(await authority.process(...requests(2), ...requests(3, STRANGER_ID))).toStrictEqual([]);
    expect(authority.writeSizes).toStrictEqual([7, 4, 3]);
    expect(authority.surroundings.pauses).toStrictEqual([]);
    expect(authority.telemetry.counts).toStrictEqual({
      Conflicts: 1,
      Retries: 2,
      Commits: 2,
      'Messages.PrepareTransfer.applied': 5,
    });
  });

  it('of several accounts together that took effect all the same, nothing is locked twice', async () => {
    const authority = new Authority();
    const timeout = Object.assign(new Error('timed out'), { name: 'TimeoutError' });
    authority.ledger.failWrites('after', (number) => (number === 0 ? timeout : undefined));
    expect(await authority.process(...requests(2), ...requests(3, STRANGER_ID))).toStrictEqual([]);
    expect(authority.ledger.account(SENDER)).toMatchObject({
      totalLockedAmount: 20n,
      pendingTransfersCount: 2,
    });
    expect(authority.ledger.account(STRANGER)).toMatchObject({ totalLockedAmount: 30n });
    expect(authority.writeSizes).toStrictEqual([7]);
  });

  it('only the messages for that account come back, if it is lost again and again', async () => {
    const authority = new Authority();
    const lost = new CommitConflictError(SENDER);
    authority.ledger.failWrites('before', (_, { size }) => (size === 3 || size === 5 ? lost : undefined));
    const returned = await authority.process(...requests(2), ...requests(1, STRANGER_ID));
    expect(returned).toStrictEqual([`${CREDITOR_ID}/0`, `${CREDITOR_ID}/1`]);
    expect(authority.ledger.account(STRANGER)?.pendingTransfersCount).toBe(1);
    expect(authority.surroundings.pauses).toHaveLength(31);
    expect(authority.telemetry.counts).toMatchObject({ Conflicts: 33, 'Messages.returned': 2 });
    expect(authority.telemetry.log).toStrictEqual([
      {
        level: 'warn',
        message: 'Messages for an account go back to the queue.',
        details: { account: `${DEBTOR_ID}:${CREDITOR_ID}`, count: 2, error: lost },
      },
    ]);
  });

  it('what an earlier slice has written stays, and only the rest comes back', async () => {
    const authority = new Authority();
    authority.ledger.failWrites('before', (number) =>
      number > 0 ? new StoreUnavailableError('busy') : undefined,
    );
    const returned = await authority.process(...requests(120));
    expect(returned).toHaveLength(21);
    expect(returned[0]).toBe(`${CREDITOR_ID}/99`);
    expect(authority.ledger.account(SENDER)?.pendingTransfersCount).toBe(99);
  });
});

describe('when the outcome of a write is unknown', () => {
  it('nothing is done twice although it took effect', async () => {
    const authority = new Authority();
    const timeout = Object.assign(new Error('timed out'), { name: 'TimeoutError' });
    authority.ledger.failWrites('after', (number) => (number < 2 ? timeout : undefined));
    expect(await authority.process(...requests(120))).toStrictEqual([]);
    expect(authority.ledger.account(SENDER)).toMatchObject({
      totalLockedAmount: 1_200n,
      pendingTransfersCount: 120,
    });
    expect(authority.telemetry.counts).toMatchObject({ Unavailable: 2, Retries: 2 });
  });
});

describe('when the tables can not be read', () => {
  it('for the batch, each account is read for itself', async () => {
    const authority = new Authority();
    let reads = 0;
    authority.ledger.intercept = (call, proceed) =>
      call.operation === 'read' && reads++ === 0
        ? Promise.reject(new StoreUnavailableError('busy'))
        : proceed();
    expect(await authority.process(...requests(2), ...requests(1, STRANGER_ID))).toStrictEqual([]);
    expect(authority.ledger.account(SENDER)?.pendingTransfersCount).toBe(2);
    expect(authority.ledger.account(STRANGER)?.pendingTransfersCount).toBe(1);
  });

  it('all messages come back', async () => {
    const authority = new Authority();
    authority.ledger.intercept = (call, proceed) =>
      call.operation === 'read' ? Promise.reject(new StoreUnavailableError('busy')) : proceed();
    expect(await authority.process(...requests(1), ...requests(1, STRANGER_ID))).toStrictEqual([
      `${CREDITOR_ID}/0`,
      `${STRANGER_ID}/0`,
    ]);
  });

  it('because of one broken item, only the messages about it come back', async () => {
    const authority = new Authority();
    authority.ledger.putItem('accounts', { account: `${DEBTOR_ID}:${CREDITOR_ID}`, version: 1n });
    expect(await authority.process(...requests(1), ...requests(1, STRANGER_ID))).toStrictEqual([
      `${CREDITOR_ID}/0`,
    ]);
    expect(authority.ledger.account(STRANGER)?.pendingTransfersCount).toBe(1);
  });
});
