/** The closed list of what an audit checks, with the guarantees of SMP 2.1, section 10, that each check is about. */

export interface AuditCheck {
  /** Numbers of guarantees (SMP 2.1, section 10); empty if the check is about none of them directly. */
  readonly guarantees: readonly number[];
  /** Guarantees that can't be verified in a currency with such a finding. */
  readonly obscures?: readonly number[];
  /** What is true if nothing is found; a clause without a full stop. */
  readonly claim: string;
}

/** The guarantees of SMP 2.1, section 10, by their numbers. */
export const GUARANTEES = [
  [1, 'conservation'],
  [2, 'principals fall only by own payments'],
  [3, 'locks are those of the prepared transfers'],
  [4, 'finalized once, credited once'],
  [5, 'transfer numbers and principals follow each other'],
  [6, 'every change is announced'],
] as const;

/** Each guarantee is about accounts and transfers together, so an item that is not there leaves none of them certain. */
const ALL_GUARANTEES = GUARANTEES.map(([number]) => number);

/** In the order in which they are reported. */
export const AUDIT_CHECKS = {
  'readable-items': {
    guarantees: [],
    obscures: ALL_GUARANTEES,
    claim: 'every item can be read, lies under its own key, and holds values within their ranges',
  },
  'existing-accounts': {
    guarantees: [],
    obscures: ALL_GUARANTEES,
    claim: 'every account that a kept transfer mentions exists, unless it may have been purged',
  },
  conservation: {
    guarantees: [1],
    claim: 'all principals of the currency and the credits under way add up to 0',
  },
  principals: {
    guarantees: [2, 5],
    claim:
      'every principal is the sum of the previous one and the acquired amount, as far as transfers are still kept',
  },
  locks: {
    guarantees: [3],
    claim: 'the total locked amount and the pending count are those of the prepared transfers',
  },
  'transfer-steps': {
    guarantees: [4],
    claim: 'every transfer has exactly the parts that belong to its status, and they agree with each other',
  },
  requests: {
    guarantees: [4],
    claim: 'every item lies under the ID of its request, so that no request is recorded twice',
  },
  credits: {
    guarantees: [4],
    claim: 'no committed transfer has waited for its credit for more than 15 minutes',
  },
  'transfer-numbers': {
    guarantees: [5],
    claim: 'transfer numbers have neither duplicates nor gaps, as far as transfers are still kept',
  },
  announcements: {
    guarantees: [6],
    claim: 'every change of an account is announced, or has been due for less than an hour',
  },
  'account-states': {
    guarantees: [],
    claim: 'rates are within their bounds, root accounts bear no interest, deleted accounts hold nothing',
  },
} as const satisfies Record<string, AuditCheck>;

export type AuditCheckName = keyof typeof AUDIT_CHECKS;

export const AUDIT_CHECK_NAMES = Object.keys(AUDIT_CHECKS) as readonly AuditCheckName[];

/** Items are kept longer the longer a message may be under way; the audit relies only on what every setting gives. */
export const LEAST_RETENTION = { messageMaxDelaySeconds: 0 };

/** What an audit can say of the guarantees in one currency; those that are in neither list hold. */
export interface GuaranteeStates {
  readonly broken: readonly number[];
  readonly unverified: readonly number[];
}

/** @param found checks with findings @param undecided checks that could not be finished */
export function guaranteeStates(
  found: readonly AuditCheckName[],
  undecided: readonly AuditCheckName[],
): GuaranteeStates {
  const checks = (names: readonly AuditCheckName[]): AuditCheck[] => names.map((name) => AUDIT_CHECKS[name]);
  const broken = new Set(checks(found).flatMap(({ guarantees }) => guarantees));
  const unsure = new Set([
    ...checks(found).flatMap(({ obscures = [] }) => obscures),
    ...checks(undecided).flatMap(({ guarantees }) => guarantees),
  ]);
  return {
    broken: ALL_GUARANTEES.filter((number) => broken.has(number)),
    unverified: ALL_GUARANTEES.filter((number) => unsure.has(number) && !broken.has(number)),
  };
}

/** One thing that is wrong. */
export interface Fault {
  readonly check: AuditCheckName;
  /** What is wrong, with the values; a clause to be printed after the name of an account or a transfer. */
  readonly sentence: string;
}

/** Several faults of one check. */
export function faultsOf(check: AuditCheckName, sentences: readonly (string | false)[]): Fault[] {
  return sentences.flatMap((sentence) => (sentence === false ? [] : [{ check, sentence }]));
}
