/**
 * Looks again at what a change during the reading may explain, so that a living ledger is not blamed for being alive. What
 * is still wrong is a finding; what changes faster than it can be looked at remains unverified, and is said to.
 */

import type { Timestamp } from '../../protocol/timestamps.ts';
import { type Account, type AccountKey, livingAccount } from '../../rules/account.ts';
import { mapConcurrently } from '../../shell/concurrency.ts';
import type { Surroundings } from '../../shell/surroundings.ts';
import { printRecordKey } from '../../storage/ledger-store.ts';
import type { ReadItem, TableReader } from '../../storage/table-reader.ts';
import { overdueUpdateFault } from './checks/account-checks.ts';
import type { AuditCheckName, Fault } from './checks/checks.ts';
import { overdueCreditFault } from './checks/transfer-checks.ts';
import { nameOfAccount } from './evaluation.ts';
import type { AuditFindings, Suspicion } from './findings.ts';

export interface RecheckTools {
  readonly reader: TableReader;
  readonly findings: AuditFindings;
  readonly surroundings: Surroundings;
  readonly at: Timestamp;
}

/** What came of a second look: a fault, none, or nothing certain. */
type Verdict =
  | { readonly kind: 'fault'; readonly subject: string; readonly fault: Fault }
  | { readonly kind: 'explained' }
  | { readonly kind: 'unverified'; readonly sentence: string };

const EXPLAINED: Verdict = { kind: 'explained' };

const AT_ONCE = 16;
const SLICE_SIZE = 1_000;
const MAX_LOOKS = 6;
const PAUSE_MS = 500;

/** @param onProgress called with the number of suspicions that were looked at since the last call */
export async function recheck(tools: RecheckTools, onProgress: (count: number) => void): Promise<void> {
  const { findings } = tools;
  for (const slice of findings.suspicions(SLICE_SIZE)) {
    await mapConcurrently(slice, AT_ONCE, async (suspicion) => {
      const { debtorId } = suspicion.account;
      const verdict = await lookAgain(suspicion, tools);
      if (verdict.kind === 'unverified') {
        findings.addUnverified(debtorId, verdict.sentence);
      } else if (verdict.kind === 'fault') {
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
 * Every lock is made and released in one transaction with the account, so what is read between two equal versions of the
 * account belongs together.
 */
async function lookAtLocks(
  { account: key }: Suspicion,
  { reader, surroundings }: RecheckTools,
): Promise<Verdict> {
  const subject = nameOfAccount(key);
  for (let look = 1; look <= MAX_LOOKS; look += 1) {
    const before = await reader.readAccount(key);
    const locks = await sumLocks(key, reader);
    const after = await reader.readAccount(key);
    if (isUnreadable(before) || isUnreadable(after)) {
      return EXPLAINED;
    }
    if (locks.unreadableCount > 0) {
      const sentence = `the locks of ${subject}, since ${locks.unreadableCount} of its prepared transfers can't be read`;
      return { kind: 'unverified', sentence };
    }
    if (readable(before)?.version === readable(after)?.version) {
      return judgeLocks(subject, readable(after), locks);
    }
    await surroundings.pause(PAUSE_MS * look);
  }
  return {
    kind: 'unverified',
    sentence: `the locks of ${subject}, which changes faster than it can be read`,
  };
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
      ? EXPLAINED
      : faulty(subject, 'locks', `it ${state}, yet prepared transfers of it: ${count}`);
  }
  const { totalLockedAmount = 0n, pendingTransfersCount = 0 } = account ?? {};
  return totalLockedAmount === amount && pendingTransfersCount === count
    ? EXPLAINED
    : faulty(
        subject,
        'locks',
        `its total locked amount is ${totalLockedAmount} and its pending count ${pendingTransfersCount}, ` +
          `yet its prepared transfers are ${count} and lock ${amount}`,
      );
}

async function lookAtCredit(suspicion: Suspicion, { reader, at }: RecheckTools): Promise<Verdict> {
  const key = { sender: suspicion.account, transferId: suspicion.transferId ?? 0n };
  const record = readable(await reader.readRecord(key));
  const fault = record && overdueCreditFault(record, at);
  return fault ? { kind: 'fault', subject: `transfer ${printRecordKey(key)}`, fault } : EXPLAINED;
}

async function lookAtUpdate({ account: key }: Suspicion, { reader, at }: RecheckTools): Promise<Verdict> {
  const account = readable(await reader.readAccount(key));
  const fault = account && overdueUpdateFault(account, at);
  return fault ? { kind: 'fault', subject: nameOfAccount(key), fault } : EXPLAINED;
}

async function lookForAccount({ account: key }: Suspicion, { reader }: RecheckTools): Promise<Verdict> {
  return (await reader.readAccount(key)) === undefined
    ? faulty(
        nameOfAccount(key),
        'account-states',
        'it does not exist, yet transfers changed its principal less than a day ago',
      )
    : EXPLAINED;
}

async function lookForTransfer(suspicion: Suspicion, { reader }: RecheckTools): Promise<Verdict> {
  const { account: key, creationDate = '', transferNumber = 0n, transfer } = suspicion;
  const account = readable(await reader.readAccount(key));
  const isKnown =
    account === undefined ||
    account.creationDate > creationDate ||
    (account.creationDate === creationDate && account.lastTransferNumber >= transferNumber);
  return isKnown
    ? EXPLAINED
    : faulty(
        nameOfAccount(key),
        'transfer-numbers',
        `${transfer} has number ${transferNumber} of the account created on ${creationDate}; the account was ` +
          `created on ${account.creationDate}, and its last number is ${account.lastTransferNumber}`,
      );
}

function faulty(subject: string, check: AuditCheckName, sentence: string): Verdict {
  return { kind: 'fault', subject, fault: { check, sentence } };
}

/** What can't be read is a finding already. */
function readable<T>(item: ReadItem<T> | undefined): T | undefined {
  return item !== undefined && 'value' in item ? item.value : undefined;
}

function isUnreadable<T>(item: ReadItem<T> | undefined): boolean {
  return item !== undefined && 'corrupt' in item;
}
