/** What the command shows of accounts, transfers and ledger entries: a line for a person, or an object for a program. */

import { parseAccountId } from '../../protocol/account-ids.ts';
import { printTimestamp } from '../../protocol/timestamps.ts';
import type { ClientAccount } from '../engine/client-account.ts';
import type { LedgerEntry } from '../records/account-ledger.ts';
import type { RunningTransfer } from '../records/running-transfer.ts';
import { decisionOf } from '../records/transfer-decisions.ts';
import type { AccountKey } from '../roles.ts';
import type { Session } from './session.ts';

/** An object of the JSON output; 64-bit integers are bigints here, and strings there. */
export interface Row {
  readonly kind: string;
  readonly [name: string]: unknown;
}

/** Prints one result: the line, or the object when the user wants JSON. */
export function show({ options, output }: Session, line: string, row: Row): void {
  output.print(options.isJson ? printRow(row) : line);
}

/** Integers of 64 bits become strings whatever their size, so that a field never changes its type. */
export function printRow(row: Row): string {
  return JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
}

export function accountName({ debtorId, creditorId }: AccountKey): string {
  return `${debtorId}/${creditorId}`;
}

/** How the other side of a transfer is shown: as an account, where the ID is one of this authority. */
export function partyName(debtorId: bigint, accountId: string): string {
  const creditorId = parseAccountId(accountId);
  return creditorId === undefined ? JSON.stringify(accountId) : `${debtorId}/${creditorId}`;
}

/** The newest principal that messages told of, in whole units. */
export function principalOf({ latest, ledger }: ClientAccount): bigint | undefined {
  const isLedgerNewer =
    latest !== undefined &&
    ledger.creationDate === latest.creationDate &&
    ledger.lastTransferNumber > latest.lastTransferNumber;
  return isLedgerNewer ? ledger.principal : latest?.principal;
}

export function accountRow(account: ClientAccount): Row {
  const { debtorId, creditorId, state, latest } = account;
  return {
    kind: 'account',
    debtorId,
    creditorId,
    state,
    principal: principalOf(account),
    ...(latest !== undefined && {
      interest: latest.interest,
      interestRate: latest.interestRate,
      negligibleAmount: latest.negligibleAmount,
      configFlags: latest.configFlags,
      configData: latest.configData,
      creationDate: latest.creationDate,
      lastTransferNumber: latest.lastTransferNumber,
      updatedAt: printTimestamp(latest.ts),
    }),
  };
}

/** The columns of `swpt accounts`. */
export function accountLine(account: ClientAccount): string {
  const principal = principalOf(account)?.toString() ?? '?';
  return `${accountName(account).padEnd(24)} ${account.state.padEnd(8)} ${principal.padStart(20)}`;
}

export function transferRow(transfer: RunningTransfer): Row {
  const { request, idempotencyKey, status } = transfer;
  return {
    kind: 'transfer',
    key: idempotencyKey,
    status,
    from: accountName(request),
    to: partyName(request.debtorId, request.recipient),
    amount: request.maxLockedAmount,
    ...('preparation' in transfer && {
      transferId: transfer.preparation.transferId,
      lockedAmount: transfer.preparation.lockedAmount,
      deadline: printTimestamp(transfer.preparation.deadline),
    }),
    ...('outcome' in transfer && {
      committedAmount: transfer.outcome.committedAmount,
      statusCode: transfer.outcome.statusCode,
    }),
    ...('rejection' in transfer && { statusCode: transfer.rejection.statusCode }),
    note: decisionOf(transfer)?.transferNote,
  };
}

/** The columns of `swpt transfers`. */
export function transferLine(transfer: RunningTransfer): string {
  const { from, to } = transferRow(transfer);
  const amount = transfer.request.maxLockedAmount.toString().padStart(12);
  return `${transfer.idempotencyKey}  ${statusOf(transfer)}  ${from} → ${to} ${amount}`;
}

/** One word for how a transfer stands, and the status code where it failed. */
export function statusOf(transfer: RunningTransfer): string {
  switch (transfer.status) {
    case 'finalized':
      if (transfer.outcome.committedAmount > 0n) {
        return 'committed';
      }
      return transfer.outcome.statusCode === 'OK' ? 'dismissed' : `failed (${transfer.outcome.statusCode})`;
    case 'rejected':
      return `rejected (${transfer.rejection.statusCode})`;
    case 'requested':
    case 'prepared':
    case 'settled':
      return transfer.status;
    default:
      return transfer satisfies never;
  }
}

export function entryRow({ debtorId, creditorId }: AccountKey, entry: LedgerEntry): Row {
  const { kind, entryNumber, acquiredAmount, principal, committedAt } = entry;
  return {
    kind: 'entry',
    debtorId,
    creditorId,
    entryNumber,
    entry: kind,
    acquiredAmount,
    principal,
    committedAt: printTimestamp(committedAt),
    ...(kind === 'transfer' && {
      transferNumber: entry.transfer.transferNumber,
      coordinatorType: entry.transfer.coordinatorType,
      sender: partyName(debtorId, entry.transfer.sender),
      recipient: partyName(debtorId, entry.transfer.recipient),
      note: entry.transfer.transferNote,
      noteFormat: entry.transfer.transferNoteFormat,
    }),
    ...(kind === 'missing' && { firstMissing: entry.firstMissing, lastMissing: entry.lastMissing }),
  };
}

/** The columns of `swpt ledger`: when, how much, what is there then, and with whom. */
export function entryLine(account: AccountKey, entry: LedgerEntry): string {
  const when = printTimestamp(entry.committedAt).slice(0, 19).padEnd(19);
  const change = (
    entry.acquiredAmount > 0n ? `+${entry.acquiredAmount}` : `${entry.acquiredAmount}`
  ).padStart(12);
  return `${when} ${change} ${entry.principal.toString().padStart(12)}  ${descriptionOf(account, entry)}`.trimEnd();
}

function descriptionOf({ debtorId }: AccountKey, entry: LedgerEntry): string {
  switch (entry.kind) {
    case 'transfer': {
      const { sender, recipient, transferNote } = entry.transfer;
      const party =
        entry.acquiredAmount < 0n
          ? `to ${partyName(debtorId, recipient)}`
          : `from ${partyName(debtorId, sender)}`;
      return transferNote === '' ? party : `${party}  ${JSON.stringify(transferNote)}`;
    }
    case 'bridge':
      return 'changes that are not told one by one';
    case 'missing':
      return `transfers ${entry.firstMissing} to ${entry.lastMissing}, which never came`;
    default:
      return entry satisfies never;
  }
}
