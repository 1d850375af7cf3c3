/** One line of a bill, and sums of lines. The cost model decides what is on the bill. */

import { type PriceName, priceOf } from './prices.ts';

export type Service = 'DynamoDB' | 'Lambda' | 'SQS' | 'SNS' | 'CloudWatch' | 'X-Ray' | 'KMS' | 'EventBridge';

/** In the order in which they are printed. */
export const SERVICES: readonly Service[] = [
  'DynamoDB',
  'Lambda',
  'SQS',
  'SNS',
  'CloudWatch',
  'X-Ray',
  'KMS',
  'EventBridge',
];

export interface CostLine {
  readonly service: Service;
  readonly item: string;
  /** The number of billed units. */
  readonly quantity: number;
  readonly dollars: number;
}

export function costLine(service: Service, item: string, price: PriceName, quantity: number): CostLine {
  return { service, item, quantity, dollars: priceOf(price, quantity) };
}

/** The same line for another number of transfers, months and so on. */
export function scaled(line: CostLine, factor: number): CostLine {
  return { ...line, quantity: line.quantity * factor, dollars: line.dollars * factor };
}

export function totalOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

export function totalOfService(lines: readonly CostLine[], service: Service): number {
  return totalOf(lines.filter((line) => line.service === service));
}
