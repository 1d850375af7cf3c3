/**
 * A sound ledger of three currencies on 2027-01-15, with every kind of state that a ledger may have: tests corrupt it.
 * Instants are minutes after 2026-12-20T00:00:00Z; the audit is 26 days and 8 hours after that.
 */

import type { PrepareTransfer } from '../../lib/protocol/messages.ts';
import type { Timestamp } from '../../lib/protocol/timestamps.ts';
import type { AccountKey } from '../../lib/rules/account.ts';
import type { TransferRecord } from '../../lib/rules/transfer.ts';
import { transferIdOf } from '../../lib/rules/transfer-ids.ts';
import type { RecordKey } from '../../lib/storage/record-keys.ts';
import { aConfigureAccount, anAccount, aRootAccount } from './builders.ts';
import { finalization, LedgerWorld, payment } from './ledger-world.ts';

/** 2027-01-15T08:00:00Z. */
export const AUDITED_AT: Timestamp = 1_800_000_000_000_000n;

export const ROOT: AccountKey = { debtorId: 1n, creditorId: 0n };
export const ALICE: AccountKey = { debtorId: 1n, creditorId: 1_099_511_627_777n };
/** Her negligible amount is 2. */
export const BOB: AccountKey = { debtorId: 1n, creditorId: 1_099_511_627_778n };
/** Deleted. */
export const CAROL: AccountKey = { debtorId: 1n, creditorId: 1_099_511_627_779n };
export const RICH_ROOT: AccountKey = { debtorId: 2n, creditorId: 0n };
/** In a currency with 10 % interest. */
export const DAVE: AccountKey = { debtorId: 2n, creditorId: 1_099_511_627_777n };
export const OLD_ROOT: AccountKey = { debtorId: 3n, creditorId: 0n };
/** An old account: its transfers 1 to 5 have expired. */
export const ERIN: AccountKey = { debtorId: 3n, creditorId: 1_099_511_627_777n };

export interface SampleLedger {
  readonly world: LedgerWorld;
  /** The transfers by their names. */
  readonly transfers: {
    /** 1000 from the root account to Alice, her number 1. */
    readonly issued: RecordKey;
    /** 100 from Alice (number 2, 900 left) to Bob (number 1, principal 100). */
    readonly credited: RecordKey;
    /** 2 from Alice (number 3, 898 left) to Bob, negligible to her. */
    readonly negligible: RecordKey;
    /** 50 from Bob (number 2, 52 left) to Alice (number 4, principal 948). */
    readonly returned: RecordKey;
    /** 30 of Alice's are locked. */
    readonly prepared: RecordKey;
    readonly dismissed: RecordKey;
    readonly rejected: RecordKey;
    /** 8 from Alice (number 6, 938 left) to Bob, committed a minute ago and not credited. */
    readonly committed: RecordKey;
    /** 2 from Alice (number 5, 946 left) to Carol. */
    readonly toCarol: RecordKey;
    /** 10 to Erin, her number 6. */
    readonly toErin: RecordKey;
    /** 4172 of interest from the root account to Dave, his number 2. */
    readonly interest: RecordKey;
    readonly rejectedConfig: RecordKey;
  };
}

/** 2026-12-20T00:00:00Z. */
const START: Timestamp = 1_797_724_800_000_000n;

export function atMinute(minutes: number): Timestamp {
  return START + BigInt(minutes) * 60_000_000n;
}

const DAY = 1_440;

export function aSampleLedger(): SampleLedger {
  const world = new LedgerWorld();
  openAccounts(world);
  const pay = (from: AccountKey, to: AccountKey, amount: bigint, minutes: number): RecordKey => {
    const request = prepare(world, from, to, amount, minutes);
    world.handle(finalization(request, amount, atMinute(minutes + 1)), atMinute(minutes + 1));
    world.creditAll(atMinute(minutes + 2));
    return keyOf(request);
  };
  const issued = pay(ROOT, ALICE, 1_000n, 10);
  const credited = pay(ALICE, BOB, 100n, 20);
  const negligible = pay(ALICE, BOB, 2n, 30);
  const returned = pay(BOB, ALICE, 50n, 40);
  const toCarol = pay(ALICE, CAROL, 2n, 50);
  pay(RICH_ROOT, DAVE, 1_000_000n, 60);
  const toErin = pay(OLD_ROOT, ERIN, 10n, 70);
  const dismissed = prepare(world, ALICE, BOB, 5n, 80);
  world.handle(finalization(dismissed, 0n, atMinute(81)), atMinute(81));
  const rejected = prepare(world, ALICE, BOB, 5_000n, 90);
  world.handle(aConfigureAccount({ ...ALICE, configData: 'unacceptable', ts: atMinute(95) }), atMinute(95));
  const prepared = prepare(world, ALICE, BOB, 30n, 100);
  world.handle(aConfigureAccount({ ...CAROL, configFlags: 1, ts: atMinute(110) }), atMinute(110));
  world.runChores(DAVE, atMinute(16 * DAY));
  world.runChores(CAROL, atMinute(20 * DAY));
  world.creditAll(atMinute(20 * DAY + 1));
  const committed = prepare(world, ALICE, BOB, 8n, 26 * DAY + 478);
  world.handle(finalization(committed, 8n, atMinute(26 * DAY + 479)), atMinute(26 * DAY + 479));
  return {
    world,
    transfers: {
      issued,
      credited,
      negligible,
      returned,
      toCarol,
      toErin,
      dismissed: keyOf(dismissed),
      rejected: keyOf(rejected),
      prepared: keyOf(prepared),
      committed: keyOf(committed),
      interest: find(
        world,
        (record) => record.kind === 'transfer' && record.request.coordinatorType === 'interest',
      ),
      rejectedConfig: find(world, ({ kind }) => kind === 'config-rejection'),
    },
  };
}

function openAccounts(world: LedgerWorld): void {
  const open = (key: AccountKey, changes: object, minutes: number): void =>
    world.handle(aConfigureAccount({ ...key, ts: atMinute(minutes), ...changes }), atMinute(minutes));
  open(ROOT, { negligibleAmount: 1e6 }, 1);
  open(ALICE, { negligibleAmount: 0 }, 2);
  open(BOB, { negligibleAmount: 2 }, 3);
  open(CAROL, { negligibleAmount: 0 }, 4);
  open(RICH_ROOT, { negligibleAmount: 1e9, configData: '{"type": "RootConfigData", "rate": 10}' }, 5);
  open(DAVE, { negligibleAmount: 0 }, 6);
  world.put(aRootAccount({ ...OLD_ROOT, principal: -90n }));
  world.put(
    anAccount({
      ...ERIN,
      creationDate: '2025-06-01',
      principal: 90n,
      lastTransferNumber: 5n,
      lastTransferCommittedAt: 1_790_000_000_000_000n,
    }),
  );
}

function prepare(
  world: LedgerWorld,
  from: AccountKey,
  to: AccountKey,
  amount: bigint,
  minutes: number,
): PrepareTransfer {
  const request = payment(from, to.creditorId, amount, atMinute(minutes));
  world.handle(request, atMinute(minutes));
  return request;
}

function find(world: LedgerWorld, isWanted: (record: TransferRecord) => boolean): RecordKey {
  const record = [...world.records.values()].find(isWanted);
  if (record === undefined) {
    throw new Error('The sample ledger lacks a record.');
  }
  return { sender: record.sender, transferId: record.transferId };
}

function keyOf(request: PrepareTransfer): RecordKey {
  return {
    sender: { debtorId: request.debtorId, creditorId: request.creditorId },
    transferId: transferIdOf(request),
  };
}
