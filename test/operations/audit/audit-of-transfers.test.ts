import { describe, expect, it } from 'vitest';
import type { FinalizationStatus, RejectionStatus } from '../../../lib/protocol/status-codes.ts';
import { aPayment, aPreparation } from '../../support/builders.ts';
import {
  type CorruptionCase,
  findingsAfter,
  gone,
  inPart,
  inTransfer,
  inTransferItem,
  underOtherId,
  without,
} from '../../support/corruptions.ts';
import { ALICE, AUDITED_AT, atMinute, BOB } from '../../support/sample-ledger.ts';

const ENTRY = { creationDate: '2026-12-20', transferNumber: 1n, principal: 52n };

const ITEMS: readonly CorruptionCase[] = [
  [
    'an unreadable preparation',
    inTransferItem('prepared', { preparation: { S: 'lost' } }),
    [
      "readable-items | the tables | Item 1:1099511627777:14 / 4208670227538053278 of the transfers table can't be read: attribute preparation is missing or illegal.",
      "unverified | the locks of account 1:1099511627777, since 1 of its prepared transfers can't be read",
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'no status',
    inTransferItem('dismissed', { status: undefined }),
    [
      "readable-items | the tables | Item 1:1099511627777:3 / 3876503878382867171 of the transfers table can't be read: attribute status is missing or illegal.",
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'an unknown status',
    inTransferItem('dismissed', { status: { S: 'lost' } }),
    [
      "readable-items | the tables | Item 1:1099511627777:3 / 3876503878382867171 of the transfers table can't be read: its status is lost, which a transfer of type direct never has.",
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'half an amount',
    inTransferItem('committed', { payment: { N: '7.5' } }),
    [
      "readable-items | the tables | Item 1:1099511627777:6 / 6915487846911202630 of the transfers table can't be read: attribute payment is missing or illegal.",
      'transfer-numbers | account 1:1099511627777 | number 6 is missing',
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'a deadline beyond the year 9999',
    inPart('prepared', 'preparation', { deadline: 1n << 62n }),
    [
      'readable-items | transfer <prepared> | deadline is 4611686018427387904, outside of -62135596800000000 … 253402300799999999',
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'a transfer number below 1',
    inPart('credited', 'payment', { senderEntry: { ...ENTRY, transferNumber: 0n } }),
    [
      'readable-items | transfer <credited> | senderEntry.transferNumber is 0, outside of 1 … 9223372036854775807',
      'transfer-numbers | account 1:1099511627777 | number 2 is missing',
      'transfer-numbers | account 1:1099511627778 | number 1 is missing',
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
];

const STEPS: readonly CorruptionCase[] = [
  [
    'credited without a credit',
    without('negligible', 'credit'),
    [
      "readable-items | the tables | Item 1:1099511627777:6 / 1896897527381208054 of the transfers table can't be read: its status is credited, yet it has no credit.",
      'transfer-numbers | account 1:1099511627777 | number 3 is missing',
      'principals | account 1:1099511627778 | number 1 (transfer <credited>) says principal 100; by the later transfers and the present principal it was 102',
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'committed without a payment',
    without('committed', 'payment'),
    [
      "readable-items | the tables | Item 1:1099511627777:6 / 6915487846911202630 of the transfers table can't be read: its status is committed, yet it has no payment.",
      'transfer-numbers | account 1:1099511627777 | number 6 is missing',
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'dismissed without a finalization',
    without('dismissed', 'finalization'),
    [
      "readable-items | the tables | Item 1:1099511627777:3 / 3876503878382867171 of the transfers table can't be read: its status is dismissed, yet it has no finalization.",
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'prepared with a payment',
    inTransfer('prepared', () => ({ payment: aPayment() })),
    [
      "readable-items | the tables | Item 1:1099511627777:14 / 4208670227538053278 of the transfers table can't be read: its status is prepared, yet it has a payment.",
      "unverified | the locks of account 1:1099511627777, since 1 of its prepared transfers can't be read",
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'rejected with a lock',
    inTransfer('rejected', () => ({ preparation: aPreparation() })),
    [
      "readable-items | the tables | Item 1:1099511627777:6 / 3098875962110191670 of the transfers table can't be read: its status is rejected, yet it has a preparation.",
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'interest that is only prepared',
    inTransfer('interest', () => ({ status: 'prepared' })),
    [
      "readable-items | the tables | Item 2:1099511627777:13 / 6960337790491837069 of the transfers table can't be read: its status is prepared, which a transfer of type interest never has.",
      'transfer-numbers | account 2:1099511627777 | number 2 is missing',
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'committed again after the credit',
    inTransfer('credited', () => ({ status: 'committed' })),
    [
      "readable-items | the tables | Item 1:1099511627777:14 / 4479763790476627870 of the transfers table can't be read: its status is committed, yet it has a credit.",
      'transfer-numbers | account 1:1099511627777 | number 2 is missing',
      'transfer-numbers | account 1:1099511627778 | number 1 is missing',
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'committed and about to expire',
    inTransfer('committed', () => ({ expiresAt: AUDITED_AT })),
    [
      'transfer-steps | transfer <committed> | it is not finished, but it expires at 2027-01-15T08:00:00+00:00',
    ],
  ],
  [
    'credited and never to expire',
    inTransfer('credited', () => ({ expiresAt: undefined })),
    [
      'transfer-steps | transfer <credited> | it was finished at 2026-12-20T00:22:00+00:00, but it never expires',
    ],
  ],
  [
    'rejected and to expire too early',
    inTransfer('rejected', () => ({ expiresAt: AUDITED_AT })),
    [
      'transfer-steps | transfer <rejected> | it was finished at 2026-12-20T01:30:00+00:00, but it expires at 2027-01-15T08:00:00+00:00 already',
    ],
  ],
  [
    'dismissed with an amount',
    inPart('dismissed', 'finalization', { committedAmount: 5n }),
    ['transfer-steps | transfer <dismissed> | it is dismissed with a committed amount of 5'],
  ],
  [
    'paid otherwise than finalized',
    inPart('credited', 'finalization', { committedAmount: 99n }),
    ['transfer-steps | transfer <credited> | its committed amount is 99, but 100 was paid'],
  ],
  [
    'paid at another moment',
    inPart('credited', 'finalization', { finalizedAt: atMinute(22) }),
    [
      'transfer-steps | transfer <credited> | it was finalized at 2026-12-20T00:22:00+00:00, but committed at 2026-12-20T00:21:00+00:00',
    ],
  ],
  [
    'paid after its deadline',
    inPart('credited', 'preparation', { deadline: atMinute(20) }),
    [
      'transfer-steps | transfer <credited> | it was committed at 2026-12-20T00:21:00+00:00, after its deadline 2026-12-20T00:20:00+00:00',
    ],
  ],
  [
    'paid, but timed out',
    inPart('credited', 'finalization', { statusCode: 'TIMEOUT' }),
    ['transfer-steps | transfer <credited> | it was paid, but finalized with TIMEOUT'],
  ],
  [
    'an unknown status code of a finalization',
    inPart('dismissed', 'finalization', { statusCode: 'GONE' as FinalizationStatus }),
    ['transfer-steps | transfer <dismissed> | it was finalized with the unknown status code GONE'],
  ],
  [
    'an unknown status code of a rejection',
    inPart('rejected', 'rejection', { statusCode: 'GONE' as RejectionStatus }),
    ['transfer-steps | transfer <rejected> | it was rejected with the unknown status code GONE'],
  ],
  [
    'a negative lock',
    inPart('prepared', 'preparation', { lockedAmount: -30n }),
    [
      'transfer-steps | transfer <prepared> | its locked amount is -30',
      'locks | account 1:1099511627777 | its total locked amount is 30 and its pending count 1, but its prepared transfers are 1 and lock -30',
    ],
  ],
  [
    'another lock than was counted',
    inPart('prepared', 'preparation', { lockedAmount: 29n }),
    [
      'locks | account 1:1099511627777 | its total locked amount is 30 and its pending count 1, but its prepared transfers are 1 and lock 29',
    ],
  ],
  [
    'its sender as recipient',
    inTransfer('prepared', () => ({ recipientId: ALICE.creditorId })),
    ['transfer-steps | transfer <prepared> | its recipient is its sender'],
  ],
  [
    'a recipient that does not exist',
    inTransfer('prepared', () => ({ recipientId: 99n })),
    [
      "existing-accounts | account 1:99 | it does not exist, but kept transfers show that it did at 2026-12-20T01:40:00+00:00, and it can't have been purged since",
    ],
  ],
  [
    'an entry of a root account that sends',
    inPart('issued', 'payment', { senderEntry: ENTRY }),
    ['transfer-steps | transfer <issued> | it has an entry in the ledger of a root account'],
  ],
  [
    'an entry of a root account that receives',
    inPart('interest', 'credit', { recipientEntry: ENTRY }),
    ['transfer-steps | transfer <interest> | it has an entry in the ledger of a root account'],
  ],
  [
    "no entry in its sender's ledger",
    inPart('credited', 'payment', { senderEntry: undefined }),
    [
      "transfer-steps | transfer <credited> | it has no entry in its sender's ledger",
      'transfer-numbers | account 1:1099511627777 | number 2 is missing',
    ],
  ],
  [
    'no entry of an agent transfer that can not be negligible',
    inTransfer('negligible', ({ request }) => ({ request: { ...request, coordinatorType: 'agent' } })),
    [
      'requests | transfer <negligible> | the ID of its request is 6864591788642578200',
      "transfer-steps | transfer <negligible> | it has no entry in its recipient's ledger",
    ],
  ],
  [
    'interest from an ordinary account',
    inTransfer('interest', () => ({ recipientId: BOB.creditorId })),
    [
      'transfer-steps | transfer <interest> | it is of type interest, but not paid to the root account',
      "transfer-steps | transfer <interest> | it has no entry in its recipient's ledger",
      "existing-accounts | account 2:1099511627778 | it does not exist, but kept transfers show that it did at 2027-01-09T00:01:00+00:00, and it can't have been purged since",
    ],
  ],
  [
    'interest for a coordinator',
    inTransfer('interest', ({ request }) => ({ request: { ...request, coordinatorId: 5n } })),
    ['transfer-steps | transfer <interest> | it has a coordinator, which such a payment never has'],
  ],
  [
    'no interest at all',
    inPart('interest', 'payment', { amount: 0n }),
    [
      'transfer-steps | transfer <interest> | it paid 0',
      'principals | account 2:1099511627777 | number 1 (transfer 2:0/2633603492699999221) says principal 1000000; by the later transfers and the present principal it was 1004172',
    ],
  ],
];

const REQUESTS: readonly CorruptionCase[] = [
  [
    'the same request twice',
    underOtherId('prepared', 77n, true),
    [
      'requests | transfer 1:1099511627777/77 | the ID of its request is 4208670227538053278',
      'locks | account 1:1099511627777 | its total locked amount is 30 and its pending count 1, but its prepared transfers are 2 and lock 60',
    ],
  ],
  [
    'another request than its ID says',
    inTransfer('dismissed', () => ({ requestTs: atMinute(79) })),
    ['requests | transfer <dismissed> | the ID of its request is 6555841954635133537'],
  ],
  [
    'a rejected configuration under another ID',
    underOtherId('rejectedConfig', -77n),
    [
      'requests | transfer 1:1099511627777/-77 | it is a rejected configuration whose ID is -7816467809062965908',
    ],
  ],
  [
    'interest under a negative ID',
    underOtherId('interest', -77n),
    ['requests | transfer 2:1099511627777/-77 | its ID is not a positive int64'],
  ],
];

const LEDGERS: readonly CorruptionCase[] = [
  [
    'a commit that is gone',
    gone('committed'),
    [
      'transfer-numbers | account 1:1099511627777 | number 6 is missing',
      'conservation | currency 1 | the principals and the credits under way add up to -8 instead of 0',
    ],
  ],
  [
    'a lock that is gone',
    gone('prepared'),
    [
      'locks | account 1:1099511627777 | its total locked amount is 30 and its pending count 1, but its prepared transfers are 0 and lock 0',
    ],
  ],
  [
    'a credited transfer that is gone',
    gone('returned'),
    [
      'transfer-numbers | account 1:1099511627777 | number 4 is missing',
      'transfer-numbers | account 1:1099511627778 | number 2 is missing',
    ],
  ],
  [
    'a negligible credit that is gone',
    gone('negligible'),
    [
      'transfer-numbers | account 1:1099511627777 | number 3 is missing',
      'principals | account 1:1099511627778 | number 1 (transfer <credited>) says principal 100; by the later transfers and the present principal it was 102',
    ],
  ],
  [
    'a number that is taken',
    inPart('returned', 'payment', { senderEntry: ENTRY }),
    [
      'transfer-numbers | account 1:1099511627778 | number 2 is missing',
      'transfer-numbers | account 1:1099511627778 | number 1 is taken by transfer <credited> and transfer <returned>',
    ],
  ],
  [
    'a number of a later account',
    inPart('toErin', 'credit', {
      recipientEntry: { creationDate: '2026-12-01', transferNumber: 6n, principal: 100n },
    }),
    [
      'transfer-numbers | account 3:1099511627777 | number 6 is missing',
      'transfer-numbers | account 3:1099511627777 | transfer <toErin> has number 6 of the account created on 2026-12-01; the account was created on 2025-06-01, and its last number is 6',
      'conservation | currency 3 | the principals and the credits under way add up to 10 instead of 0',
    ],
  ],
  [
    'another principal',
    inPart('negligible', 'payment', {
      senderEntry: { creationDate: '2026-12-20', transferNumber: 3n, principal: 897n },
    }),
    [
      'principals | account 1:1099511627777 | number 3 (transfer <negligible>) says principal 897; by the later transfers and the present principal it was 898',
    ],
  ],
  [
    'another amount',
    inTransfer('credited', ({ payment, finalization }) => ({
      payment: aPayment({ ...payment, amount: 99n }),
      ...(finalization && { finalization: { ...finalization, committedAmount: 99n } }),
    })),
    [
      'principals | account 1:1099511627777 | number 1 (transfer <issued>) says principal 1000; by the later transfers and the present principal it was 999',
      'principals | account 1:1099511627778 | it began with principal 0; by the later transfers and the present principal it was 1',
    ],
  ],
  [
    'another negligible amount',
    inPart('negligible', 'payment', { amount: 1n }),
    [
      'transfer-steps | transfer <negligible> | its committed amount is 2, but 1 was paid',
      'principals | account 1:1099511627777 | number 2 (transfer <credited>) says principal 900; by the later transfers and the present principal it was 899',
      'principals | account 1:1099511627778 | number 1 (transfer <credited>) says principal 100; by the later transfers and the present principal it was 101',
    ],
  ],
  [
    'a credit that is overdue',
    inPart('committed', 'payment', { committedAt: AUDITED_AT - 900_000_001n }),
    [
      'transfer-steps | transfer <committed> | it was finalized at 2027-01-15T07:59:00+00:00, but committed at 2027-01-15T07:44:59.999999+00:00',
      'transfer-numbers | account 1:1099511627777 | the last transfer, transfer <committed>, was committed at 2027-01-15T07:44:59.999999+00:00, the account says 2027-01-15T07:59:00+00:00',
      'credits | transfer <committed> | it was committed at 2027-01-15T07:44:59.999999+00:00 and is not credited',
    ],
  ],
];

describe('An audit of a transfer with', () => {
  it.each([...ITEMS, ...STEPS, ...REQUESTS, ...LEDGERS])('%s', async (_, corrupt, findings) => {
    expect(await findingsAfter(corrupt)).toStrictEqual(findings);
  });
});
