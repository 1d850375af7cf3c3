/**
 * The ways in which the code is broken on purpose: at least one for each guarantee. Each replaces a text that must occur
 * exactly once in its file; when the code changes, this list must follow.
 */

import type { Features } from './features.ts';

export interface Mutation {
  /** What the code then does wrong. */
  readonly name: string;
  readonly file: string;
  readonly oldText: string;
  readonly newText: string;
  /** Features of worlds that reach the broken code more often, where most worlds seldom do. */
  readonly features?: Partial<Features>;
}

export const MUTATIONS: readonly Mutation[] = [
  // conditions of writes
  {
    name: 'no version check: two writers of one account undo each other',
    file: 'lib/storage/conditions.ts',
    oldText: "ConditionExpression: '#version = :version',",
    newText: "ConditionExpression: '#version = :version OR attribute_exists(#version)',",
  },
  {
    name: 'accounts are created without looking whether they are there',
    file: 'lib/storage/conditions.ts',
    oldText: "ConditionExpression: 'attribute_not_exists(#key)',",
    newText: "ConditionExpression: 'attribute_not_exists(#key) OR attribute_exists(#key)',",
  },
  {
    name: 'no status check: a transfer is finalized or credited twice',
    file: 'lib/storage/conditions.ts',
    oldText: "ConditionExpression: '#status = :status',",
    newText: "ConditionExpression: '#status = :status OR attribute_exists(#status)',",
  },
  {
    name: 'transfers are written beside the transaction that changes the account',
    file: 'lib/storage/ledger-store.ts',
    oldText: 'await this.#write(written.flatMap(({ change, stored }) => this.#writesOf(change, stored)));',
    newText:
      'for (const { change, stored } of written) {\n      for (const write of this.#writesOf(change, stored)) await this.#write([write]);\n    }',
  },
  {
    name: 'a write of unknown outcome is taken for done',
    file: 'lib/storage/ledger-store.ts',
    oldText:
      '      throw translateError(\n        error,\n        keyedWrites.map(({ key }) => key),\n      );',
    newText:
      '      const translated = translateError(error, keyedWrites.map(({ key }) => key));\n      if (!(translated instanceof StoreUnavailableError)) throw translated;',
  },
  {
    name: 'a lost race is taken for won',
    file: 'lib/storage/ledger-store.ts',
    oldText:
      '      throw translateError(\n        error,\n        keyedWrites.map(({ key }) => key),\n      );',
    newText:
      "      const translated = translateError(error, keyedWrites.map(({ key }) => key));\n      if (!(translated instanceof Error && translated.name === 'CommitConflictError')) throw translated;",
  },

  // deduplication
  {
    name: 'dedupe off: a copy of a finished request is handled again',
    file: 'lib/rules/prepare-transfer.ts',
    oldText: 'if (known !== undefined) {',
    newText: "if (known !== undefined && !(known.kind === 'transfer' && known.status !== 'prepared')) {",
  },
  {
    name: 'a request with a reused number is taken for a copy of the older one',
    file: 'lib/rules/transfer-ids.ts',
    oldText: '    coordinatorRequestId,\n    ts,\n',
    newText: '    coordinatorRequestId,\n',
  },
  {
    name: 'a transfer is finalized by whoever knows its ID',
    file: 'lib/rules/finalize-transfer.ts',
    oldText: ' || !isSameCoordinatorRequest(transfer.request, message)',
    newText: '',
  },
  {
    name: 'TTL on committed transfers: they are forgotten before they are credited',
    file: 'lib/rules/finalize-transfer.ts',
    oldText: "status: 'committed', finalization, payment }",
    newText: "status: 'committed', finalization, payment, expiresAt: expiryOf(now) }",
  },
  {
    name: 'finished transfers are forgotten at once',
    file: 'lib/rules/transfer.ts',
    oldText: 'const FINISHED_RETENTION_SECONDS = 30 * SECONDS_IN_DAY;',
    newText: 'const FINISHED_RETENTION_SECONDS = 0;',
  },

  // money and locks
  {
    name: 'expendable ignores locks',
    file: 'lib/rules/availability.ts',
    oldText: 'return flooredBalance(account, now) - account.totalLockedAmount;',
    newText: 'return flooredBalance(account, now);',
  },
  {
    name: 'a lock is not released by finalization',
    file: 'lib/rules/finalize-transfer.ts',
    oldText: 'totalLockedAmount: account.totalLockedAmount - lockedAmount,',
    newText: 'totalLockedAmount: account.totalLockedAmount,',
  },
  {
    name: 'more than the lock is committed without looking at the balance',
    file: 'lib/rules/finalize-transfer.ts',
    oldText: '    amount <= lockedAmount &&\n',
    newText: '',
  },
  {
    name: 'a commitment after the deadline is accepted',
    file: 'lib/rules/finalize-transfer.ts',
    oldText: 'if (at > preparation.deadline) {',
    newText: 'if (at > preparation.deadline + 3_600_000_000n) {',
  },
  {
    name: 'a commitment under an interest rate that was not agreed to is accepted',
    file: 'lib/rules/finalize-transfer.ts',
    oldText: 'if (sender.lastInterestRateChangeTs > preparation.finalInterestRateTs) {',
    newText: 'if (false) {',
  },
  {
    name: 'the issuing limit is ignored',
    file: 'lib/rules/availability.ts',
    oldText: 'return -lesserOf(limit, negligible);',
    newText: 'return -(limit < negligible ? negligible : limit);',
  },
  {
    name: 'what is cut off at the ends of int64 is forgotten',
    file: 'lib/rules/account.ts',
    oldText: 'clippedAmount: account.clippedAmount + (exact - principal)',
    newText: 'clippedAmount: account.clippedAmount',
  },

  // ledgers and updates
  {
    name: 'the transfer number is not incremented',
    file: 'lib/rules/ledger.ts',
    oldText: 'const transferNumber = account.lastTransferNumber + 1n;',
    newText: 'const transferNumber = account.lastTransferNumber || 1n;',
  },
  {
    name: 'negligible credits get numbers too, but are not announced',
    file: 'lib/rules/projection.ts',
    oldText: 'if (after.credit && !before?.credit) {',
    newText: 'if (after.credit && after.payment.amount > 50n && !before?.credit) {',
  },
  {
    name: 'a change keeps the sequence number of the one before',
    file: 'lib/rules/account.ts',
    oldText: 'lastChangeSeqnum: nextSeqnum(account.lastChangeSeqnum),',
    newText: 'lastChangeSeqnum: account.lastChangeSeqnum,',
  },
  {
    name: 'a change goes back in time with the clock',
    file: 'lib/rules/account.ts',
    oldText: 'const lastChangeTs = greaterOf(now, account.lastChangeTs);',
    newText: 'const lastChangeTs = now;',
  },
  {
    name: 'a stale configuration is accepted',
    file: 'lib/rules/configure-account.ts',
    oldText: ': ts > account.lastConfigTs;',
    newText: ': true;',
  },
  {
    name: 'sequence numbers of configurations do not wrap',
    file: 'lib/protocol/integers.ts',
    oldText: 'return distance > 0 && distance < 0x8000_0000;',
    newText: 'return candidate > reference && distance !== 0;',
  },
  {
    name: 'a chore clears the mark without announcing',
    file: 'lib/rules/announce-account.ts',
    oldText: 'account : announceAccount(account, now);',
    newText: 'account : { ...account, pendingUpdateSince: undefined };',
  },
  {
    name: 'two announcements under one clock reading are taken for one',
    file: 'lib/rules/account.ts',
    oldText: 'greaterOf(greaterOf(now, account.announcedAt + 1n), account.lastChangeTs)',
    newText: 'greaterOf(greaterOf(now, account.announcedAt), account.lastChangeTs)',
  },

  // batches, retries, publishing
  {
    name: 'an eventually consistent read decides about a finalization',
    file: 'lib/shell/load-snapshots.ts',
    oldText: "time === 'again' || message.type === 'FinalizeTransfer';",
    newText: "time === 'again';",
  },
  {
    name: 'a failed group of messages is not reported',
    file: 'lib/shell/account-messages.ts',
    oldText: 'return { failed: idsOf(remaining), letters };',
    newText: 'return { failed: [], letters };',
  },
  {
    name: 'messages that there is no time for are forgotten',
    file: 'lib/shell/process-messages.ts',
    oldText: '[{ failed: postpone(run.flat(), tools), letters: [] }],',
    newText: '[{ failed: [], letters: [] }],',
  },
  {
    name: 'first attempts that failed together are taken for done',
    file: 'lib/shell/shared-transactions.ts',
    oldText: "telemetry.count('Retries', changes.length);\n      return undefined;",
    newText: "telemetry.count('Retries', changes.length);\n      return changes.map(({ after }) => after);",
  },
  {
    name: 'a dead letter is lost when the queue refuses it',
    file: 'lib/shell/dead-letter-queue.ts',
    oldText: 'return letters.map(({ messageId }) => messageId);',
    newText: 'return [];',
  },
  {
    name: 'publish errors are swallowed',
    file: 'lib/shell/event-topics.ts',
    oldText: 'return call.map(({ origin }) => origin);',
    newText: 'return [];',
  },
  {
    name: 'entries that SNS refused are taken for published',
    file: 'lib/shell/event-topics.ts',
    oldText: 'return (output.Failed ?? []).flatMap(({ Id }) => call[Number(Id)]?.origin ?? []);',
    newText: 'return output.Failed === null ? [] : [];',
  },
  {
    name: 'only the last failure of a batch of records is reported',
    file: 'lib/shell/stream-batch.ts',
    oldText: '.find((sequenceNumber) => failures.has(sequenceNumber))',
    newText: '.findLast((sequenceNumber) => failures.has(sequenceNumber))',
  },
  {
    name: 'credits that fail are not reported, and no sweep looks for them',
    file: 'lib/rules/transfer-chores.ts',
    oldText: "transfer.status === 'committed' && isCreditOverdue(transfer, now)",
    newText: "transfer.status === 'credited' && isCreditOverdue(transfer, now)",
    features: { throttles: 0.4, failuresBefore: 0.4, crashes: 0.1 },
  },
  {
    name: 'retry without reload: a credit made meanwhile stops its shard',
    file: 'lib/shell/credit-recipients.ts',
    oldText: 'isFirst ? slice : loadCommitted(slice, store),',
    newText: 'slice,',
  },
  {
    name: 'a credit to a deleted account does not bring it back',
    file: 'lib/rules/credit.ts',
    oldText: 'return account.deletedAt === undefined ?',
    newText: 'return account.deletedAt === undefined || account.principal === 0n ?',
    features: { deletion: 0.5, sweeps: 8, slowness: 0.8, haste: 20, thinking: 200_000 },
  },

  // interest and the work that time makes due
  {
    name: 'no compensation for late credits',
    file: 'lib/rules/credit.ts',
    oldText: 'interest: addInterest(account.interest, late)',
    newText: 'interest: addInterest(account.interest, late * 0)',
  },
  {
    name: 'interest is not brought up to now before the rate changes',
    file: 'lib/rules/account.ts',
    oldText: 'interest: currentInterest(account, lastChangeTs),',
    newText: 'interest: account.interest,',
  },
  {
    name: 'capitalized interest stays interest too',
    file: 'lib/rules/capitalize-interest.ts',
    oldText: 'const interest = addInterest(changed.interest, -amount);',
    newText: 'const interest = addInterest(changed.interest, -amount + amount);',
  },
  {
    name: 'an account with prepared transfers is deleted',
    file: 'lib/rules/delete-account.ts',
    oldText: 'account.pendingTransfersCount === 0 &&',
    newText: 'account.pendingTransfersCount >= 0 &&',
  },
  {
    name: 'an account is purged as soon as it is deleted',
    file: 'lib/rules/delete-account.ts',
    oldText: 'secondsBetween(deletedAt, now) >= reach &&',
    newText: 'secondsBetween(deletedAt, now) >= reach * 0 &&',
  },
  {
    name: 'interest rates change at any time',
    file: 'lib/rules/adopt-terms.ts',
    oldText: '>= settings.messageMaxDelaySeconds + SECONDS_IN_DAY;',
    newText: '>= 0;',
  },
  {
    name: 'prepared transfers are never announced again',
    file: 'lib/rules/transfer-chores.ts',
    oldText: '>= settings.reminderSeconds\n',
    newText: '>= settings.reminderSeconds * 1e9\n',
  },
  {
    name: 'nobody announces what a lost chore was to announce',
    file: 'lib/rules/account-chores.ts',
    oldText: '> UPDATE_OVERDUE_SECONDS;',
    newText: '> UPDATE_OVERDUE_SECONDS * 1e9;',
  },
  {
    name: 'a deleted account keeps what was left on it',
    file: 'lib/rules/delete-account.ts',
    oldText: 'if (changed.principal === 0n) {',
    newText: 'if (changed.principal < 1_000n) {',
    features: { deletion: 0.5, sweeps: 8 },
  },
  {
    name: 'living accounts fall silent',
    file: 'lib/rules/account-chores.ts',
    oldText: '>= settings.heartbeatSeconds;',
    newText: '>= settings.heartbeatSeconds * 1e9;',
  },
];
