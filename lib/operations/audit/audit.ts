/**
 * The audit of a ledger: reads all accounts, then all transfers, checks each item by itself, then what they say of each other,
 * and looks again at whatever a change meanwhile may explain. Reads only. The order matters: whatever an account knows of
 * was written before the account was read, and so is found among the transfers.
 */

import { MAX_INT64, MIN_INT64 } from '../../protocol/integers.ts';
import type { Timestamp } from '../../protocol/timestamps.ts';
import type { Account } from '../../rules/account.ts';
import type { Transfer, TransferRecord } from '../../rules/transfer.ts';
import { mapConcurrently } from '../../shell/concurrency.ts';
import type { Surroundings } from '../../shell/surroundings.ts';
import type { CorruptItemError } from '../../storage/errors.ts';
import { printRecordKey } from '../../storage/ledger-store.ts';
import type { ReadItem, TableReader } from '../../storage/table-reader.ts';
import type { Segment } from '../../storage/table-scan.ts';
import type { Progress } from '../progress.ts';
import { accountFaults, overdueUpdateFault } from './checks/account-checks.ts';
import type { Fault } from './checks/checks.ts';
import { sidesOf } from './checks/ledger-sides.ts';
import { accountRangeFault, recordRangeFault } from './checks/range-checks.ts';
import { overdueCreditFault, recordFaults } from './checks/transfer-checks.ts';
import { evaluate, nameOfAccount } from './evaluation.ts';
import type { AuditFacts } from './facts.ts';
import type { AuditFindings } from './findings.ts';
import { recheck } from './recheck.ts';

export interface AuditTools {
  readonly reader: TableReader;
  readonly facts: AuditFacts;
  readonly findings: AuditFindings;
  readonly surroundings: Surroundings;
  readonly progress: Progress;
}

export interface AuditOptions {
  /** The instant that "overdue" and "no longer kept" are judged by: now, or when a restored copy was taken. */
  readonly at: Timestamp;
  /** Whether nobody writes to the tables, as to a restored copy. */
  readonly isAtRest: boolean;
  /** How many parts of a table are read side by side. */
  readonly segmentCount: number;
}

export interface AuditCounts {
  readonly accounts: number;
  readonly transfers: number;
}

/** A transaction shows in its items one by one; after so long it does in all of them. */
const SETTLE_MS = 1_000;

/** @returns how many items were read; what was found is in `tools.findings` */
export async function audit(
  { at, isAtRest, segmentCount }: AuditOptions,
  tools: AuditTools,
): Promise<AuditCounts> {
  const { reader, facts, findings, surroundings, progress } = tools;
  const accounts = await readAll(
    'accounts',
    segmentCount,
    tools,
    (segment) => reader.scanAccounts(segment),
    (item) => takeAccount(item, at, tools),
  );
  await surroundings.pause(SETTLE_MS);
  const transfers = await readAll(
    'transfers',
    segmentCount,
    tools,
    (segment) => reader.scanRecords(segment),
    (item) => takeRecord(item, at, tools),
  );
  facts.complete();
  progress.start('comparing', accounts);
  evaluate(facts, findings, { at, readSince: isAtRest ? undefined : at }, () => progress.advance(1));
  progress.end();
  progress.start('second looks', findings.suspicionCount);
  await recheck({ reader, findings, surroundings, at }, (count) => progress.advance(count));
  progress.end();
  return { accounts, transfers };
}

async function readAll<T>(
  table: 'accounts' | 'transfers',
  totalSegments: number,
  { reader, progress }: AuditTools,
  scan: (segment: Segment) => AsyncIterable<readonly T[]>,
  take: (item: T) => void,
): Promise<number> {
  let count = 0;
  progress.start(table, await reader.countItems(table));
  const segments = Array.from({ length: totalSegments }, (_, segment) => ({ segment, totalSegments }));
  await mapConcurrently(segments, totalSegments, async (segment) => {
    for await (const page of scan(segment)) {
      for (const item of page) {
        take(item);
      }
      count += page.length;
      progress.advance(page.length);
    }
  });
  progress.end();
  return count;
}

function takeAccount(item: ReadItem<Account>, at: Timestamp, { facts, findings }: AuditTools): void {
  if ('corrupt' in item) {
    reportUnreadable(item, { facts, findings });
    return;
  }
  const account = item.value;
  const { debtorId } = account;
  const subject = nameOfAccount(account);
  const rangeFault = accountRangeFault(account);
  if (rangeFault !== undefined) {
    reportRangeFault(rangeFault, debtorId, subject, { facts, findings });
    return;
  }
  facts.addAccount(account);
  for (const fault of accountFaults(account)) {
    findings.add({ ...fault, debtorId, subject });
  }
  if (overdueUpdateFault(account, at) !== undefined) {
    findings.suspect({ kind: 'overdue-update', account });
  }
}

function takeRecord(item: ReadItem<TransferRecord>, at: Timestamp, { facts, findings }: AuditTools): void {
  if ('corrupt' in item) {
    reportUnreadable(item, { facts, findings });
    return;
  }
  const record = item.value;
  const { debtorId } = record.sender;
  const subject = `transfer ${printRecordKey(record)}`;
  const rangeFault = recordRangeFault(record);
  if (rangeFault !== undefined) {
    reportRangeFault(rangeFault, debtorId, subject, { facts, findings });
    return;
  }
  if (record.kind === 'transfer') {
    addTransfer(record, subject, facts);
  }
  for (const fault of recordFaults(record)) {
    findings.add({ ...fault, debtorId, subject });
  }
  if (overdueCreditFault(record, at) !== undefined) {
    findings.suspect({ kind: 'overdue-credit', account: record.sender, transferId: record.transferId });
  }
}

function addTransfer(transfer: Transfer, name: string, facts: AuditFacts): void {
  const { sender, status, preparation, payment } = transfer;
  if (status === 'prepared') {
    facts.addLock(sender, preparation?.lockedAmount ?? 0n);
  }
  if (status === 'committed' && payment !== undefined) {
    facts.addCreditUnderWay(sender.debtorId, payment.amount);
  }
  for (const side of sidesOf(transfer, name)) {
    facts.addSide(side);
  }
}

type Books = Pick<AuditTools, 'facts' | 'findings'>;

function reportUnreadable(
  { corrupt, debtorId }: { readonly corrupt: CorruptItemError; readonly debtorId: bigint | undefined },
  books: Books,
): void {
  const fault: Fault = { check: 'readable-items', sentence: corrupt.message };
  reportRangeFault(fault, debtorId, 'the tables', books);
}

/** The sums of its currency are not known with such an item. */
function reportRangeFault(fault: Fault, debtorId: bigint | undefined, subject: string, books: Books): void {
  const known =
    debtorId !== undefined && debtorId >= MIN_INT64 && debtorId <= MAX_INT64 ? debtorId : undefined;
  books.findings.add({ ...fault, debtorId: known, subject });
  if (known !== undefined) {
    books.facts.addUnreadable(known);
  }
}
