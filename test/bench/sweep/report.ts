/** Prints the measurements, for people and for programs. */

import { PRICES_LOOKED_UP_ON, PRICES_REGION, priceOf } from '../cost/prices.ts';
import type { BenchResult, CaseResult } from './bench.ts';

const MILLION = 1_000_000;

interface PerMillion {
  /** Of all items that were swept. */
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly dollars: number;
}

export function perMillionItems({ itemCount, readUnits, writeUnits }: CaseResult): PerMillion {
  const factor = itemCount === 0 ? 0 : MILLION / itemCount;
  const units = { readUnits: readUnits * factor, writeUnits: writeUnits * factor };
  const dollars = priceOf('readUnit', units.readUnits) + priceOf('writeUnit', units.writeUnits);
  return { ...units, dollars };
}

/** The whole result, as it is written to a file. */
export function resultToJson(result: BenchResult): string {
  const cases = result.cases.map((one) => ({ ...one, perMillionItems: perMillionItems(one) }));
  const prices = {
    asOf: PRICES_LOOKED_UP_ON,
    perMillionReads: priceOf('readUnit', MILLION),
    perMillionWrites: priceOf('writeUnit', MILLION),
  };
  return `${JSON.stringify({ ...result, prices, cases }, null, 2)}\n`;
}

export function printReport({ plan, fillSeconds, itemBytes, cases }: BenchResult): string {
  const lines = [
    `${count(plan.accountCount)} accounts of ${count(itemBytes.accounts)} bytes in ${count(plan.currencyCount)} currencies, ` +
      `${count(plan.transferCount)} transfers of ${count(itemBytes.transfers)} bytes; filled in ${fillSeconds.toFixed(0)} s.`,
    ...cases.flatMap(printCase),
    '',
    `Dollars: DynamoDB on demand, ${PRICES_REGION}, ${PRICES_LOOKED_UP_ON}: $${priceOf('readUnit', MILLION)} a million read units, ` +
      `$${priceOf('writeUnit', MILLION)} a million write units.`,
  ];
  return `${lines.join('\n')}\n`;
}

function printCase(result: CaseResult): string[] {
  const { name, itemCount, pageCount, largestPage, segmentCount, invocationCount, seconds } = result;
  const { readUnits, writeUnits, dollars } = perMillionItems(result);
  const rows: readonly (readonly [string, string])[] = [
    ['items', `${count(itemCount)}, done ${count(result.verification.doneCount)}`],
    ['pages', `${count(pageCount)} of ${count(largestPage)} items at the most`],
    ['segments', `${count(segmentCount)}, in ${count(invocationCount)} invocations`],
    ['units', `${count(result.readUnits)} RU, ${count(result.writeUnits)} WU`],
    ['per million', `${count(readUnits)} RU, ${count(writeUnits)} WU, $${dollars.toFixed(4)}`],
    ['time', `${seconds.toFixed(1)} s, ${count(itemCount / seconds)} items/s`],
    ['heap in use', `${memoryOf(result, 'heapMB')} MB (from the first page to the last)`],
    ['resident', `${memoryOf(result, 'rssMB')} MB; at the most ${result.peakRssMB} MB`],
  ];
  return [
    '',
    name,
    ...rows.map(([label, text]) => `  ${label.padEnd(12)} ${text}`),
    ...result.warnings.map((warning) => `  warned: ${warning}`),
    ...result.faults.map((fault) => `  ! ${fault}`),
  ];
}

function memoryOf({ memory }: CaseResult, name: 'heapMB' | 'rssMB'): string {
  return memory.map((sample) => sample[name].toFixed(0)).join(' ');
}

function count(number: number): string {
  return number.toLocaleString('en-US', { maximumFractionDigits: number < 10 ? 1 : 0 });
}
