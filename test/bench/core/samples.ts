/**
 * Inputs of the core benchmark: payments of many people to one. The rules themselves take each payment through its life,
 * so every state is one that really occurs.
 */

import type { FinalizeTransfer, PrepareTransfer } from '../../../lib/protocol/messages.ts';
import type { Account } from '../../../lib/rules/account.ts';
import { type CreditDecision, credit } from '../../../lib/rules/credit.ts';
import { type Decision, decide } from '../../../lib/rules/decide.ts';
import type { Snapshot } from '../../../lib/rules/snapshot.ts';
import type { Transfer } from '../../../lib/rules/transfer.ts';
import {
  aFinalizeTransfer,
  anAccount,
  aPrepareTransfer,
  aSnapshot,
  DEFAULT_SETTINGS,
  NO_TERMS,
  NOW,
  RECIPIENT_ID,
} from '../../support/builders.ts';
import { SAMPLE_SIZE } from './measured-case.ts';

/** Messages for one account, and everything known when they are decided. */
export interface MessageBatch {
  readonly snapshot: Snapshot;
  readonly messages: readonly (PrepareTransfer | FinalizeTransfer)[];
}

/** Transfers that are credited to one account together. */
export interface CreditBatch {
  readonly recipient: Account;
  readonly transfers: readonly Transfer<'committed'>[];
}

export interface Images<Item> {
  readonly before: Item | undefined;
  readonly after: Item;
}

export const BATCH_SIZES = [1, 10, 99] as const;

/** A second after `NOW`. */
const CREDITED_AT = 1_800_000_001_000_000n;
const FIRST_SENDER = 1_099_511_700_000n;

/** An account after years of use: with interest, a configuration and all information about its currency. */
function usedAccount(creditorId: bigint): Account {
  return anAccount({
    creditorId,
    principal: 1_000_000_000n,
    interest: 1_234.567,
    interestRate: 5,
    previousInterestRate: 4,
    lastInterestRateChangeTs: 1_780_000_000_000_000n,
    lastChangeSeqnum: 123_456,
    lastConfigSeqnum: 3,
    negligibleAmount: 2,
    debtorInfo: {
      iri: 'https://example.com/currencies/1/',
      contentType: 'application/vnd.swaptacular.coin-info+json',
      sha256: 'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855',
    },
    lastTransferNumber: 123_456n,
    lastTransferCommittedAt: 1_799_999_000_000_000n,
  });
}

/** About `SAMPLE_SIZE` payment requests in batches of the given size, each batch for a different account. */
export function prepareBatches(size: number): readonly MessageBatch[] {
  return Array.from({ length: batchCount(size) }, (_, batch) => {
    const account = usedAccount(FIRST_SENDER + BigInt(batch));
    const messages = Array.from({ length: size }, (_, index) =>
      aPrepareTransfer({
        creditorId: account.creditorId,
        coordinatorId: account.creditorId,
        coordinatorRequestId: BigInt(1_000_000 + index),
        minLockedAmount: 1_000n,
        maxLockedAmount: 1_000n,
      }),
    );
    return { snapshot: aSnapshot({ account }), messages };
  });
}

/** The commits of the same payments. */
export function finalizeBatches(size: number): readonly MessageBatch[] {
  return prepareBatches(size).map((batch) => {
    const { account, records } = decideBatch(batch);
    const messages = records.map((record) => finalizationOf(record as Transfer));
    return { snapshot: aSnapshot({ account, records }), messages };
  });
}

function finalizationOf({ sender, transferId, request }: Transfer): FinalizeTransfer {
  return aFinalizeTransfer({
    ...sender,
    ...request,
    transferId,
    committedAmount: 1_000n,
    transferNote: 'Two coffees and a cake, with thanks',
  });
}

/** Payments of as many people to one account, credited in groups of the given size. */
export function creditBatches(size: number): readonly CreditBatch[] {
  const committed = finalizeBatches(1).flatMap(
    (batch) => decideBatch(batch).records as readonly Transfer<'committed'>[],
  );
  return Array.from({ length: batchCount(size) }, (_, batch) => ({
    recipient: usedAccount(RECIPIENT_ID),
    transfers: committed.slice(batch * size, (batch + 1) * size),
  }));
}

/** @throws when a message is rejected or ignored, since that would measure something else */
export function decideBatch({ snapshot, messages }: MessageBatch): Decision {
  const decision = decide(snapshot, messages, { now: NOW, settings: DEFAULT_SETTINGS });
  if (decision.outcomes.some(({ kind }) => kind !== 'applied')) {
    throw new Error('A message of the sample was not applied.');
  }
  return decision;
}

export function creditBatch({ recipient, transfers }: CreditBatch): CreditDecision {
  return credit({ key: recipient, account: recipient, terms: NO_TERMS }, transfers, CREDITED_AT);
}

/** A transfer before and after each step of its life, for each of the sample's payments. */
export function transferImages(): Readonly<
  Record<'prepared' | 'committed' | 'credited', readonly Images<Transfer>[]>
> {
  const prepared = prepareBatches(1).flatMap(
    (batch) => decideBatch(batch).records as readonly Transfer<'committed'>[],
  );
  const committed = finalizeBatches(1).flatMap(
    (batch) => decideBatch(batch).records as readonly Transfer<'committed'>[],
  );
  const credited = creditBatches(1).flatMap((batch) => creditBatch(batch).records);
  return {
    prepared: prepared.map((after) => ({ before: undefined, after })),
    committed: committed.map((after, index) => ({ before: prepared[index], after })),
    credited: credited.map((after, index) => ({ before: committed[index], after })),
  };
}

/** Accounts before and after one of their announcements. */
export function accountImages(): readonly Images<Account>[] {
  return Array.from({ length: SAMPLE_SIZE }, (_, index) => {
    const before = usedAccount(FIRST_SENDER + BigInt(index));
    return { before, after: { ...before, announcedAt: NOW } };
  });
}

function batchCount(size: number): number {
  return Math.max(1, Math.floor(SAMPLE_SIZE / size));
}
