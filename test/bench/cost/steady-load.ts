/** What somebody would pay who has so many transfers all the time: how many share a batch, and the bill of a month. */

import { type CostLine, SERVICES, totalOf, totalOfService } from './cost-line.ts';
import {
  type CaseCounts,
  costOfCase,
  costOfHavingPayments,
  costOfIdleStack,
  MILLION,
  SECONDS_IN_MONTH,
} from './cost-model.ts';

/** The counts of a transfer while so many are under way. */
export interface LoadCounts {
  readonly underWay: number;
  readonly counts: CaseCounts;
}

export interface SteadyLoad {
  readonly transfersPerSecond: number;
  readonly accounts: number;
  /** Measured, in any order; at least one. */
  readonly measured: readonly LoadCounts[];
}

export interface Bill {
  readonly transfersPerMonth: number;
  /** How many are under way, and those counts that were measured nearest to it. */
  readonly underWay: number;
  readonly nearest: LoadCounts;
  readonly transfers: readonly CostLine[];
  /** What is paid as soon as there are payments. */
  readonly payments: readonly CostLine[];
  readonly idle: readonly CostLine[];
  /** In dollars a month, if all transfers shared as little, or as much, as was ever measured. */
  readonly most: number;
  readonly least: number;
}

/** How long a transfer is under way on AWS: four steps, each after a poll of a queue or a stream, and commits. Assumed. */
const SECONDS_UNDER_WAY = 1;

export function billOf({ transfersPerSecond, accounts, measured }: SteadyLoad): Bill {
  const transfersPerMonth = transfersPerSecond * SECONDS_IN_MONTH;
  const underWay = transfersPerSecond * SECONDS_UNDER_WAY;
  const nearest = nearestTo(underWay, measured);
  const idle = costOfIdleStack({ accounts });
  const transfersOf = ({ counts }: LoadCounts) => linesOf(counts, transfersPerMonth);
  const paymentsOf = ({ counts }: LoadCounts) =>
    costOfHavingPayments(Math.min(counts.invocations * transfersPerMonth, SECONDS_IN_MONTH));
  const totals = measured.map((load) => totalOf([...idle, ...transfersOf(load), ...paymentsOf(load)]));
  return {
    transfersPerMonth,
    underWay,
    nearest,
    transfers: transfersOf(nearest),
    payments: paymentsOf(nearest),
    idle,
    most: Math.max(...totals),
    least: Math.min(...totals),
  };
}

/** For people. */
export function printSteadyLoad(load: SteadyLoad): string {
  const bill = billOf(load);
  const all = [...bill.transfers, ...bill.payments, ...bill.idle];
  const services = SERVICES.map((service) => [service, totalOfService(all, service)] as const);
  const perMillion = totalOf(costOfCase(bill.nearest.counts)).toFixed(2);
  return [
    `${count(load.transfersPerSecond)} transfers a second all the time are ${count(bill.transfersPerMonth)} a month.`,
    `With ${count(load.accounts)} accounts you would pay about ${dollars(totalOf(all))} a month:`,
    '',
    line(totalOf(bill.transfers), `the transfers, at $${perMillion} per million`),
    line(totalOf(bill.payments), 'metrics, traces and keys, as soon as there are payments'),
    line(
      totalOf(bill.idle),
      'what an idle stack costs: alarms, polling, heartbeats and sweeps of the accounts',
    ),
    '',
    'By service:',
    ...services.filter(([, amount]) => amount >= 0.005).map(([service, amount]) => line(amount, service)),
    '',
    `A transfer is assumed to take a second on AWS, so that about ${count(bill.underWay)} are under way. Its counts are those`,
    `that were measured nearest to that: ${bill.nearest.counts.name}. If all transfers came alone it would be ${dollars(bill.most)},`,
    `and in the largest batches ${dollars(bill.least)}.`,
  ].join('\n');
}

function nearestTo(underWay: number, measured: readonly LoadCounts[]): LoadCounts {
  const distance = (load: LoadCounts) => Math.abs(Math.log(load.underWay / underWay));
  const [first] = measured.toSorted((one, other) => distance(one) - distance(other));
  if (first === undefined) {
    throw new Error('No load was measured.');
  }
  return first;
}

function linesOf(counts: CaseCounts, transfersPerMonth: number): CostLine[] {
  return costOfCase(counts).map(({ dollars, quantity, ...line }) => ({
    ...line,
    quantity: (quantity * transfersPerMonth) / MILLION,
    dollars: (dollars * transfersPerMonth) / MILLION,
  }));
}

function line(amount: number, what: string): string {
  return `${dollars(amount).padStart(14)}  ${what}`;
}

function dollars(amount: number): string {
  const maximumFractionDigits = amount < 100 ? 2 : 0;
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: maximumFractionDigits, maximumFractionDigits })}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 });
}
