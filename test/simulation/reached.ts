/** What a long run must have come across. A branch of the code under test that no world reaches is one that no world tests. */

import type { SeedReport } from './run-seeds.ts';

/** In fewer worlds than these, something may be missing by chance. */
export const ENOUGH_SEEDS = 2_000;

const ANSWERS = [
  ...[
    'RECIPIENT_IS_UNREACHABLE',
    'SENDER_IS_UNREACHABLE',
    'TOO_MANY_TRANSFERS',
    'RECIPIENT_SAME_AS_SENDER',
  ].map((status) => `transfer rejected ${status}`),
  ...['NEWER_INTEREST_RATE', 'INSUFFICIENT_AVAILABLE_AMOUNT'].flatMap((status) => [
    `transfer rejected ${status}`,
    `transfer dismissed ${status}`,
  ]),
  'transfer rejected TIMEOUT',
  'transfer dismissed OK',
  'transfer dismissed TIMEOUT',
  'transfer committed OK',
  'transfer credited',
  'transfer reminded',
  'payment interest',
  'payment delete',
  'config rejected',
  'item expired',
];

const LIVES = [
  'account created by a credit',
  'account brought back',
  'account brought back by a credit',
  'account created anew',
  'account deleted',
  'account purged',
  'tombstone',
  'account clipped',
  'account rate changed',
  'purge refused',
];

/** What the code under test tells of its own work, by the names of its metrics. */
const TOLD = [
  'Messages.PrepareTransfer.refused',
  'Messages.malformed',
  'Messages.postponed',
  'Messages.taken',
  'Messages.taken.undeleted',
  'Messages.returned',
  'Credits.returned',
  'Chores.postponed',
  'Records.kept',
  'Records.notKept',
  'Notices.publish-events',
  'Again.published',
  'Sweep.accounts.corrupt',
  'Sweep.transfers.corrupt',
  'Sweep.accounts.failed',
  'Sweep.accounts.skipped',
  'Sweep.accounts.waits',
  'Sweep.transfers.waits',
  'Sweep.accounts.unknown-terms',
  'Sweep.accounts.adopt-terms',
  'Sweep.accounts.capitalize-interest',
  'Sweep.accounts.attempt-deletion',
  'Sweep.accounts.announce-overdue-update',
  'Sweep.accounts.heartbeat',
  'Sweep.accounts.purge',
  'Sweep.transfers.credit',
  'Sweep.transfers.remind',
].map((name) => `told ${name}`);

const FAULTS = [
  'throttles',
  'conflicts',
  'outages',
  'oddErrors',
  'failuresBefore',
  'failuresAfter',
  'lateWrites',
  'repeatedWrites',
  'unprocessedKeys',
  'staleReads',
  'newerRelease',
  'damage',
  'damagedRecords',
  'crashes',
  'lateStarts',
  'slowCalls',
  'clockJumps',
  'queueDuplicates',
  'queueLateDuplicates',
  'deadMessages',
  'messagingFailures',
  'streamRewinds',
  'streamOverlaps',
  'streamSplits',
  'streamStalls',
  'streamTrimmed',
  'streamFailures',
  'notices',
  'topicOutage',
  'topicDuplicates',
  'topicLosses',
  'falseIdentities',
  'copies after 20 days',
  'copies after 45 days',
  'full transactions',
];

export const MUST_BE_REACHED: readonly string[] = [...ANSWERS, ...LIVES, ...TOLD, ...FAULTS];

/** What the run should have come across and has not. */
export function notReached({ counts }: SeedReport): readonly string[] {
  return MUST_BE_REACHED.filter((name) => (counts[name] ?? 0) === 0);
}
