/**
 * The audit that runs by itself, within the time of one function. It tells what it found in metrics and in the log. A ledger
 * that is too large for that time is not audited in part: the audit then counts as not made, which has an alarm of its own.
 */

import type { Surroundings } from '../../shell/surroundings.ts';
import type { Telemetry } from '../../shell/telemetry.ts';
import type { TableReader } from '../../storage/table-reader.ts';
import { FactsFile } from '../facts-file.ts';
import type { Progress } from '../progress.ts';
import { type AuditOptions, audit } from './audit.ts';
import { AuditFacts } from './facts.ts';
import { AuditFindings, type Finding } from './findings.ts';

export interface ScheduledAuditTools {
  readonly reader: TableReader;
  readonly settings: AuditOptions['settings'];
  readonly surroundings: Surroundings;
  readonly telemetry: Telemetry;
  readonly hasTime: () => boolean;
}

/** Parts of a table that are read side by side: as many as one processor can check. */
const SEGMENTS = 4;

/** A person looks at the first ones, and then runs the audit to see all. */
const MAX_FINDINGS_LOGGED = 100;

class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
}

/** Counts `Audit.completed`, `Audit.findings` and `Audit.unverified`; none of them when time was up before the end. */
export async function runScheduledAudit(tools: ScheduledAuditTools): Promise<void> {
  const { telemetry } = tools;
  const file = new FactsFile();
  const work = { phase: '', itemCount: 0 };
  try {
    const [facts, findings] = [new AuditFacts(file), new AuditFindings(file)];
    const { settings, surroundings } = tools;
    const options = { at: surroundings.now(), isAtRest: false, settings };
    const counts = await audit(options, {
      ...tools,
      facts,
      findings,
      segmentCount: SEGMENTS,
      progress: watch(work, tools.hasTime),
    });
    report(findings, telemetry);
    telemetry.info('Audited the ledger.', { ...counts, findings: findings.count });
  } catch (error) {
    if (!(error instanceof OutOfTimeError)) {
      throw error;
    }
    telemetry.warn(
      'The ledger is too large for an audit in this time; run npm run audit on a machine.',
      work,
    );
  } finally {
    file.close();
  }
}

/** Notes how far the audit has come, and breaks it off when there is no more time. */
function watch(work: { phase: string; itemCount: number }, hasTime: () => boolean): Progress {
  return {
    start: (label) => {
      work.phase = label;
      work.itemCount = 0;
    },
    advance: (count) => {
      work.itemCount += count;
      if (!hasTime()) {
        throw new OutOfTimeError('No time is left for the audit.');
      }
    },
    end: () => {},
  };
}

function report(findings: AuditFindings, telemetry: Telemetry): void {
  let [unverifiedCount, loggedCount] = [0, 0];
  const log = (found: Iterable<Finding>): void => {
    for (const { check, subject, sentence } of found) {
      loggedCount += 1;
      if (loggedCount <= MAX_FINDINGS_LOGGED) {
        telemetry.warn('The audit has a finding.', { check, subject, sentence });
      }
    }
  };
  for (const { debtorId } of findings.currencies()) {
    log(findings.of(debtorId));
    unverifiedCount += findings.unverifiedOf(debtorId).length;
  }
  log(findings.ofNoCurrency());
  telemetry.count('Audit.completed');
  telemetry.count('Audit.findings', findings.count);
  telemetry.count('Audit.unverified', unverifiedCount);
}
