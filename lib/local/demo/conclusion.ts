/** What the demo says after the last message: whether money was conserved, what the audit found, and what one can do next. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { FaultCounts } from '../lambda/faults.ts';
import { DemoError } from './demo-error.ts';

const AUDIT = join(import.meta.dirname, '..', '..', '..', 'bin', 'audit.ts');

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
 * Audits the stack with `npm run audit`, as an operator would.
 * @returns the last sentence of its report
 * @throws {DemoError} when a guarantee does not hold, or the audit can't be made
 */
export async function audit(outputsFile: string, signal: AbortSignal): Promise<string> {
  const child = spawn(process.execPath, [AUDIT, '--outputs', outputsFile], {
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [report, trouble] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    report += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    trouble += text;
  });
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== 0) {
    throw new DemoError(`The audit did not pass:\n${report || trouble}`);
  }
  return report.trim().split('\n').at(-1) ?? '';
}
