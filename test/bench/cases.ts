/** The cases that are measured: who pays whom, how much is under way at once, and which budget holds. */

import { ALL_AT_ONCE, type Load, underWay } from './load.ts';
import type { Pairing, Parties } from './plan.ts';
import { ROOT } from './wire.ts';

/** Capacity units for one transfer, from preparing it to crediting it. */
export interface Budget {
  readonly writeUnits: number;
  readonly readUnits: number;
}

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  /** The default number of measured payments. */
  readonly transferCount: number;
  /** Who pays whom in so many payments. */
  readonly parties: (transferCount: number) => Parties;
  readonly load: Load;
  /** Undefined for a case without a budget. */
  readonly budget?: Budget;
}

const MANY = 1_000;
const HUNDRED = 100;
const FEW = 5;
/** Coprime to the numbers of accounts, so that pairs vary. */
const STRIDE = 7;

/** A thousand accounts, or as many as there are payments, pay as many others, each in each round a different one. */
function amongMany(transferCount: number): Parties {
  const payers = Math.min(MANY, transferCount);
  const pairing: Pairing = (index) => {
    const round = Math.floor(index / payers);
    return { sender: index % payers, recipient: payers + ((index * STRIDE + round) % payers) };
  };
  return { accountCount: 2 * payers, pairing };
}

export const CASES: readonly BenchCase[] = [
  {
    name: 'isolated',
    title: 'isolated transfers, one after the other',
    transferCount: 50,
    parties: (count) => ({
      accountCount: 2 * count,
      pairing: (index) => ({ sender: 2 * index, recipient: 2 * index + 1 }),
    }),
    load: underWay(1),
    budget: { writeUnits: 14, readUnits: 6 },
  },
  {
    name: 'many-to-many',
    title: '1,000 senders pay 1,000 recipients',
    transferCount: 20_000,
    parties: amongMany,
    load: underWay(20 * MANY),
  },
  {
    name: 'burst',
    title: 'one sender pays 100 recipients, 1,000 transfers at once',
    transferCount: 1_000,
    parties: () => ({
      accountCount: 1 + HUNDRED,
      pairing: (index) => ({ sender: 0, recipient: 1 + ((index * STRIDE) % HUNDRED) }),
    }),
    load: ALL_AT_ONCE,
    budget: { writeUnits: 7, readUnits: 3 },
  },
  {
    name: 'one-to-many',
    title: 'one sender pays 1,000 recipients',
    transferCount: 5_000,
    parties: () => ({
      accountCount: 1 + MANY,
      pairing: (index) => ({ sender: 0, recipient: 1 + ((index * STRIDE) % MANY) }),
    }),
    load: underWay(10 * MANY),
  },
  {
    name: 'many-to-one',
    title: '1,000 senders pay one recipient',
    transferCount: 5_000,
    parties: () => ({
      accountCount: MANY + 1,
      pairing: (index) => ({ sender: index % MANY, recipient: MANY }),
    }),
    load: underWay(10 * MANY),
  },
  {
    name: 'issuing',
    title: 'one debtor issues to 10,000 accounts',
    transferCount: 10_000,
    parties: (count) => ({
      accountCount: Math.min(count, 10 * MANY),
      pairing: (index) => ({ sender: ROOT, recipient: index % (10 * MANY) }),
    }),
    load: underWay(10 * MANY),
  },
  {
    name: 'circular',
    title: 'circular payments among five accounts',
    transferCount: 5_000,
    parties: () => ({
      accountCount: FEW,
      pairing: (index) => ({ sender: index % FEW, recipient: (index + 1) % FEW }),
    }),
    load: underWay(10 * MANY),
  },
  {
    name: 'backlog',
    title: 'a backlog of 100,000 messages, all transfers sent at once',
    transferCount: 50_000,
    parties: amongMany,
    load: ALL_AT_ONCE,
  },
];
