/** The measured sweeps in order: what happens before each, what is due then, and the expected result. */

import type { Timestamp } from '../../../lib/protocol/timestamps.ts';
import { sweepAccounts } from '../../../lib/shell/sweep-accounts.ts';
import { sweepTransfers } from '../../../lib/shell/sweep-transfers.ts';
import type { LedgerStore } from '../../../lib/storage/ledger-store.ts';
import { type StoredItem, TABLES, type TableName } from './database-file.ts';
import {
  accountAt,
  CHANGED_DEBTOR_ID,
  DUE_TIME,
  isReminderDue,
  NEW_RATE,
  numberOfAccount,
  numberOfTransfer,
  type Plan,
  QUIET_TIME,
  rootConfig,
  START,
  transferAt,
} from './population.ts';
import type { WorkOf } from './sweep-run.ts';

export type StateOf = (number: number, plan: Plan) => string;

export interface SweepCase {
  readonly name: string;
  readonly table: TableName;
  readonly now: Timestamp;
  readonly workOf: WorkOf;
  /** What happens before the sweep. */
  readonly prepare?: (store: LedgerStore, plan: Plan) => Promise<void>;
  /** The relevant part of the item as text: before the sweep, and as it must be after it. */
  readonly stateBefore: StateOf;
  readonly stateAfter: StateOf;
}

const MINUTE = 60_000_000n;
const RATES_TIME = DUE_TIME + MINUTE;
const LAST_TIME = RATES_TIME + MINUTE;

/** What has happened to the accounts so far; each stage includes the earlier ones. */
const ACCOUNT_STAGES = ['filled', 'heartbeats sent', 'root reconfigured', 'rate adopted'] as const;
type AccountStage = (typeof ACCOUNT_STAGES)[number];

const OF_ACCOUNTS = { table: TABLES.accounts, workOf: sweepAccounts } as const;
const OF_TRANSFERS = { table: TABLES.transfers, workOf: sweepTransfers } as const;

export const CASES: readonly SweepCase[] = [
  {
    ...OF_ACCOUNTS,
    name: 'accounts, nothing due',
    now: QUIET_TIME,
    stateBefore: accountsAt('filled'),
    stateAfter: accountsAt('filled'),
  },
  {
    ...OF_ACCOUNTS,
    name: 'accounts, heartbeats due',
    now: DUE_TIME,
    stateBefore: accountsAt('filled'),
    stateAfter: accountsAt('heartbeats sent'),
  },
  {
    ...OF_ACCOUNTS,
    name: 'accounts, a new rate',
    now: RATES_TIME,
    prepare: changeRate,
    stateBefore: accountsAt('root reconfigured'),
    stateAfter: accountsAt('rate adopted'),
  },
  {
    ...OF_ACCOUNTS,
    name: 'accounts, once more',
    now: LAST_TIME,
    stateBefore: accountsAt('rate adopted'),
    stateAfter: accountsAt('rate adopted'),
  },
  {
    ...OF_TRANSFERS,
    name: 'transfers, nothing due',
    now: QUIET_TIME,
    stateBefore: transfersAt('filled'),
    stateAfter: transfersAt('filled'),
  },
  {
    ...OF_TRANSFERS,
    name: 'transfers, reminders due',
    now: DUE_TIME,
    stateBefore: transfersAt('filled'),
    stateAfter: transfersAt('reminded'),
  },
];

/** The issuer of one currency sets another rate. */
async function changeRate(store: LedgerStore, plan: Plan): Promise<void> {
  const before = accountAt(-Number(CHANGED_DEBTOR_ID), plan);
  const after = { ...before, configData: rootConfig(NEW_RATE) };
  await store.commit({ key: before, before, after, records: [] });
}

function accountsAt(stage: AccountStage): StateOf {
  const happened = new Set(ACCOUNT_STAGES.slice(0, ACCOUNT_STAGES.indexOf(stage) + 1));
  return (number, plan) => {
    const { version, debtorId, creditorId, interestRate, announcedAt } = accountAt(number, plan);
    const isRoot = number < 0;
    const isOfChangedCurrency = debtorId === CHANGED_DEBTOR_ID;
    const state = { version, rate: interestRate, announcedAt };
    if (happened.has('heartbeats sent') && announcedAt === START) {
      Object.assign(state, { version: state.version + 1n, announcedAt: DUE_TIME });
    }
    if (happened.has('root reconfigured') && isOfChangedCurrency && isRoot) {
      state.version += 1n;
    }
    if (happened.has('rate adopted') && isOfChangedCurrency && !isRoot) {
      Object.assign(state, { version: state.version + 1n, rate: NEW_RATE, announcedAt: RATES_TIME });
    }
    return `${debtorId}:${creditorId} ${state.version} ${state.rate} ${state.announcedAt}`;
  };
}

function transfersAt(stage: 'filled' | 'reminded'): StateOf {
  return (number, plan) => {
    const { transferId, status, preparation } = transferAt(number, plan);
    const isReminded = stage === 'reminded' && isReminderDue(number, plan);
    return `${transferId} ${status} ${isReminded ? DUE_TIME : preparation?.announcedAt}`;
  };
}

/** The same text for an item of the table. */
export function stateOfItem(table: TableName, item: StoredItem): { number: number; state: string } {
  const key = item.account?.S ?? '';
  if (table === TABLES.accounts) {
    // A rate of zero is not stored.
    const [rate, announcedAt] = [Number(item.rate?.S ?? 0), item.announcedTs?.N];
    return { number: numberOfAccount(key), state: `${key} ${item.version?.N} ${rate} ${announcedAt}` };
  }
  const transferId = item.transferId?.N ?? '';
  return {
    number: numberOfTransfer(transferId),
    state: `${transferId} ${item.status?.S} ${item.announcedTs?.N}`,
  };
}
