/** The report of an audit: text for people, or one JSON object a line for programs. */

import { printTimestamp, type Timestamp } from '../../protocol/timestamps.ts';
import type { AuditCounts } from './audit.ts';
import { AUDIT_CHECK_NAMES, AUDIT_CHECKS, type AuditCheckName } from './checks/checks.ts';
import type { AuditFindings, CurrencySummary, Finding } from './findings.ts';

export interface AuditSubject {
  readonly accountsTable: string;
  readonly transfersTable: string;
  readonly at: Timestamp;
}

/** The most findings of one check and currency that the text shows; JSON has all of them. */
const MAX_FINDINGS_SHOWN = 20;

const GUARANTEES: readonly (readonly [number, string])[] = [
  [1, 'conservation'],
  [2, 'principals fall only by own payments'],
  [3, 'locks are those of the prepared transfers'],
  [4, 'finalized once, credited once'],
  [5, 'transfer numbers and principals follow each other'],
  [6, 'every change is announced'],
];

/** What the tables can't show. */
const NEVER_VERIFIED = [
  'that every message in the queues was applied, and that what was published reached its subscribers',
  'numbers and principals of transfers that were finished more than 30 days ago and are no longer kept',
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
  let [currencyCount, soundCount] = [0, 0];
  for (const currency of findings.currencies()) {
    currencyCount += 1;
    const counted = findings.countsOf(currency.debtorId);
    soundCount += counted.size === 0 ? 1 : 0;
    yield* currencyReport(currency, counted, findings);
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
  yield `Currencies without findings: ${soundCount} of ${currencyCount}. Findings in all: ${findings.count}.`;
}

function* currencyReport(
  currency: CurrencySummary,
  counted: ReadonlyMap<AuditCheckName, number>,
  findings: AuditFindings,
): Generator<string> {
  const { debtorId, accountCount, creditsUnderWay, creditsUnderWayCount } = currency;
  const underWay =
    creditsUnderWayCount === 0 ? '' : `; credits under way: ${creditsUnderWayCount}, of ${creditsUnderWay}`;
  const unverified = findings.unverifiedOf(debtorId);
  const broken = GUARANTEES.filter(([number]) =>
    [...counted.keys()].some((name) => guaranteesOf(name).includes(number)),
  );
  yield `Currency ${debtorId} (accounts: ${accountCount}${underWay}): ${judgement(counted, broken, unverified)}`;
  for (const [number, name] of broken) {
    yield `  guarantee ${number} does not hold: ${name}`;
  }
  yield* findingLines(findings.of(debtorId));
  for (const sentence of unverified) {
    yield `  not verified: ${sentence}`;
  }
}

function judgement(
  counted: ReadonlyMap<AuditCheckName, number>,
  broken: readonly unknown[],
  unverified: readonly string[],
): string {
  if (counted.size > 0) {
    const count = [...counted.values()].reduce((sum, each) => sum + each, 0);
    return `findings: ${count}; guarantees that do not hold: ${broken.length} of ${GUARANTEES.length}.`;
  }
  return unverified.length === 0
    ? 'every guarantee holds.'
    : 'nothing was found, but not all could be verified.';
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
    yield jsonLine('currency', {
      debtorId,
      ...currency,
      findingCounts: Object.fromEntries(findings.countsOf(debtorId)),
      unverified: findings.unverifiedOf(debtorId),
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
