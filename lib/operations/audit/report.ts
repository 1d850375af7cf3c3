/** The report of an audit: text for people, or one JSON object a line for programs. */

import { printTimestamp, type Timestamp } from '../../protocol/timestamps.ts';
import type { AuditCounts } from './audit.ts';
import {
  AUDIT_CHECK_NAMES,
  AUDIT_CHECKS,
  type AuditCheckName,
  GUARANTEES,
  type GuaranteeStates,
  guaranteeStates,
} from './checks/checks.ts';
import type { AuditFindings, CurrencySummary, Finding, Undecided } from './findings.ts';

export interface AuditSubject {
  readonly accountsTable: string;
  readonly transfersTable: string;
  readonly at: Timestamp;
}

/** The most findings of one check and currency that the text shows; JSON has all of them. */
const MAX_FINDINGS_SHOWN = 20;

/** What the tables can't show. */
const NEVER_VERIFIED = [
  'that every message in the queues was applied, and that what was published reached its subscribers',
  'numbers and principals of transfers that were finished so long ago that they are no longer kept (37 days by default)',
  'whether a credit without a transfer number was negligible when it was made',
];

export interface AuditReport {
  readonly subject: AuditSubject;
  readonly counts: AuditCounts;
  readonly findings: AuditFindings;
}

export function* textReport({ subject, counts, findings }: AuditReport): Generator<string> {
  yield `Audit of ${subject.accountsTable} (items: ${counts.accounts}) and ${subject.transfersTable} (items: ${counts.transfers}), as of ${printTimestamp(subject.at)}.`;
  yield '';
  if (isEmpty(counts)) {
    yield 'The ledger is empty: both tables are without items, so there was nothing to verify.';
    return;
  }
  let [currencyCount, soundCount] = [0, 0];
  for (const currency of findings.currencies()) {
    const judgement = judge(currency.debtorId, findings);
    currencyCount += 1;
    soundCount += judgement.isSound ? 1 : 0;
    yield* currencyReport(currency, judgement, findings);
  }
  yield* findingLines(findings.ofNoCurrency());
  yield '';
  yield 'Verified in every currency, except as said above:';
  for (const name of AUDIT_CHECK_NAMES) {
    yield `  ${name}${guaranteesInWords(name)}: ${AUDIT_CHECKS[name].claim}`;
  }
  yield 'Not verified:';
  for (const sentence of NEVER_VERIFIED) {
    yield `  ${sentence}`;
  }
  yield '';
  yield `Every guarantee holds in ${soundCount} of ${currencyCount} currencies. Findings in all: ${findings.count}.`;
}

function isEmpty({ accounts, transfers }: AuditCounts): boolean {
  return accounts + transfers === 0;
}

/** What is said of one currency as a whole. */
interface Judgement extends GuaranteeStates {
  readonly findingCounts: ReadonlyMap<AuditCheckName, number>;
  readonly undecided: readonly Undecided[];
  readonly isSound: boolean;
}

function judge(debtorId: bigint, findings: AuditFindings): Judgement {
  const findingCounts = findings.countsOf(debtorId);
  const undecided = findings.unverifiedOf(debtorId);
  const states = guaranteeStates(
    [...findingCounts.keys()],
    undecided.map(({ check }) => check),
  );
  return { findingCounts, undecided, ...states, isSound: findingCounts.size + undecided.length === 0 };
}

function* currencyReport(
  { debtorId, accountCount, creditsUnderWay, creditsUnderWayCount }: CurrencySummary,
  judgement: Judgement,
  findings: AuditFindings,
): Generator<string> {
  const underWay =
    creditsUnderWayCount === 0 ? '' : `; credits under way: ${creditsUnderWayCount}, of ${creditsUnderWay}`;
  yield `Currency ${debtorId} (accounts: ${accountCount}${underWay}): ${judgementInWords(judgement)}`;
  for (const [number, name] of GUARANTEES) {
    if (judgement.broken.includes(number)) {
      yield `  guarantee ${number} does not hold: ${name}`;
    } else if (judgement.unverified.includes(number)) {
      yield `  guarantee ${number} is not verified: ${name}`;
    }
  }
  yield* findingLines(findings.of(debtorId));
  for (const { sentence } of judgement.undecided) {
    yield `  not verified: ${sentence}`;
  }
}

function judgementInWords({ findingCounts, broken, unverified, isSound }: Judgement): string {
  if (isSound) {
    return 'every guarantee holds.';
  }
  const count = [...findingCounts.values()].reduce((sum, each) => sum + each, 0);
  return (
    `findings: ${count}; guarantees that do not hold: ${broken.length} of ${GUARANTEES.length}, ` +
    `that could not be verified: ${unverified.length}.`
  );
}

function* findingLines(findings: Iterable<Finding>): Generator<string> {
  const shown = new Map<AuditCheckName, number>();
  for (const { check, subject, sentence } of findings) {
    const count = (shown.get(check) ?? 0) + 1;
    shown.set(check, count);
    if (count <= MAX_FINDINGS_SHOWN) {
      yield `  ${check}: ${subject}: ${sentence}`;
    }
  }
  for (const [check, count] of shown) {
    if (count > MAX_FINDINGS_SHOWN) {
      yield `  ${check}: and ${count - MAX_FINDINGS_SHOWN} more (--json writes them all)`;
    }
  }
}

/** int64 values are decimal strings, as JSON numbers lose their last digits in many readers. */
export function* jsonReport({ subject, counts, findings }: AuditReport): Generator<string> {
  for (const { debtorId, ...currency } of findings.currencies()) {
    for (const finding of findings.of(debtorId)) {
      yield jsonLine('finding', finding);
    }
    const { findingCounts, undecided, broken, unverified } = judge(debtorId, findings);
    yield jsonLine('currency', {
      debtorId,
      ...currency,
      findingCounts: Object.fromEntries(findingCounts),
      brokenGuarantees: broken,
      unverifiedGuarantees: unverified,
      unverified: undecided.map(({ sentence }) => sentence),
    });
  }
  for (const finding of findings.ofNoCurrency()) {
    yield jsonLine('finding', finding);
  }
  const at = printTimestamp(subject.at);
  yield jsonLine('summary', {
    ...subject,
    at,
    ...counts,
    isEmpty: isEmpty(counts),
    findings: findings.count,
    neverVerified: NEVER_VERIFIED,
  });
}

function jsonLine(kind: string, value: object): string {
  return JSON.stringify({ kind, ...value }, (_, member) =>
    typeof member === 'bigint' ? member.toString() : member,
  );
}

function guaranteesOf(name: AuditCheckName): readonly number[] {
  return AUDIT_CHECKS[name].guarantees;
}

function guaranteesInWords(name: AuditCheckName): string {
  const numbers = guaranteesOf(name);
  if (numbers.length === 0) {
    return '';
  }
  return ` (guarantee${numbers.length > 1 ? 's' : ''} ${numbers.join(' and ')})`;
}
