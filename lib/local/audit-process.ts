/** Audits a local run with `npm run audit`, as an operator would. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';

const AUDIT = join(import.meta.dirname, '..', '..', 'bin', 'audit.ts');

export interface AuditOutcome {
  readonly isPassed: boolean;
  /** What the audit printed; why it could not be made, if so. */
  readonly report: string;
}

/** @param outputsFile of the local run */
export async function runAudit(outputsFile: string, signal?: AbortSignal): Promise<AuditOutcome> {
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
  return { isPassed: status === 0, report: report.trim() || trouble.trim() };
}
