/** The cases that are measured: who pays whom, how much is under way at once, and which budget holds. */

import type { Pairing } from './plan.ts';
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
  /** The number of accounts for so many payments. */
  readonly accountCount: (transferCount: number) => number;
  readonly pairing: Pairing;
  /** How many payments may be under way at once. */
  readonly window: number;
  /** Undefined for a case without a budget. */
  readonly budget?: Budget;
}

const ALL_AT_ONCE = Number.POSITIVE_INFINITY;
const MANY = 1_000;
const HUNDRED = 100;
const FEW = 5;
/** Coprime to the numbers of accounts, so that pairs vary. */
const STRIDE = 7;

/** A thousand accounts pay a thousand others, each in each round a different one. */
function amongMany(index: number): { readonly sender: number; readonly recipient: number } {
  const round = Math.floor(index / MANY);
  return { sender: index % MANY, recipient: MANY + ((index * STRIDE + round) % MANY) };
}

export const CASES: readonly BenchCase[] = [
  {
    name: 'isolated',
    title: 'isolated transfers, one after the other',
    transferCount: 50,
    accountCount: (count) => 2 * count,
    pairing: (index) => ({ sender: 2 * index, recipient: 2 * index + 1 }),
    window: 1,
    budget: { writeUnits: 14, readUnits: 6 },
  },
  {
    name: 'many-to-many',
    title: '1,000 senders pay 1,000 recipients',
    transferCount: 20_000,
    accountCount: () => 2 * MANY,
    pairing: amongMany,
    window: 20 * MANY,
  },
  {
    name: 'burst',
    title: 'one sender pays 100 recipients, 1,000 transfers at once',
    transferCount: 1_000,
    accountCount: () => 1 + HUNDRED,
    pairing: (index) => ({ sender: 0, recipient: 1 + ((index * STRIDE) % HUNDRED) }),
    window: ALL_AT_ONCE,
    budget: { writeUnits: 7, readUnits: 3 },
  },
  {
    name: 'one-to-many',
    title: 'one sender pays 1,000 recipients',
    transferCount: 5_000,
    accountCount: () => 1 + MANY,
    pairing: (index) => ({ sender: 0, recipient: 1 + ((index * STRIDE) % MANY) }),
    window: 10 * MANY,
  },
  {
    name: 'many-to-one',
    title: '1,000 senders pay one recipient',
    transferCount: 5_000,
    accountCount: () => MANY + 1,
    pairing: (index) => ({ sender: index % MANY, recipient: MANY }),
    window: 10 * MANY,
  },
  {
    name: 'issuing',
    title: 'one debtor issues to 10,000 accounts',
    transferCount: 10_000,
    accountCount: (count) => Math.min(count, 10 * MANY),
    pairing: (index) => ({ sender: ROOT, recipient: index % (10 * MANY) }),
    window: 10 * MANY,
  },
  {
    name: 'circular',
    title: 'circular payments among five accounts',
    transferCount: 5_000,
    accountCount: () => FEW,
    pairing: (index) => ({ sender: index % FEW, recipient: (index + 1) % FEW }),
    window: 10 * MANY,
  },
  {
    name: 'backlog',
    title: 'a backlog of 100,000 messages, all transfers sent at once',
    transferCount: 50_000,
    accountCount: () => 2 * MANY,
    pairing: amongMany,
    window: ALL_AT_ONCE,
  },
];
