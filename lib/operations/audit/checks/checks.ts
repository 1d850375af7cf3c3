/**
 * The closed list of what an audit checks, with the guarantees of SMP 2.1, section 10, that each check is about. How the
 * checks are made is in the `audit-…` files beside this one.
 */

export interface AuditCheck {
  /** Numbers of guarantees (SMP 2.1, section 10); empty for what only later work depends on. */
  readonly guarantees: readonly number[];
  /** What is true when nothing is found; a clause without a full stop. */
  readonly claim: string;
}

/** In the order in which they are reported. */
export const AUDIT_CHECKS = {
  'readable-items': {
    guarantees: [],
    claim: 'every item can be read, lies under the key it belongs to, and holds values within their ranges',
  },
  conservation: {
    guarantees: [1],
    claim: 'all principals of the currency and the credits under way add up to 0',
  },
  principals: {
    guarantees: [2, 5],
    claim:
      'every principal is the one before it and the acquired amount, as far as the transfers are still kept',
  },
  locks: {
    guarantees: [3],
    claim: 'the total locked amount and the pending count are those of the prepared transfers',
  },
  'transfer-steps': {
    guarantees: [4],
    claim: 'every transfer has exactly the parts that its status says, and they agree with each other',
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
    claim: 'transfer numbers have neither duplicates nor gaps, as far as the transfers are still kept',
  },
  announcements: {
    guarantees: [6],
    claim: 'every change of an account is announced, or is due to be since less than an hour',
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

/** One thing that is not as it must be. */
export interface Fault {
  readonly check: AuditCheckName;
  /** What is wrong, with the values; a clause that follows on the name of an account or a transfer and a colon. */
  readonly sentence: string;
}

/** Several faults of one check. */
export function faultsOf(check: AuditCheckName, sentences: readonly (string | false)[]): Fault[] {
  return sentences.flatMap((sentence) => (sentence === false ? [] : [{ check, sentence }]));
}
