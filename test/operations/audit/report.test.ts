import { describe, expect, it } from 'vitest';
import { reportOf, wireTablesOf } from '../../support/audits.ts';
import { type Corruption, inAccount, inAccountItem, inTransferItem } from '../../support/corruptions.ts';
import { ALICE, AUDITED_AT, aSampleLedger, BOB } from '../../support/sample-ledger.ts';
import { WireTables } from '../../support/wire-tables.ts';

const UNVERIFIED_NAMES = [
  'guarantee 1 is not verified: conservation',
  'guarantee 2 is not verified: principals fall only by own payments',
  'guarantee 3 is not verified: locks are those of the prepared transfers',
  'guarantee 4 is not verified: finalized once, credited once',
  'guarantee 5 is not verified: transfer numbers and principals follow each other',
  'guarantee 6 is not verified: every change is announced',
];

/** What is said of the first currency, up to its findings; and how it ends. */
async function reportAfter(corrupt: Corruption) {
  const ledger = aSampleLedger();
  const corruptItems = corrupt(ledger);
  const tables = wireTablesOf(ledger.world);
  corruptItems?.(tables);
  const { text, json } = await reportOf(tables, AUDITED_AT);
  const [heading = '', ...lines] = text.slice(2);
  const { brokenGuarantees, unverifiedGuarantees } = json.find(({ kind }) => kind === 'currency') ?? {};
  return {
    heading: heading.split(': ').slice(3).join(': '),
    guarantees: lines.map((line) => line.trim()).filter((line) => /^guarantee \d/.test(line)),
    end: text.at(-1),
    json: { brokenGuarantees, unverifiedGuarantees },
  };
}

describe('The report of an audit', () => {
  it('says of a sound currency that every guarantee holds', async () => {
    expect(await reportAfter(() => undefined)).toStrictEqual({
      heading: 'every guarantee holds.',
      guarantees: [],
      end: 'Every guarantee holds in 3 of 3 currencies. Findings in all: 0.',
      json: { brokenGuarantees: [], unverifiedGuarantees: [] },
    });
  });

  it('verifies nothing in a currency whose account is missing, and calls conservation broken', async () => {
    const gone: Corruption = ({ world }) => {
      world.accounts.delete('1:1099511627778');
      return undefined;
    };
    expect(await reportAfter(gone)).toStrictEqual({
      heading: 'findings: 2; guarantees that do not hold: 1 of 6, that could not be verified: 5.',
      guarantees: ['guarantee 1 does not hold: conservation', ...UNVERIFIED_NAMES.slice(1)],
      end: 'Every guarantee holds in 2 of 3 currencies. Findings in all: 2.',
      json: { brokenGuarantees: [1], unverifiedGuarantees: [2, 3, 4, 5, 6] },
    });
  });

  it.each<[string, Corruption]>([
    ["an account can't be read", inAccountItem(ALICE, { principal: { S: 'abc' } })],
    ['a value of an account is out of its range', inAccount(BOB, { announcedAt: 1n << 62n })],
    ["a transfer can't be read, though the sums fit", inTransferItem('rejected', { rejection: { S: 'x' } })],
  ])('verifies nothing in a currency where %s', async (_, corrupt) => {
    expect(await reportAfter(corrupt)).toStrictEqual({
      heading: 'findings: 1; guarantees that do not hold: 0 of 6, that could not be verified: 6.',
      guarantees: UNVERIFIED_NAMES,
      end: 'Every guarantee holds in 2 of 3 currencies. Findings in all: 1.',
      json: { brokenGuarantees: [], unverifiedGuarantees: [1, 2, 3, 4, 5, 6] },
    });
  });

  it('names a currency of which nothing can be read', async () => {
    const { text } = await reportOf(
      new WireTables({ Accounts: [{ account: { S: '7:0' } }], Transfers: [] }),
      AUDITED_AT,
    );
    expect(text[2]).toBe(
      'Currency 7 (accounts: 0): findings: 1; guarantees that do not hold: 0 of 6, that could not be verified: 6.',
    );
  });

  it('says that a ledger is empty, and claims nothing of it', async () => {
    const { text, json } = await reportOf(new WireTables({ Accounts: [], Transfers: [] }), AUDITED_AT);
    expect([text, json]).toStrictEqual([
      [
        'Audit of Accounts (items: 0) and Transfers (items: 0), as of 2027-01-15T08:00:00+00:00.',
        '',
        'The ledger is empty: both tables are without items, so there was nothing to verify.',
      ],
      [
        {
          kind: 'summary',
          accountsTable: 'Accounts',
          transfersTable: 'Transfers',
          at: '2027-01-15T08:00:00+00:00',
          accounts: 0,
          transfers: 0,
          isEmpty: true,
          findings: 0,
          neverVerified: expect.any(Array),
        },
      ],
    ]);
  });
});
