/**
 * The ways in which the code is broken on purpose: at least one for each guarantee. Each replaces a text that must occur
 * exactly once in its file; when the code changes, this list must follow.
 */

import type { Features } from './features.ts';
import type { Mutation } from './mutated-copy.ts';

interface AuthorityMutation extends Mutation {
  /** Features of worlds that reach the broken code more often, where most worlds seldom do. */
  readonly features?: Partial<Features>;
}

/** Locks that lose value for weeks, and whose coordinators were reminded meanwhile. */
const FEW_REMINDERS: Partial<Features> = {
  interest: 0,
  negativeInterest: 1,
  sweeps: 4,
  actionGap: 100_000,
  haste: 1,
};

/** More payments to one account than fit into a transaction. */
const CROWD: Partial<Features> = {
  burst: 120,
  creditors: 2,
  actions: 6,
  queueBatch: 1_000,
  streamBatch: 1_000,
  streamShards: 1,
  streamSplits: 0,
};

/** Accounts that others pay just when they are removed. */
const DEPARTURES: Partial<Features> = { deletion: 0.4, departures: 0.9, agents: 0.5, sweeps: 8 };

export const MUTATIONS: readonly AuthorityMutation[] = [
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
    oldText: 'throw translateError(error, keys);',
    newText:
      'const translated = translateError(error, keys);\n      if (!(translated instanceof StoreUnavailableError)) throw translated;',
  },
  {
    name: 'a lost race is taken for won',
    file: 'lib/storage/ledger-store.ts',
    oldText: 'throw translateError(error, keys);',
    newText:
      "const translated = translateError(error, keys);\n      if (!(translated instanceof Error && translated.name === 'CommitConflictError')) throw translated;",
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
    newText:
      "status: 'committed', finalization, payment, expiresAt: transferExpiry(transfer, at, settings) }",
  },
  {
    name: 'finished transfers are forgotten at once',
    file: 'lib/rules/transfer.ts',
    oldText: 'addSeconds(finishedAt, greatestRequestAge(settings) + RETENTION_MARGIN_SECONDS)',
    newText: 'addSeconds(finishedAt, 0)',
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
    oldText: 'return -lesserOf(limit, floored(exact(account.negligibleAmount)));',
    newText: 'return -floored(exact(account.negligibleAmount));',
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
    name: 'what was known of later messages is forgotten after a lost race',
    file: 'lib/shell/process-messages.ts',
    oldText: '!freshIds.has(transferId)',
    newText: 'false',
    features: CROWD,
  },
  {
    name: 'a failed group of messages is not reported',
    file: 'lib/shell/account-groups.ts',
    oldText: 'return this.#returnLater(rest, error);',
    newText: 'this.#returnLater(rest, error);\n        return [];',
  },
  {
    name: 'messages that there is no time for are forgotten',
    file: 'lib/shell/account-groups.ts',
    oldText: 'return this.#postpone(run.flat());',
    newText: 'this.#postpone(run.flat());\n      return [];',
  },
  {
    name: 'first attempts that failed together are taken for done',
    file: 'lib/shell/shared-transactions.ts',
    oldText: 'return new Set(lost);',
    newText: 'return new Set();',
  },
  {
    name: 'what failed together once more is taken for done',
    file: 'lib/shell/shared-transactions.ts',
    oldText: 'failedAgain.size === 0 ? [] : others',
    newText: 'failedAgain.size === 0 ? others : []',
  },
  {
    name: 'a dead letter is lost when the queue refuses it',
    file: 'lib/shell/dead-letter-queue.ts',
    oldText: 'return unsent.map(({ item }) => item.messageId);',
    newText: 'return [];',
  },
  {
    name: 'publish errors are swallowed',
    file: 'lib/shell/event-topics.ts',
    oldText: 'tryRefusedAlone(entries, unsent, call) : unsent;',
    newText: 'tryRefusedAlone(entries, unsent, call) : [];',
  },
  {
    name: 'entries of a batch call that were refused are taken for sent',
    file: 'lib/shell/batch-calls.ts',
    oldText: 'return index in call ? [unsentFor(call[index] as T, signsOfEntry(entry))] : [];',
    newText: 'return index < 0 ? [unsentFor(call[index] as T, signsOfEntry(entry))] : [];',
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
    oldText: "time === 'first' ? undefined : store.loadRecords(slice, { consistent: true }),",
    newText: 'undefined,',
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
    name: 'large interest is what it is printed as when some of it is paid',
    file: 'lib/rules/interest.ts',
    oldText: 'return nearestDouble(plus(exact(interest), exact(more)));',
    newText:
      'return nearestDouble(plus(exact(Math.abs(interest) < 2 ** 53 ? interest : BigInt(String(interest))), exact(more)));',
    features: { hugeAmounts: 1, interest: 1, sweeps: 6 },
  },
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
    oldText: 'const rest = addInterest(changed.interest, -amount);',
    newText: 'const rest = addInterest(changed.interest, -amount + amount);',
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
    oldText: 'secondsBetween(deletedAt, now) >= purgeDelaySeconds(settings) &&',
    newText: 'secondsBetween(deletedAt, now) >= purgeDelaySeconds(settings) * 0 &&',
  },
  {
    name: 'an account that is brought back forgets when its rate changed',
    file: 'lib/rules/account.ts',
    oldText: 'deletedAt: undefined, lastCapitalizationTs: now,',
    newText: 'deletedAt: undefined, lastInterestRateChangeTs: EPOCH, lastCapitalizationTs: now,',
    features: { deletion: 0.5, sweeps: 8 },
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
    features: { oddErrors: 0.3, maxReceives: 2, updateDelay: 900 },
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

  // what a newer release has added
  {
    name: 'an attribute that only a newer release knows is stripped',
    file: 'lib/storage/carried.ts',
    oldText: 'return { ...(carried.attributes as Item), ...item };',
    newText: 'return item;',
  },
  {
    name: 'words that only a newer release knows are stripped',
    file: 'lib/storage/carried.ts',
    oldText: "if (typeof item[attribute] === 'string') {",
    newText: "if (typeof item[attribute] === 'bigint') {",
  },

  // refusals, and what is decided once more
  {
    name: 'refusal: a reminder restarts the demurrage of a lock',
    file: 'lib/rules/finalize-transfer.ts',
    oldText: 'const { lockedAmount, preparedAt } = preparation;',
    newText: 'const { lockedAmount, announcedAt: preparedAt } = preparation;',
    features: FEW_REMINDERS,
  },
  {
    name: 'refusal: what is available beyond the lock can not be committed',
    file: 'lib/rules/finalize-transfer.ts',
    oldText: 'const isExpendable = amount <= spendableAmount(sender, at);',
    newText: 'const isExpendable = amount < 0n && amount <= spendableAmount(sender, at);',
  },
  {
    name: 'refusal: a lock does not count when the balance has fallen',
    file: 'lib/rules/finalize-transfer.ts',
    oldText: '    amount <= lockedAmount &&\n',
    newText: '    amount < 0n &&\n',
  },
  {
    name: 'refusal: every request is one too many',
    file: 'lib/rules/prepare-transfer.ts',
    oldText: 'sender.pendingTransfersCount >= MAX_PENDING_TRANSFERS',
    newText: 'sender.pendingTransfersCount >= 0 || MAX_PENDING_TRANSFERS < 0',
  },
  {
    name: 'refusal: what is just enough is too little',
    file: 'lib/rules/prepare-transfer.ts',
    oldText: 'return lockedAmount < request.minLockedAmount',
    newText: 'return lockedAmount <= request.minLockedAmount',
  },
  {
    name: 'refusal: decided from an account of the past',
    file: 'lib/shell/load-snapshots.ts',
    oldText: 'store.loadAccounts(messages, { consistent: true }),',
    newText: 'store.loadAccounts(messages, { consistent: false }),',
  },
  {
    name: 'a new rate forgets the one before it',
    file: 'lib/rules/adopt-terms.ts',
    oldText: 'previousInterestRate: account.interestRate,',
    newText: 'previousInterestRate: account.previousInterestRate,',
  },
  {
    name: 'a principal is held one short of the upper end of int64',
    file: 'lib/protocol/integers.ts',
    oldText: 'greaterOf(MIN_INT64, lesserOf(value, MAX_INT64))',
    newText: 'greaterOf(MIN_INT64, lesserOf(value, MAX_INT64 - 1n))',
  },
  {
    name: 'a principal is held one short of the lower end of int64',
    file: 'lib/protocol/integers.ts',
    oldText: 'greaterOf(MIN_INT64, lesserOf(value, MAX_INT64))',
    newText: 'greaterOf(MIN_INT64 + 1n, lesserOf(value, MAX_INT64))',
  },
  {
    name: 'AccountUpdate tells twice the time to live',
    file: 'lib/rules/projection.ts',
    oldText: 'ttl: Math.round(settings.messageMaxDelaySeconds),',
    newText: 'ttl: Math.round(2 * settings.messageMaxDelaySeconds),',
  },
  {
    name: 'AccountUpdate tells half the commit period',
    file: 'lib/rules/account.ts',
    oldText: 'return Math.round(commitPeriodSeconds);',
    newText: 'return Math.round(commitPeriodSeconds / 2);',
  },
  {
    name: 'an account that is created anew counts its versions from 1 again',
    file: 'lib/rules/account.ts',
    oldText: 'version: now,',
    newText: 'version: 1n,',
  },
  {
    name: 'a configuration of any age creates an account',
    file: 'lib/rules/configure-account.ts',
    oldText: 'addSeconds(message.ts, settings.messageMaxDelaySeconds) < now',
    newText: 'addSeconds(message.ts, settings.messageMaxDelaySeconds) < 0n',
  },
  {
    name: 'finished transfers are kept a thousand times as long',
    file: 'lib/rules/transfer.ts',
    oldText: 'addSeconds(finishedAt, greatestRequestAge(settings) + RETENTION_MARGIN_SECONDS)',
    newText: 'addSeconds(finishedAt, 1_000 * (greatestRequestAge(settings) + RETENTION_MARGIN_SECONDS))',
  },
  {
    name: 'a request that comes after its transfer was forgotten is handled again',
    file: 'lib/rules/transfer.ts',
    oldText: 'return secondsBetween(requestTs, now) > greatestRequestAge(settings);',
    newText: 'return secondsBetween(requestTs, now) > 1_000 * greatestRequestAge(settings);',
  },

  {
    name: 'a purge leaves nothing of the account',
    file: 'lib/shell/sweep-accounts.ts',
    oldText: 'tombstone === undefined ? payments : [...payments, tombstone]',
    newText: 'payments',
  },

  // messages that a function takes itself
  {
    name: 'taken: messages are deleted although they are to come again',
    file: 'lib/shell/queue-batch.ts',
    oldText: 'queue.delete(taken.filter((delivery) => !isReturned(delivery)))',
    newText: 'queue.delete(taken)',
  },
  {
    name: 'taken: messages are deleted that were never handled',
    file: 'lib/shell/queue-batch.ts',
    oldText: 'const all = [...event, ...taken];',
    newText: 'const all = [...event, ...taken.slice(1)];',
  },
  {
    name: 'taken: a message is given up that came a second time',
    file: 'lib/shell/queue-batch.ts',
    oldText: 'const isReturned = ({ messageId }: QueueDelivery): boolean => returned.has(messageId);',
    newText:
      'const isReturned = ({ messageId, receiveCount }: QueueDelivery): boolean => receiveCount === 1 && returned.has(messageId);',
  },
  {
    name: 'records that were given up are not published again',
    file: 'lib/shell/take-notices.ts',
    oldText: "if (functionName !== 'credit-recipients') {",
    newText: "if (functionName === 'credit-recipients') {",
    features: { topicOutage: 30, damage: 0 },
  },
  {
    name: 'what can not be published again now is taken for published',
    file: 'lib/shell/publish-again.ts',
    oldText: '    pace.postpone();\n',
    newText: '',
    features: { topicOutage: 30, damage: 0 },
  },
  {
    name: 'purges that were given up are not published again',
    file: 'lib/shell/take-notices.ts',
    oldText: "{ table: 'transfers', ranges: transferRanges, purgeRanges: accountRanges },",
    newText: "{ table: 'transfers', ranges: transferRanges, purgeRanges: [] },",
    features: { deletion: 0.4, sweeps: 8, streamAttempts: 1, messagingFailures: 0.4, damage: 0 },
  },

  // what sweeps would hide
  {
    name: 'hidden by sweeps: chores that were not sent are taken for sent',
    file: 'lib/shell/chore-queue.ts',
    oldText: 'sendBatches(chores, { ...call, hasTime }),',
    newText: 'sendBatches(chores, { ...call, hasTime }).then((unsent) => unsent.slice(unsent.length)),',
  },
  {
    name: 'hidden by sweeps: a chore does not announce what is pending since its own instant',
    file: 'lib/rules/announce-account.ts',
    oldText: 'pendingUpdateSince <= since',
    newText: 'pendingUpdateSince < since',
  },
  {
    name: 'hidden by sweeps: of the changes in a batch the first gets the chore',
    file: 'lib/shell/chore-queue.ts',
    oldText: '(b.since > a.since ? b : a)',
    newText: '(b.since > a.since ? a : b)',
  },
  {
    name: 'hidden by sweeps: a batch call that failed as a whole is taken for done',
    file: 'lib/shell/batch-calls.ts',
    oldText: 'return call.map((item) => unsentFor(item, signsOfError(error)));',
    newText: 'return call.slice(call.length).map((item) => unsentFor(item, signsOfError(error)));',
  },
  {
    name: 'hidden by sweeps: a look at the past decides which transfers are left to credit',
    file: 'lib/shell/credit-recipients.ts',
    oldText: "time === 'first' ? undefined : store.loadRecords(slice, { consistent: true }),",
    newText: "time === 'first' ? undefined : store.loadRecords(slice, { consistent: false }),",
  },
  {
    name: 'hidden by sweeps: a page that can not be read is skipped, and all after it',
    file: 'lib/shell/sweep.ts',
    oldText: 'const page = await withRetries(() => work.readPage(progress, from), invocation);',
    newText:
      'const page = await withRetries(() => work.readPage(progress, from), invocation).catch(() => ({ items: [], corrupt: [], readCount: 0, next: undefined }));',
  },

  // what worlds have to be led to
  {
    name: 'aimed: a purge takes along what has just been credited',
    file: 'lib/storage/ledger-store.ts',
    oldText: '? { Delete: { TableName, Key: encodeAccountKey(key), ...condition } }',
    newText: '? { Delete: { TableName, Key: encodeAccountKey(key) } as never }',
    features: DEPARTURES,
  },
  {
    name: 'aimed: a throttle of the API is no passing failure',
    file: 'lib/storage/sdk-errors.ts',
    oldText: "  'Throttling',\n",
    newText: '',
  },
  {
    name: 'aimed: a transaction that is still being done is no passing failure',
    file: 'lib/storage/sdk-errors.ts',
    oldText: "  'TransactionInProgress',\n",
    newText: '',
  },
  {
    name: 'aimed: a request is taken for the same by its ID alone',
    file: 'lib/rules/prepare-transfer.ts',
    oldText: 'known.requestTs === message.ts &&',
    newText: '(known.requestTs === message.ts || known.requestTs !== message.ts) ||',
  },
  {
    name: 'aimed: an account takes one prepared transfer too many',
    file: 'lib/rules/prepare-transfer.ts',
    oldText: 'sender.pendingTransfersCount >= MAX_PENDING_TRANSFERS',
    newText: 'sender.pendingTransfersCount > MAX_PENDING_TRANSFERS',
  },
  {
    name: 'aimed: transfers beyond a full transaction are forgotten',
    file: 'lib/shell/account-groups.ts',
    oldText: 'rest = rest.slice(slice.length);',
    newText: 'rest = rest.slice(rest.length);',
    features: CROWD,
  },
  {
    name: 'aimed: an account that a credit creates starts without the interest rate of its currency',
    file: 'lib/shell/credit-recipients.ts',
    oldText: 'terms: termsOfCurrency(roots.readable(rootKey)),',
    newText: "terms: termsOfCurrency(roots.readable('')),",
    features: { agents: 0.6, interest: 1 },
  },
  {
    name: 'aimed: a reminder is written and never published',
    file: 'lib/rules/projection.ts',
    oldText: "return after.status === 'prepared' && after.preparation",
    newText: "return after.status !== 'prepared' && after.preparation",
  },
  {
    name: 'aimed: one unreadable item holds up all that is read with it',
    file: 'lib/storage/loaded-items.ts',
    oldText: 'return this.#faults.get(key);',
    newText: 'return this.#faults.get(key) ?? [...this.#faults.values()][0];',
    features: { damage: 0.1 },
  },
];
