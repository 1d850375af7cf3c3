/** Ways to damage the sample ledger that no rule would ever cause. */

import type { Account, AccountKey } from '../../lib/rules/account.ts';
import type { Transfer, TransferPart, TransferRecord } from '../../lib/rules/transfer.ts';
import { printRecordKey } from '../../lib/storage/record-keys.ts';
import { auditOf, wireTablesOf } from './audits.ts';
import { AUDITED_AT, aSampleLedger, type SampleLedger } from './sample-ledger.ts';
import type { WireItem, WireTables } from './wire-tables.ts';

export type TransferName = keyof SampleLedger['transfers'];

/** Damages the rules' objects, or returns damaged items that the rules could not even read. */
export type Corruption = (ledger: SampleLedger) => undefined | ((tables: WireTables) => void);

export type CorruptionCase = readonly [title: string, corrupt: Corruption, findings: readonly string[]];

/** The audit's findings after the corruption; the sample's transfers are named in angle brackets. */
export async function findingsAfter(corrupt: Corruption): Promise<readonly string[]> {
  const ledger = aSampleLedger();
  const corruptItems = corrupt(ledger);
  const tables = wireTablesOf(ledger.world);
  corruptItems?.(tables);
  const { findings, unverified } = await auditOf(tables, AUDITED_AT);
  const names = Object.entries(ledger.transfers).map(([name, key]) => [name, printRecordKey(key)] as const);
  const withNames = (text: string): string =>
    names.reduce((result, [name, key]) => result.replaceAll(key, `<${name}>`), text);
  return [...findings, ...unverified.map((sentence) => `unverified | ${sentence}`)].map(withNames);
}

export function inAccount(key: AccountKey, changes: Partial<Account>): Corruption {
  return ({ world }) => {
    world.put({ ...world.account(key), ...changes });
    return undefined;
  };
}

/** @param change gives fields that may contradict the transfer's status */
export function inTransfer(name: TransferName, change: (transfer: Transfer) => object): Corruption {
  return (ledger) => {
    const transfer = transferOf(ledger, name);
    ledger.world.putRecord({ ...transfer, ...change(transfer) } as Transfer);
    return undefined;
  };
}

export function inPart<P extends TransferPart>(
  name: TransferName,
  part: P,
  changes: Partial<NonNullable<Transfer[P]>>,
): Corruption {
  return inTransfer(name, (transfer) => ({ [part]: { ...transfer[part], ...changes } }));
}

export function without(name: TransferName, part: TransferPart): Corruption {
  return (ledger) => {
    const { [part]: _, ...rest } = transferOf(ledger, name);
    ledger.world.putRecord(rest as Transfer);
    return undefined;
  };
}

export function gone(name: TransferName): Corruption {
  return ({ world, transfers }) => {
    world.records.delete(printRecordKey(transfers[name]));
    return undefined;
  };
}

/** The item under another ID, with or without the original. */
export function underOtherId(name: TransferName, transferId: bigint, isCopied = false): Corruption {
  return (ledger) => {
    const key = printRecordKey(ledger.transfers[name]);
    const record = ledger.world.records.get(key) as TransferRecord;
    if (!isCopied) {
      ledger.world.records.delete(key);
    }
    ledger.world.putRecord({ ...record, transferId });
    return undefined;
  };
}

/** Attributes of an account's item in DynamoDB's form; `undefined` removes one. */
export function inAccountItem(
  { debtorId, creditorId }: AccountKey,
  changes: Readonly<Record<string, WireItem[string] | undefined>>,
): Corruption {
  return () => (tables) =>
    changeItem(tables.tables.Accounts, ({ account }) => account?.S === `${debtorId}:${creditorId}`, changes);
}

export function inTransferItem(
  name: TransferName,
  changes: Readonly<Record<string, WireItem[string] | undefined>>,
): Corruption {
  return ({ transfers }) =>
    (tables) =>
      changeItem(
        tables.tables.Transfers,
        ({ transferId }) => transferId?.N === `${transfers[name].transferId}`,
        changes,
      );
}

function changeItem(
  items: WireItem[] | undefined,
  isMeant: (item: WireItem) => boolean,
  changes: Readonly<Record<string, WireItem[string] | undefined>>,
): void {
  const index = items?.findIndex(isMeant) ?? -1;
  const item = items?.[index];
  if (items === undefined || item === undefined) {
    throw new Error('The item to corrupt is not there.');
  }
  const present = Object.entries({ ...item, ...changes }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  items[index] = Object.fromEntries(present);
}

function transferOf({ world, transfers }: SampleLedger, name: TransferName): Transfer {
  const record = world.records.get(printRecordKey(transfers[name]));
  if (record?.kind !== 'transfer') {
    throw new Error(`${name} is no transfer.`);
  }
  return record;
}
