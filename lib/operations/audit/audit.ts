/**
 * The audit of a ledger. It reads all accounts, then all transfers, checks each item by itself, then what the items say of
 * each other, and looks again at whatever a concurrent change may explain. It only reads. The order matters: a transfer that
 * an account includes was written before the account was read, so it is found among the transfers.
 */

import { MAX_INT64, MIN_INT64 } from '../../protocol/integers.ts';
import { addSeconds, type Timestamp } from '../../protocol/timestamps.ts';
import type { Account } from '../../rules/account.ts';
import { purgeDelaySeconds } from '../../rules/delete-account.ts';
import type { Settings } from '../../rules/settings.ts';
import { hasStatus, type TransferRecord } from '../../rules/transfer.ts';
import type { Surroundings } from '../../shell/surroundings.ts';
import { printRecordKey } from '../../storage/record-keys.ts';
import type { ReadItem } from '../../storage/table-reader.ts';
import { type ReadingTools, readAccounts, readRecords } from '../read-tables.ts';
import { accountFaults, overdueUpdateFault } from './checks/account-checks.ts';
import type { Fault } from './checks/checks.ts';
import { mentionsOf, sidesOf } from './checks/ledger-sides.ts';
import { accountRangeFault, recordRangeFault } from './checks/range-checks.ts';
import { overdueCreditFault, recordFaults } from './checks/transfer-checks.ts';
import { evaluate, judgeConservation, nameOfAccount } from './evaluation.ts';
import type { AuditFacts } from './facts.ts';
import type { AuditFindings } from './findings.ts';
import { recheck } from './recheck.ts';

type PurgeSettings = Pick<Settings, 'commitPeriodSeconds' | 'intranetExtremeDelaySeconds'>;

export interface AuditTools extends ReadingTools {
  readonly facts: AuditFacts;
  readonly findings: AuditFindings;
  readonly surroundings: Surroundings;
}

export interface AuditOptions {
  /** The instant for which the audit decides what is overdue or no longer kept: now, or when a restored copy was taken. */
  readonly at: Timestamp;
  /** Whether nobody writes to the tables, as to a restored copy. */
  readonly isAtRest: boolean;
  /** Those of the stack: how long a deleted account stays. */
  readonly settings: PurgeSettings;
}

export interface AuditCounts {
  readonly accounts: number;
  readonly transfers: number;
}

/** Clocks differ, and the reading takes time. */
const PURGE_SLACK_SECONDS = 86_400;

/**
 * A purge comes at least so long after the deletion, by default 106 days, and the deletion after all transfers of the
 * account. Finished transfers are kept for a shorter time, so by default each of them proves that its accounts exist.
 */
function purgedBefore(at: Timestamp, settings: PurgeSettings): Timestamp {
  return addSeconds(at, PURGE_SLACK_SECONDS - purgeDelaySeconds(settings));
}

/** The items of a transaction become visible one by one; after this time all of them are. */
const SETTLE_MS = 1_000;

/** @returns how many items were read; what was found is in `tools.findings` */
export async function audit(
  { at, isAtRest, settings }: AuditOptions,
  tools: AuditTools,
): Promise<AuditCounts> {
  const { facts, findings, surroundings, progress } = tools;
  const accounts = await readAccounts(tools, (page) => {
    for (const item of page) {
      takeAccount(item, at, tools);
    }
  });
  await surroundings.pause(SETTLE_MS);
  const transfers = await readRecords(tools, (page) => {
    for (const item of page) {
      takeRecord(item, at, tools);
    }
  });
  facts.complete();
  progress.start('comparing', accounts);
  const clock = { at, readSince: isAtRest ? undefined : at, purgedBefore: purgedBefore(at, settings) };
  const evaluation = { facts, findings, clock };
  evaluate(evaluation, () => progress.advance(1));
  progress.end();
  progress.start('rechecking', findings.suspicionCount);
  await recheck({ ...tools, at }, (count) => progress.advance(count));
  judgeConservation(evaluation);
  progress.end();
  return { accounts, transfers };
}

function takeAccount(item: ReadItem<Account>, at: Timestamp, books: Books): void {
  const account = soundValue(item, books, {
    subjectOf: nameOfAccount,
    debtorOf: ({ debtorId }) => debtorId,
    rangeFault: accountRangeFault,
  });
  if (account === undefined) {
    return;
  }
  books.facts.addAccount(account);
  const { debtorId, creditorId } = account;
  for (const fault of accountFaults(account)) {
    books.findings.add({ ...fault, debtorId, subject: nameOfAccount(account) });
  }
  if (overdueUpdateFault(account, at) !== undefined) {
    books.findings.suspect({ kind: 'overdue-update', debtorId, creditorId });
  }
}

function takeRecord(item: ReadItem<TransferRecord>, at: Timestamp, books: Books): void {
  const record = soundValue(item, books, {
    subjectOf: nameOfRecord,
    debtorOf: ({ sender }) => sender.debtorId,
    rangeFault: recordRangeFault,
  });
  if (record === undefined) {
    return;
  }
  const { sender, transferId } = record;
  addTransfer(record, books.facts);
  for (const fault of recordFaults(record)) {
    books.findings.add({ ...fault, debtorId: sender.debtorId, subject: nameOfRecord(record) });
  }
  if (overdueCreditFault(record, at) !== undefined) {
    books.findings.suspect({ kind: 'overdue-credit', ...sender, transferId });
  }
}

function addTransfer(record: TransferRecord, facts: AuditFacts): void {
  if (hasStatus(record, 'prepared')) {
    facts.addLock(record.sender, record.preparation.lockedAmount);
  }
  if (hasStatus(record, 'committed')) {
    facts.addCreditUnderWay(record.sender.debtorId, record.payment.amount);
  }
  if (record.kind === 'transfer') {
    for (const side of sidesOf(record, nameOfRecord(record))) {
      facts.addSide(side);
    }
    for (const mention of mentionsOf(record)) {
      facts.addMention(mention);
    }
  }
}

function nameOfRecord(record: TransferRecord): string {
  return `transfer ${printRecordKey(record)}`;
}

type Books = Pick<AuditTools, 'facts' | 'findings'>;

interface ItemKind<T> {
  readonly subjectOf: (value: T) => string;
  readonly debtorOf: (value: T) => bigint;
  readonly rangeFault: (value: T) => Fault | undefined;
}

/** The item's value; `undefined` if it can't be used. That is a finding, and the sums of its currency are then unknown. */
function soundValue<T>(item: ReadItem<T>, { facts, findings }: Books, kind: ItemKind<T>): T | undefined {
  const isReadable = 'value' in item;
  const fault: Fault | undefined = isReadable
    ? kind.rangeFault(item.value)
    : { check: 'readable-items', sentence: item.corrupt.message };
  if (isReadable && fault === undefined) {
    return item.value;
  }
  const told = isReadable ? kind.debtorOf(item.value) : item.debtorId;
  const debtorId = told !== undefined && told >= MIN_INT64 && told <= MAX_INT64 ? told : undefined;
  const subject = isReadable ? kind.subjectOf(item.value) : 'the tables';
  findings.add({ ...(fault as Fault), debtorId, subject });
  if (debtorId !== undefined) {
    facts.addUnreadable(debtorId);
  }
  return undefined;
}
