/** Amounts near 2^63 through every step: sums never leave int64, and every message about them can be sent. */

import { describe, expect, it } from 'vitest';
import { parseOutgoingMessage, printMessage } from '../../lib/protocol/codec.ts';
import type { IncomingMessage, OutgoingMessage } from '../../lib/protocol/messages.ts';
import { credit } from '../../lib/rules/credit.ts';
import { decide } from '../../lib/rules/decide.ts';
import { projectAccount, projectRecord } from '../../lib/rules/projection.ts';
import type { Snapshot } from '../../lib/rules/snapshot.ts';
import {
  aCommittedTransfer,
  aFinalizeTransfer,
  anAccount,
  anIssuingTransfer,
  aPayment,
  aPreparation,
  aPrepareTransfer,
  aRootAccount,
  aSnapshot,
  aTransfer,
  DEFAULT_SETTINGS,
  NO_TERMS,
  NOW,
  RECIPIENT_ID,
} from '../support/builders.ts';

const MAX = 9_223_372_036_854_775_807n;
const MIN = -9_223_372_036_854_775_808n;

function decideAll(snapshot: Snapshot, ...messages: IncomingMessage[]) {
  return decide(snapshot, messages, { now: NOW, settings: DEFAULT_SETTINGS });
}

/** As the wire has them: none is lost, and each is within the limits of its fields. */
function throughTheWire(messages: readonly OutgoingMessage[]): OutgoingMessage[] {
  return messages.map((message) => parseOutgoingMessage(printMessage(message)));
}

describe('locks near 2^63', () => {
  it('may take a principal of 2^63 - 1 as a whole', () => {
    const { account, records } = decideAll(
      aSnapshot({ account: anAccount({ principal: MAX }) }),
      aPrepareTransfer(),
    );
    expect(account).toMatchObject({ principal: MAX, totalLockedAmount: MAX });
    const messages = records.flatMap((record) => projectRecord(undefined, record));
    expect(throughTheWire(messages)).toMatchObject([{ type: 'PreparedTransfer', lockedAmount: MAX }]);
  });

  it('never sum up to more than 2^63 - 1, whatever interest was earned', () => {
    const decision = decideAll(
      aSnapshot({ account: anAccount({ principal: MAX, interest: 1e18 }) }),
      aPrepareTransfer({ coordinatorRequestId: 1n, maxLockedAmount: MAX - 3n }),
      aPrepareTransfer({ coordinatorRequestId: 2n, maxLockedAmount: 10n }),
      aPrepareTransfer({ coordinatorRequestId: 3n, minLockedAmount: 1n }),
    );
    expect(decision.account).toMatchObject({ totalLockedAmount: MAX, pendingTransfersCount: 2 });
    const messages = decision.records.flatMap((record) => projectRecord(undefined, record));
    expect(throughTheWire(messages)).toMatchObject([
      { type: 'PreparedTransfer', lockedAmount: MAX - 3n },
      { type: 'PreparedTransfer', lockedAmount: 3n },
      { statusCode: 'INSUFFICIENT_AVAILABLE_AMOUNT', totalLockedAmount: MAX },
    ]);
  });

  it('of a root account that was paid more than it issued never sum up to more than 2^63 - 1', () => {
    const root = aRootAccount({ principal: 5n, totalLockedAmount: MAX, negligibleAmount: 1e300 });
    const { account } = decideAll(aSnapshot({ account: root }), anIssuingTransfer());
    expect(account).toMatchObject({ totalLockedAmount: MAX, pendingTransfersCount: 1 });
  });

  it('of a root account are refused beyond what it may still issue', () => {
    const root = aRootAccount({ principal: MIN, negligibleAmount: 1e300 });
    const { outcomes } = decideAll(aSnapshot({ account: root }), anIssuingTransfer({ minLockedAmount: 1n }));
    expect(outcomes).toStrictEqual([{ kind: 'rejected', reason: 'INSUFFICIENT_AVAILABLE_AMOUNT' }]);
  });
});

describe('commits near 2^63', () => {
  function commit(account: Parameters<typeof anAccount>[0], lockedAmount: bigint, committedAmount: bigint) {
    const sender = { debtorId: 1n, creditorId: account?.creditorId ?? 1_099_511_627_777n };
    const prepared = aTransfer({ sender, preparation: aPreparation({ lockedAmount }) });
    const before = anAccount({ totalLockedAmount: lockedAmount, pendingTransfersCount: 1, ...account });
    const decision = decideAll(
      aSnapshot({ account: before, records: [prepared] }),
      aFinalizeTransfer({ creditorId: before.creditorId, committedAmount }),
    );
    const messages = decision.records.flatMap((record) => projectRecord(prepared, record));
    return { account: decision.account, messages: throughTheWire(messages) };
  }

  it('may take all of it', () => {
    const { account, messages } = commit({ principal: MAX }, MAX, MAX);
    expect(account).toMatchObject({ principal: 0n, totalLockedAmount: 0n, clippedAmount: 0n });
    expect(messages).toMatchObject([
      { committedAmount: MAX, totalLockedAmount: 0n },
      { acquiredAmount: -MAX, principal: 0n },
    ]);
  });

  it('may take more interest than a principal can be', () => {
    const { account } = commit({ principal: 0n, interest: 1e19 }, 0n, MAX);
    expect(account).toMatchObject({ principal: -MAX, interest: 1e19 });
  });

  it('may issue all of it', () => {
    const { account } = commit(
      { ...aRootAccount({ negligibleAmount: 1e300 }), totalLockedAmount: MAX },
      MAX,
      MAX,
    );
    expect(account).toMatchObject({ principal: -MAX, clippedAmount: 0n });
  });

  it('hold a principal at -2^63, mark the account, and pay the whole amount all the same', () => {
    const { account, messages } = commit({ principal: MIN + 10n }, 100n, 100n);
    expect(account).toMatchObject({ principal: MIN, clippedAmount: -90n });
    expect(messages).toMatchObject([
      { committedAmount: 100n, statusCode: 'OK' },
      { acquiredAmount: -100n, principal: MIN },
    ]);
  });
});

describe('credits near 2^63', () => {
  it('hold a principal at 2^63 - 1, mark the account, and are announced whole', () => {
    const recipient = anAccount({ creditorId: RECIPIENT_ID, principal: MAX - 3n });
    const transfer = aCommittedTransfer({ payment: aPayment({ amount: 10n }) });
    const { account, records } = credit(
      { key: recipient, account: recipient, terms: NO_TERMS },
      [transfer],
      NOW,
    );
    expect(account).toMatchObject({ principal: MAX, clippedAmount: 7n, lastTransferNumber: 1n });
    const messages = records.flatMap((record) => projectRecord(transfer, record));
    expect(throughTheWire(messages)).toMatchObject([{ acquiredAmount: 10n, principal: MAX }]);
  });

  it('of several amounts mark the account with the sum of what was cut off', () => {
    const recipient = anAccount({ creditorId: RECIPIENT_ID, principal: MAX, clippedAmount: 1n });
    const transfers = [1n, 2n].map((transferId) =>
      aCommittedTransfer({ transferId, payment: aPayment({ amount: MAX }) }),
    );
    const { account } = credit({ key: recipient, account: recipient, terms: NO_TERMS }, transfers, NOW);
    expect(account).toMatchObject({ principal: MAX, clippedAmount: 2n * MAX + 1n });
  });

  it('bring a root account back from -2^63', () => {
    const root = aRootAccount({ principal: MIN });
    const transfer = aCommittedTransfer({ recipientId: 0n, payment: aPayment({ amount: MAX }) });
    const { account } = credit({ key: root, account: root, terms: NO_TERMS }, [transfer], NOW);
    expect(account).toMatchObject({ principal: -1n, clippedAmount: 0n });
  });
});

describe('an account with all its numbers at their ends', () => {
  it('can be announced', () => {
    const account = anAccount({
      debtorId: MIN,
      creditorId: MIN,
      principal: MIN,
      interest: -Number.MAX_VALUE,
      interestRate: 100,
      lastChangeSeqnum: -2_147_483_648,
      lastConfigTs: -62_135_596_800_000_000n,
      lastConfigSeqnum: 2_147_483_647,
      negligibleAmount: Number.MAX_VALUE,
      configFlags: -2_147_483_648,
      lastTransferNumber: MAX,
      lastChangeTs: 253_402_300_799_999_999n,
      announcedAt: 253_402_300_799_999_999n,
    });
    const messages = projectAccount({ before: undefined, after: account }, NOW, DEFAULT_SETTINGS);
    expect(throughTheWire(messages)).toStrictEqual(messages);
  });
});
