/**
 * Checks a currency after a year by its published messages and its tables. The code under test computes nothing here;
 * it only reads items.
 */

import type { AccountTransfer, AccountUpdate, PreparedTransfer } from '../../../lib/protocol/messages.ts';
import type { Timestamp } from '../../../lib/protocol/timestamps.ts';
import type { Account } from '../../../lib/rules/account.ts';
import { faultsOfFarewells } from './farewell-checks.ts';
import { faultsOfPromptness } from './promptness-checks.ts';
import { byKey, type Dated, inDays, longestGap, messagesOf, shortestGap } from './publications.ts';
import type { YearResult } from './simulated-year.ts';
import { DAY, HOUR } from './year-clients.ts';

const WEEK = 7n * DAY;
const ACCOUNTS_PERIOD = 8n * HOUR;
const TRANSFERS_PERIOD = DAY;

/** All faults, one line each. */
export function faultsOfYear(year: YearResult): string[] {
  return [
    ...faultsOfMoney(year),
    ...faultsOfHeartbeats(year),
    ...faultsOfReminders(year),
    ...faultsOfChains(year),
    ...faultsOfRates(year),
    ...faultsOfInterest(year),
    ...faultsOfFarewells(year),
    ...faultsOfPromptness(year),
  ];
}

/** SMP 2.1, section 10, guarantees 1 and 3. */
function faultsOfMoney({ cloud }: YearResult): string[] {
  const { accounts, records } = cloud;
  const transfers = records.filter((record) => record.kind === 'transfer');
  const underWay = transfers
    .filter(({ status }) => status === 'committed')
    .reduce((sum, { payment }) => sum + (payment?.amount ?? 0n), 0n);
  const principals = accounts.reduce((sum, { principal }) => sum + principal, 0n);
  const faults = principals + underWay === 0n ? [] : [`${principals} on accounts and ${underWay} under way`];
  for (const { creditorId, totalLockedAmount, pendingTransfersCount } of accounts) {
    const own = transfers.filter(
      ({ status, sender }) => status === 'prepared' && sender.creditorId === creditorId,
    );
    const locked = own.reduce((sum, { preparation }) => sum + (preparation?.lockedAmount ?? 0n), 0n);
    if (locked !== totalLockedAmount || own.length !== pendingTransfersCount) {
      faults.push(
        `${creditorId} locks ${totalLockedAmount} for ${pendingTransfersCount} transfers, not ${locked}`,
      );
    }
  }
  return faults;
}

/** SMP 2.1, section 6: while an account lives, no week without an AccountUpdate, and none repeated before that. */
function faultsOfHeartbeats(year: YearResult): string[] {
  const updates = byKey(
    messagesOf<AccountUpdate>(year, 'AccountUpdate'),
    ({ creditorId }) => `${creditorId}`,
  );
  const faults: string[] = [];
  for (const [creditorId, lives] of livesOf(year)) {
    const own = updates.get(creditorId) ?? [];
    for (const { from, to } of lives) {
      const within = own.filter(({ at }) => at >= from && at <= to);
      const instants = [from, ...within.map(({ at }) => at), to];
      const longest = longestGap(instants);
      if (longest > WEEK + ACCOUNTS_PERIOD) {
        faults.push(`${creditorId} was silent for ${inDays(longest)} days`);
      }
    }
    for (const [index, { at, message }] of own.entries()) {
      const before = own[index - 1];
      if (before !== undefined && isRepetition(before.message, message) && at - before.at < WEEK) {
        faults.push(`${creditorId} was announced again after ${inDays(at - before.at)} days`);
      }
    }
  }
  return faults;
}

/** SMP 2.1, section 6: every prepared transfer exactly once a week, as long as it is prepared. */
function faultsOfReminders(year: YearResult): string[] {
  const prepared = byKey(
    messagesOf<PreparedTransfer>(year, 'PreparedTransfer'),
    ({ creditorId, transferId }) => `${creditorId}/${transferId}`,
  );
  const ends = new Map(
    messagesOf<PreparedTransfer>(year, 'FinalizedTransfer').map(({ at, message }) => [
      `${message.creditorId}/${message.transferId}`,
      at,
    ]),
  );
  const faults: string[] = [];
  for (const [key, announcements] of prepared) {
    const instants = announcements.map(({ at }) => at);
    const end = ends.get(key) ?? year.end;
    if (longestGap([...instants, end]) > WEEK + TRANSFERS_PERIOD) {
      faults.push(`${key} was not reminded of for ${inDays(longestGap([...instants, end]))} days`);
    }
    if (shortestGap(instants) < WEEK || (instants.at(-1) ?? 0n) > end) {
      faults.push(`${key} was reminded of after ${inDays(shortestGap(instants))} days, or after its end`);
    }
    const [first] = announcements;
    if (announcements.some(({ message }) => !isRepetition(first?.message, message))) {
      faults.push(`${key} was announced with different contents`);
    }
  }
  return faults;
}

/** SMP 2.1, section 10, guarantee 5: numbers 1, 2, 3 …, each principal is the previous one plus the acquired amount. */
function faultsOfChains(year: YearResult): string[] {
  const chains = byKey(
    messagesOf<AccountTransfer>(year, 'AccountTransfer'),
    ({ creditorId, creationDate }) => `${creditorId}/${creationDate}`,
  );
  const faults: string[] = [];
  for (const [key, chain] of chains) {
    let [number, principal] = [0n, 0n];
    for (const { message } of chain.toSorted((a, b) =>
      Number(a.message.transferNumber - b.message.transferNumber),
    )) {
      const isNext = message.transferNumber === number + 1n && message.previousTransferNumber === number;
      // On accounts for which every amount is negligible, interest has no AccountTransfer.
      const isExact = !year.farewells.has(message.creditorId);
      if (!isNext || (isExact && message.principal !== principal + message.acquiredAmount)) {
        faults.push(
          `${key} has ${message.transferNumber} (${message.principal}) after ${number} (${principal})`,
        );
      }
      number = message.transferNumber;
      principal = message.principal;
    }
  }
  for (const account of year.cloud.accounts.filter(({ creditorId }) => creditorId !== 0n)) {
    const last = chains
      .get(`${account.creditorId}/${account.creationDate}`)
      ?.toSorted((a, b) => Number(a.message.transferNumber - b.message.transferNumber))
      .at(-1)?.message;
    const [number, principal] = [last?.transferNumber ?? 0n, last?.principal ?? 0n];
    if (
      account.lastTransferNumber !== number ||
      (principal !== account.principal && !year.farewells.has(account.creditorId))
    ) {
      faults.push(
        `${account.creditorId} ends at ${account.lastTransferNumber} (${account.principal}), not ${number} (${principal})`,
      );
    }
  }
  return faults;
}

interface RateChange {
  readonly at: Timestamp;
  readonly rate: number;
}

/** The rates of an account's present life in its AccountUpdates, including the first. */
function ratesOf(updates: readonly Dated<AccountUpdate>[]): readonly RateChange[] {
  const changes: RateChange[] = [];
  for (const { message } of updates) {
    const { lastInterestRateChangeTs: at, interestRate: rate } = message;
    if (changes.at(-1)?.at !== at) {
      changes.push({ at, rate });
    }
  }
  return changes;
}

/** SMP 2.1, section 5: every account follows the currency's rate, announced at once, with eight days between two changes. */
function faultsOfRates(year: YearResult): string[] {
  const faults: string[] = [];
  for (const [creditorId, updates] of updatesOfFaithful(year)) {
    const rates = ratesOf(updates);
    if (rates.map(({ rate }) => rate).join() !== '3.5,-2,7') {
      faults.push(`${creditorId} had the rates ${rates.map(({ rate }) => rate).join()}`);
    }
    if (shortestGap(rates.map(({ at }) => at)) < 8n * DAY) {
      faults.push(`${creditorId} changed its rate twice within eight days`);
    }
    const [, second] = rates;
    const wanted = [year.start, year.start + 100n * DAY, (second?.at ?? 0n) + 8n * DAY];
    for (const [index, { at }] of rates.entries()) {
      const due = wanted[index] ?? 0n;
      if (at < due || at > due + ACCOUNTS_PERIOD) {
        faults.push(`${creditorId} changed its rate ${inDays(at - due)} days late`);
      }
    }
  }
  return faults;
}

const SECONDS_IN_YEAR = 31_557_600;

/**
 * SMP 2.1, section 5, in closed form. Since interest is continuous and late credits are compensated, a balance is the sum
 * of all payments, each grown from its commit to the end. Payments of type `interest` move nothing in or out.
 */
function faultsOfInterest(year: YearResult): string[] {
  const transfers = byKey(
    messagesOf<AccountTransfer>(year, 'AccountTransfer'),
    ({ creditorId }) => `${creditorId}`,
  );
  const accounts = new Map(year.cloud.accounts.map((account) => [`${account.creditorId}`, account]));
  const faults: string[] = [];
  for (const [creditorId, updates] of updatesOfFaithful(year)) {
    const rates = ratesOf(updates);
    const expected = (transfers.get(creditorId) ?? [])
      .filter(({ message }) => message.coordinatorType !== 'interest')
      .reduce(
        (sum, { message }) =>
          sum + Number(message.acquiredAmount) * growth(rates, message.committedAt, year.end),
        0,
      );
    const balance = balanceAt(accounts.get(creditorId) as Account, year.end);
    if (Math.abs(balance - expected) > 1e-9 * Math.max(1, Math.abs(expected))) {
      faults.push(`${creditorId} is worth ${balance}, not ${expected}`);
    }
  }
  return faults;
}

function growth(rates: readonly RateChange[], from: Timestamp, to: Timestamp): number {
  return rates.reduce((product, { at, rate }, index) => {
    const begin = at > from ? at : from;
    const next = rates[index + 1]?.at ?? to;
    const seconds = Number(next - begin) / 1e6;
    return seconds > 0 ? product * (1 + rate / 100) ** (seconds / SECONDS_IN_YEAR) : product;
  }, 1);
}

function balanceAt({ principal, interest, interestRate, lastChangeTs }: Account, at: Timestamp): number {
  return (
    (Number(principal) + interest) * growth([{ at: lastChangeTs, rate: interestRate }], lastChangeTs, at)
  );
}

/** The AccountUpdates of accounts that live through the whole year. */
function updatesOfFaithful(year: YearResult): ReadonlyMap<string, readonly Dated<AccountUpdate>[]> {
  const updates = byKey(
    messagesOf<AccountUpdate>(year, 'AccountUpdate'),
    ({ creditorId }) => `${creditorId}`,
  );
  return new Map([...updates].filter(([id]) => id !== '0' && !year.farewells.has(BigInt(id))));
}

interface Life {
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/** When each account was alive, by creditor ID. */
function livesOf({ cloud, end }: YearResult): ReadonlyMap<string, readonly Life[]> {
  const lives = new Map<string, { from: Timestamp; to: Timestamp }[]>();
  const isAlive = (account: Account | undefined) => account !== undefined && account.deletedAt === undefined;
  for (const { at, before, after } of cloud.accountChanges) {
    const creditorId = `${(after ?? before)?.creditorId}`;
    const own = lives.get(creditorId) ?? [];
    lives.set(creditorId, own);
    if (isAlive(after) && !isAlive(before)) {
      own.push({ from: at, to: end });
    }
    const last = own.at(-1);
    if (last !== undefined && isAlive(before) && !isAlive(after)) {
      last.to = at;
    }
  }
  return lives;
}

/** Whether the two are equal apart from `ts`. */
function isRepetition(a: object | undefined, b: object): boolean {
  return a !== undefined && printWithoutTs(a) === printWithoutTs(b);
}

function printWithoutTs(message: object): string {
  return JSON.stringify({ ...message, ts: 0 }, (_, value) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
}
