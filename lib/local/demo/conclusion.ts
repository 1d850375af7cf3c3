/** What the demo says after the last message: whether money was conserved, what the audit found, and what one can do next. */

import { runAudit } from '../audit-process.ts';
import type { FaultCounts } from '../lambda/faults.ts';
import { DemoError } from './demo-error.ts';

export const MEANING_OF_ZERO =
  'Together 0: the market owes what the others own. No token was made or lost on the way.';

const CRASH_STEP = `
  npm run demo -- --crash
      kills functions meanwhile`;

/** @param isCrash whether functions were killed in this demo already */
export function nextSteps(isCrash: boolean): string {
  return `
What next?${isCrash ? '' : CRASH_STEP}
  npm start
      runs it for your own messages
  README.md, “Be a client”
      sends the first payment`;
}

/** What happened to the functions of a demo with faults. */
export function tellFaults({ killed, repeated }: FaultCounts): string {
  return `Meanwhile ${killed} functions were killed in the middle of their work, ${repeated} batches were delivered twice, and messages came out of order.`;
}

/**
 * @returns the last sentence of the audit's report
 * @throws {DemoError} when a guarantee does not hold, or the audit can't be made
 */
export async function audit(outputsFile: string, signal: AbortSignal): Promise<string> {
  const { isPassed, report } = await runAudit(outputsFile, signal);
  if (!isPassed) {
    throw new DemoError(`The audit did not pass:\n${report}`);
  }
  return report.split('\n').at(-1) ?? '';
}
