/**
 * Looks again at what a change during the reading may explain, since a ledger in use changes while it is read. What is still
 * wrong is a finding. What changes faster than it can be read is reported as unverified.
 */

import { EPOCH, printTimestamp, type Timestamp } from '../../protocol/timestamps.ts';
import { type Account, type AccountKey, livingAccount } from '../../rules/account.ts';
import { mapConcurrently } from '../../shell/concurrency.ts';
import type { Surroundings } from '../../shell/surroundings.ts';
import { printRecordKey } from '../../storage/record-keys.ts';
import type { ReadItem, TableReader } from '../../storage/table-reader.ts';
import { overdueUpdateFault } from './checks/account-checks.ts';
import type { AuditCheckName, Fault } from './checks/checks.ts';
import { overdueCreditFault } from './checks/transfer-checks.ts';
import { nameOfAccount } from './evaluation.ts';
import type { AuditFacts } from './facts.ts';
import type { AuditFindings, Suspicion } from './findings.ts';

export interface RecheckTools {
  readonly reader: TableReader;
  readonly facts: AuditFacts;
  readonly findings: AuditFindings;
  readonly surroundings: Surroundings;
  readonly at: Timestamp;
}

/** The result of a second look: a fault, what stays unverified, or `undefined` if a change explains everything. */
type Verdict =
  | { readonly subject: string; readonly fault: Fault }
  | { readonly unverified: string }
  | undefined;

const AT_ONCE = 16;
const SLICE_SIZE = 1_000;
const MAX_LOOKS = 6;
const PAUSE_MS = 500;

/** @param onProgress called with the number of suspicions rechecked since the last call */
export async function recheck(tools: RecheckTools, onProgress: (count: number) => void): Promise<void> {
  const { findings } = tools;
  for (const slice of findings.suspicions(SLICE_SIZE)) {
    await mapConcurrently(slice, AT_ONCE, async (suspicion) => {
      const { debtorId } = suspicion;
      const verdict = await lookAgain(suspicion, tools);
      if (verdict !== undefined && 'unverified' in verdict) {
        findings.addUnverified({ debtorId, check: 'locks', sentence: verdict.unverified });
      } else if (verdict !== undefined) {
        findings.add({ ...verdict.fault, debtorId, subject: verdict.subject });
      }
      onProgress(1);
    });
  }
}

function lookAgain(suspicion: Suspicion, tools: RecheckTools): Promise<Verdict> {
  switch (suspicion.kind) {
    case 'locks':
      return lookAtLocks(suspicion, tools);
    case 'overdue-credit':
      return lookAtCredit(suspicion, tools);
    case 'overdue-update':
      return lookAtUpdate(suspicion, tools);
    case 'missing-account':
      return lookForAccount(suspicion, tools);
    case 'unknown-transfer':
      return lookForTransfer(suspicion, tools);
    default:
      return suspicion.kind satisfies never;
  }
}

/**
 * Every lock is created and released in one transaction with its account. So what was read between two equal versions of the
 * account belongs together.
 */
async function lookAtLocks(key: AccountKey, { reader, surroundings }: RecheckTools): Promise<Verdict> {
  const subject = nameOfAccount(key);
  for (let look = 1; look <= MAX_LOOKS; look += 1) {
    const before = await reader.readAccount(key);
    const locks = await sumLocks(key, reader);
    const after = await reader.readAccount(key);
    if (isUnreadable(before) || isUnreadable(after)) {
      return undefined;
    }
    if (locks.unreadableCount > 0) {
      const why = `${locks.unreadableCount} of its prepared transfers can't be read`;
      return { unverified: `the locks of ${subject}, since ${why}` };
    }
    if (readable(before)?.version === readable(after)?.version) {
      return judgeLocks(subject, readable(after), locks);
    }
    await surroundings.pause(PAUSE_MS * look);
  }
  return { unverified: `the locks of ${subject}, which changes faster than it can be read` };
}

interface Locks {
  amount: bigint;
  count: number;
  unreadableCount: number;
}

async function sumLocks(key: AccountKey, reader: TableReader): Promise<Readonly<Locks>> {
  const locks: Locks = { amount: 0n, count: 0, unreadableCount: 0 };
  for await (const page of reader.queryPrepared(key)) {
    for (const item of page) {
      const record = readable(item);
      if (record?.kind === 'transfer') {
        locks.amount += record.preparation?.lockedAmount ?? 0n;
        locks.count += 1;
      } else {
        locks.unreadableCount += 1;
      }
    }
  }
  return locks;
}

function judgeLocks(subject: string, account: Account | undefined, { amount, count }: Locks): Verdict {
  if (livingAccount(account) === undefined) {
    const state = account === undefined ? 'does not exist' : 'is deleted';
    return count === 0
      ? undefined
      : faulty(subject, 'locks', `it ${state}, but prepared transfers of it: ${count}`);
  }
  const { totalLockedAmount = 0n, pendingTransfersCount = 0 } = account ?? {};
  return totalLockedAmount === amount && pendingTransfersCount === count
    ? undefined
    : faulty(
        subject,
        'locks',
        `its total locked amount is ${totalLockedAmount} and its pending count ${pendingTransfersCount}, ` +
          `but its prepared transfers are ${count} and lock ${amount}`,
      );
}

async function lookAtCredit(suspicion: Suspicion, { reader, at }: RecheckTools): Promise<Verdict> {
  const key = { sender: suspicion, transferId: suspicion.transferId ?? 0n };
  const record = readable(await reader.readRecord(key));
  const fault = record && overdueCreditFault(record, at);
  return fault && { subject: `transfer ${printRecordKey(key)}`, fault };
}

async function lookAtUpdate(key: AccountKey, { reader, at }: RecheckTools): Promise<Verdict> {
  const account = readable(await reader.readAccount(key));
  const fault = account && overdueUpdateFault(account, at);
  return fault && { subject: nameOfAccount(key), fault };
}

async function lookForAccount(suspicion: Suspicion, { reader, facts }: RecheckTools): Promise<Verdict> {
  const { debtorId, existedAt = EPOCH, acquiredAmount = 0n } = suspicion;
  if ((await reader.readAccount(suspicion)) !== undefined) {
    return undefined;
  }
  facts.addLost(debtorId, acquiredAmount);
  return faulty(
    nameOfAccount(suspicion),
    'existing-accounts',
    `it does not exist, but kept transfers show that it did at ${printTimestamp(existedAt)}, and it can't have been purged since`,
  );
}

async function lookForTransfer(suspicion: Suspicion, { reader }: RecheckTools): Promise<Verdict> {
  const { creationDate = '', transferNumber = 0n, transfer } = suspicion;
  const account = readable(await reader.readAccount(suspicion));
  const isKnown =
    account === undefined ||
    account.creationDate > creationDate ||
    (account.creationDate === creationDate && account.lastTransferNumber >= transferNumber);
  return isKnown
    ? undefined
    : faulty(
        nameOfAccount(suspicion),
        'transfer-numbers',
        `${transfer} has number ${transferNumber} of the account created on ${creationDate}; the account was ` +
          `created on ${account.creationDate}, and its last number is ${account.lastTransferNumber}`,
      );
}

function faulty(subject: string, check: AuditCheckName, sentence: string): Verdict {
  return { subject, fault: { check, sentence } };
}

/** The value; `undefined` also for an unreadable item, which is a finding already. */
function readable<T>(item: ReadItem<T> | undefined): T | undefined {
  return item !== undefined && 'value' in item ? item.value : undefined;
}

function isUnreadable<T>(item: ReadItem<T> | undefined): boolean {
  return item !== undefined && 'corrupt' in item;
}
