import { describe, expect, it } from 'vitest';
import { MAX_INT64 } from '../../../lib/protocol/integers.ts';
import { type CorruptionCase, findingsAfter, inAccount, inAccountItem } from '../../support/corruptions.ts';
import { payment } from '../../support/ledger-world.ts';
import {
  ALICE,
  AUDITED_AT,
  atMinute,
  BOB,
  CAROL,
  DAVE,
  ERIN,
  OLD_ROOT,
  ROOT,
} from '../../support/sample-ledger.ts';

const ITEMS: readonly CorruptionCase[] = [
  [
    'no principal',
    inAccountItem(ALICE, { principal: undefined }),
    [
      "readable-items | the tables | Item 1:1099511627777 of the accounts table can't be read: attribute principal is missing or illegal.",
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'a principal that is no integer',
    inAccountItem(BOB, { principal: { N: '1.5' } }),
    [
      "readable-items | the tables | Item 1:1099511627778 of the accounts table can't be read: attribute principal is missing or illegal.",
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'an interest that is no number',
    inAccountItem(DAVE, { interest: { S: 'much' } }),
    [
      "readable-items | the tables | Item 2:1099511627777 of the accounts table can't be read: attribute interest is missing or illegal.",
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'a key that nobody looks under',
    inAccountItem(DAVE, { account: { S: '2:01099511627777' } }),
    [
      'readable-items | the tables | Item 2:01099511627777 lies under a key that is not written in this form.',
      "existing-accounts | account 2:1099511627777 | it does not exist, but kept transfers show that it did at 2027-01-05T00:00:00+00:00, and it can't have been purged since",
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'a key that names no account',
    inAccountItem(CAROL, { account: { S: 'nobody' } }),
    [
      "existing-accounts | account 1:1099511627779 | it does not exist, but kept transfers show that it did at 2027-01-09T00:00:00+00:00, and it can't have been purged since",
      "readable-items | the tables | Item nobody of the accounts table can't be read: its account key is illegal.",
    ],
  ],
  [
    'a principal beyond int64',
    inAccount(ALICE, { principal: MAX_INT64 + 1n }),
    [
      'readable-items | account 1:1099511627777 | principal is 9223372036854775808, outside of -9223372036854775808 … 9223372036854775807',
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'an instant beyond the year 9999',
    inAccount(BOB, { announcedAt: 1n << 62n }),
    [
      'readable-items | account 1:1099511627778 | announcedAt is 4611686018427387904, outside of -62135596800000000 … 253402300799999999',
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
  [
    'a creation date that is none',
    inAccount(CAROL, { creationDate: '2026-13-01' }),
    [
      'readable-items | account 1:1099511627779 | creationDate is "2026-13-01", which is not a date',
      "unverified | whether the principals and the credits under way add up to 0, since 1 of its items can't be read",
    ],
  ],
];

const SUMS: readonly CorruptionCase[] = [
  [
    'a greater principal',
    inAccount(ALICE, { principal: 943n }),
    [
      'principals | account 1:1099511627777 | number 6 (transfer <committed>) says principal 938; by the later transfers and the present principal it was 943',
      'conservation | currency 1 | the principals and the credits under way add up to 5 instead of 0',
    ],
  ],
  [
    'a smaller principal of the root account',
    inAccount(ROOT, { principal: -1_001n }),
    ['conservation | currency 1 | the principals and the credits under way add up to -3 instead of 0'],
  ],
  [
    'a wrong mark of what was clipped',
    inAccount(ALICE, { clippedAmount: 5n }),
    ['conservation | currency 1 | the principals and the credits under way add up to 5 instead of 0'],
  ],
  [
    'a principal that older transfers than are kept have made',
    inAccount(ERIN, { principal: 101n }),
    [
      'principals | account 3:1099511627777 | number 6 (transfer <toErin>) says principal 100; by the later transfers and the present principal it was 101',
      'conservation | currency 3 | the principals and the credits under way add up to 1 instead of 0',
    ],
  ],
  [
    'no account any more',
    ({ world }) => {
      world.accounts.delete('1:1099511627777');
      return undefined;
    },
    [
      "existing-accounts | account 1:1099511627777 | it does not exist, but kept transfers show that it did at 2027-01-15T07:59:00+00:00, and it can't have been purged since",
      'locks | account 1:1099511627777 | it does not exist, but prepared transfers of it: 1',
      'conservation | currency 1 | the principals and the credits under way add up to -938 instead of 0',
    ],
  ],
  [
    'no account any more, whose last transfer is days old',
    ({ world }) => {
      world.accounts.delete('2:1099511627777');
      return undefined;
    },
    [
      "existing-accounts | account 2:1099511627777 | it does not exist, but kept transfers show that it did at 2027-01-05T00:00:00+00:00, and it can't have been purged since",
      'conservation | currency 2 | the principals and the credits under way add up to -1004172 instead of 0',
    ],
  ],
  [
    'no root account any more',
    ({ world }) => {
      world.accounts.delete('1:0');
      return undefined;
    },
    [
      "existing-accounts | account 1:0 | it does not exist, but kept transfers show that it did at 2027-01-09T00:01:00+00:00, and it can't have been purged since",
      'conservation | currency 1 | the principals and the credits under way add up to 998 instead of 0',
    ],
  ],
  [
    'the whole ledger of another currency in the place of its own',
    ({ world }) => {
      world.put({ ...world.account(ERIN), principal: world.account(DAVE).principal });
      return undefined;
    },
    [
      'principals | account 3:1099511627777 | number 6 (transfer <toErin>) says principal 100; by the later transfers and the present principal it was 1004172',
      'conservation | currency 3 | the principals and the credits under way add up to 1004072 instead of 0',
    ],
  ],
];

const LOCKS: readonly CorruptionCase[] = [
  [
    'a greater total locked amount',
    inAccount(ALICE, { totalLockedAmount: 31n }),
    [
      'locks | account 1:1099511627777 | its total locked amount is 31 and its pending count 1, but its prepared transfers are 1 and lock 30',
    ],
  ],
  [
    'a greater pending count',
    inAccount(ALICE, { pendingTransfersCount: 2 }),
    [
      'locks | account 1:1099511627777 | its total locked amount is 30 and its pending count 2, but its prepared transfers are 1 and lock 30',
    ],
  ],
  [
    'negative locks',
    inAccount(BOB, { totalLockedAmount: -1n, pendingTransfersCount: -1 }),
    [
      'locks | account 1:1099511627778 | its total locked amount is -1',
      'locks | account 1:1099511627778 | its pending count is -1',
      'locks | account 1:1099511627778 | its total locked amount is -1 and its pending count -1, but its prepared transfers are 0 and lock 0',
    ],
  ],
  [
    'prepared transfers of an account that is deleted',
    inAccount(ALICE, {
      deletedAt: AUDITED_AT,
      principal: 0n,
      totalLockedAmount: 0n,
      pendingTransfersCount: 0,
    }),
    [
      'principals | account 1:1099511627777 | number 6 (transfer <committed>) says principal 938; by the later transfers and the present principal it was 0',
      'locks | account 1:1099511627777 | it is deleted, but prepared transfers of it: 1',
      'conservation | currency 1 | the principals and the credits under way add up to -938 instead of 0',
    ],
  ],
  [
    'prepared transfers of an account that is not there',
    ({ world }) => {
      const root = { debtorId: 4n, creditorId: 0n };
      world.put({ ...world.account(OLD_ROOT), ...root, principal: 0n });
      world.put({ ...world.account(ERIN), debtorId: 4n, principal: 0n });
      world.handle(payment(root, ERIN.creditorId, 5n, atMinute(200)), atMinute(200));
      world.accounts.delete('4:0');
      return undefined;
    },
    [
      'transfer-numbers | account 4:1099511627777 | number 6 is missing',
      "existing-accounts | account 4:0 | it does not exist, but kept transfers show that it did at 2026-12-20T03:20:00+00:00, and it can't have been purged since",
      'locks | account 4:0 | it does not exist, but prepared transfers of it: 1',
    ],
  ],
];

const NUMBERS: readonly CorruptionCase[] = [
  [
    'a last transfer number that is too low',
    inAccount(BOB, { lastTransferNumber: 1n }),
    [
      'transfer-numbers | account 1:1099511627778 | the last transfer, transfer <credited>, was committed at 2026-12-20T00:21:00+00:00, the account says 2026-12-20T00:41:00+00:00',
      'principals | account 1:1099511627778 | number 1 (transfer <credited>) says principal 100; by the later transfers and the present principal it was 50',
      'transfer-numbers | account 1:1099511627778 | transfer <returned> has number 2 of the account created on 2026-12-20; the account was created on 2026-12-20, and its last number is 1',
      'conservation | currency 1 | the principals and the credits under way add up to -50 instead of 0',
    ],
  ],
  [
    'a last transfer number that is too high',
    inAccount(BOB, { lastTransferNumber: 3n }),
    ['transfer-numbers | account 1:1099511627778 | number 3 is missing'],
  ],
  [
    'a last transfer number far too high',
    inAccount(BOB, { lastTransferNumber: 9n }),
    ['transfer-numbers | account 1:1099511627778 | numbers 3 to 9 are missing'],
  ],
  [
    'a wrong moment of the last transfer',
    inAccount(BOB, { lastTransferCommittedAt: atMinute(40) }),
    [
      'transfer-numbers | account 1:1099511627778 | the last transfer, transfer <returned>, was committed at 2026-12-20T00:41:00+00:00, the account says 2026-12-20T00:40:00+00:00',
    ],
  ],
  [
    'a last transfer before the first',
    inAccount(OLD_ROOT, { lastTransferCommittedAt: atMinute(40) }),
    [
      'transfer-numbers | account 3:0 | it has no transfers, but the last one was committed at 2026-12-20T00:40:00+00:00',
    ],
  ],
  [
    'a transfer number of a root account',
    inAccount(ROOT, { lastTransferNumber: 1n }),
    ['transfer-numbers | account 1:0 | it is a root account with last transfer number 1'],
  ],
  [
    'another creation date',
    inAccount(BOB, { creationDate: '2026-12-19' }),
    [
      'transfer-numbers | account 1:1099511627778 | numbers 1 to 2 are missing',
      'transfer-numbers | account 1:1099511627778 | transfer <returned> has number 2 of the account created on 2026-12-20; the account was created on 2026-12-19, and its last number is 2',
      'conservation | currency 1 | the principals and the credits under way add up to 50 instead of 0',
    ],
  ],
];

const STATES: readonly CorruptionCase[] = [
  [
    'rates out of bounds',
    inAccount(DAVE, { interestRate: 101, previousInterestRate: -51 }),
    [
      'account-states | account 2:1099511627777 | its interest rate is 101, outside of -50 … 100',
      'account-states | account 2:1099511627777 | its previous interest rate is -51, outside of -50 … 100',
    ],
  ],
  [
    'interest on a root account',
    inAccount(ROOT, { interest: 0.5, interestRate: 1 }),
    [
      'account-states | account 1:0 | it is a root account with interest 0.5',
      'account-states | account 1:0 | it is a root account with interest rate 1',
    ],
  ],
  [
    'something left on a deleted account',
    inAccount(CAROL, {
      interest: 0.5,
      totalLockedAmount: 1n,
      pendingTransfersCount: 1,
      pendingUpdateSince: AUDITED_AT,
    }),
    [
      'account-states | account 1:1099511627779 | it is deleted with interest 0.5',
      'account-states | account 1:1099511627779 | it is deleted with total locked amount 1',
      'account-states | account 1:1099511627779 | it is deleted with pending count 1',
      'account-states | account 1:1099511627779 | it is deleted with an update that is due',
    ],
  ],
  [
    'principal left on a deleted account',
    inAccount(CAROL, { principal: 1n }),
    [
      'account-states | account 1:1099511627779 | it is deleted with principal 1',
      'principals | account 1:1099511627779 | number 2 (transfer 1:1099511627779/7185482982767119839) says principal 0; by the later transfers and the present principal it was 1',
      'conservation | currency 1 | the principals and the credits under way add up to 1 instead of 0',
    ],
  ],
  [
    'a configuration that can not have been accepted',
    inAccount(BOB, { configData: 'none' }),
    ['account-states | account 1:1099511627778 | its configuration is not acceptable'],
  ],
  [
    'an update that is overdue',
    inAccount(BOB, { pendingUpdateSince: atMinute(37_859) }),
    ['announcements | account 1:1099511627778 | an update has been due since 2027-01-15T06:59:00+00:00'],
  ],
  [
    'a change that nobody was told of',
    inAccount(BOB, { announcedAt: atMinute(1) }),
    [
      'announcements | account 1:1099511627778 | it changed at 2026-12-20T00:41:00+00:00, was announced at 2026-12-20T00:01:00+00:00, and no update is due',
    ],
  ],
];

describe('An audit of an account with', () => {
  it.each([...ITEMS, ...SUMS, ...LOCKS, ...NUMBERS, ...STATES])('%s', async (_, corrupt, findings) => {
    expect(await findingsAfter(corrupt)).toStrictEqual(findings);
  });

  it.each([
    ['an update due since an hour', inAccount(BOB, { pendingUpdateSince: atMinute(37_860) })],
    ['a rate at the lower bound', inAccount(DAVE, { interestRate: -50, previousInterestRate: 100 })],
  ])('%s finds nothing', async (_, change) => {
    expect(await findingsAfter(change)).toStrictEqual([]);
  });
});
