/** What a verification costs on AWS, from what was counted in it. The prices are those of the cost model. */

import { type CostLine, costLine, scaled } from '../bench/cost/cost-line.ts';
import { type CaseCounts, costOfCase, costOfIdleStack, MILLION } from '../bench/cost/cost-model.ts';

export interface VerificationCounts {
  /** Transfers that the stack had in the end. Each counts as one that shares nothing with others. */
  readonly transfers: number;
  /** Accounts that it had. */
  readonly accounts: number;
  /** Write units of the probes' own items. */
  readonly probeWriteUnits: number;
  /** How long the stack was there. */
  readonly hours: number;
}

const HOURS_IN_MONTH = 730;
/** Lines that would be printed as nothing are left out. */
const LEAST_DOLLARS = 0.00005;

/** @param loneTransfer what a transfer takes that shares nothing */
export function estimateOf(counts: VerificationCounts, loneTransfer: CaseCounts): CostLine[] {
  const { transfers, accounts, probeWriteUnits, hours } = counts;
  return [
    ...costOfCase(loneTransfer).map((line) => scaled(line, transfers / MILLION)),
    ...costOfIdleStack({ accounts }).map((line) => scaled(line, hours / HOURS_IN_MONTH)),
    costLine('DynamoDB', 'write units of probes', 'writeUnit', probeWriteUnits),
  ].filter(({ dollars }) => dollars >= LEAST_DOLLARS);
}
