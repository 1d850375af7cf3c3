import { describe, expect, it } from 'vitest';
import { NO_PROGRESS } from '../../../lib/operations/progress.ts';
import {
  type RepublishResult,
  republish,
  type Selection,
} from '../../../lib/operations/republish/republish.ts';
import { parseOutgoingMessage } from '../../../lib/protocol/codec.ts';
import type { Topic } from '../../../lib/protocol/routing.ts';
import { printTimestamp } from '../../../lib/protocol/timestamps.ts';
import type { EventTopics, UnpublishedEntry } from '../../../lib/shell/event-topics.ts';
import { TableReader } from '../../../lib/storage/table-reader.ts';
import { wireTablesOf } from '../../support/audits.ts';
import { DEFAULT_SETTINGS } from '../../support/builders.ts';
import { ALICE, aSampleLedger, atMinute, BOB, CAROL, ROOT } from '../../support/sample-ledger.ts';
import { TestSurroundings } from '../../support/shell-surroundings.ts';
import type { WireTables } from '../../support/wire-tables.ts';

const SETTINGS = {
  ...DEFAULT_SETTINGS,
  accountUpdateDelaySeconds: 1,
  accountsScanSeconds: 1,
  preparedTransfersScanSeconds: 1,
};
const ALWAYS = { from: undefined, to: undefined };
const ALL: Selection = { account: undefined, range: ALWAYS, withIncoming: true };

/** Topics that refuse the first few entries, and keep the others as `topic type creditor ts`. */
class KeptTopics implements EventTopics {
  readonly published: string[] = [];
  readonly attributes: Readonly<Record<string, string>>[] = [];
  #refusals: number;

  constructor(refusals = 0) {
    this.#refusals = refusals;
  }

  readonly publish: EventTopics['publish'] = async (topic: Topic, entries) => {
    const failed: UnpublishedEntry[] = [];
    for (const item of entries) {
      const { body, attributes } = item;
      if (this.#refusals > 0) {
        this.#refusals -= 1;
        failed.push({ item, kind: 'unavailable', reason: 'try again' });
      } else {
        const { type, creditorId, ts } = parseOutgoingMessage(body);
        this.published.push(`${topic} ${type} ${creditorId} ${printTimestamp(ts).slice(5, 16)}`);
        this.attributes.push(attributes);
      }
    }
    return failed;
  };
}

function republished(
  selection: Partial<Selection>,
  topics: EventTopics | undefined,
  tables: WireTables = wireTablesOf(aSampleLedger().world),
): Promise<RepublishResult> {
  return republish(
    { ...ALL, ...selection },
    {
      reader: new TableReader(tables, { accounts: 'Accounts', transfers: 'Transfers' }),
      topics,
      settings: SETTINGS,
      surroundings: new TestSurroundings(),
      progress: NO_PROGRESS,
      segmentCount: 2,
      onMessage: () => {},
    },
  );
}

describe('Republishing', () => {
  it('sends all messages about one account, and those alone', async () => {
    const topics = new KeptTopics();
    const result = await republished({ account: BOB }, topics);
    expect(result).toStrictEqual({
      counts: new Map([
        ['AccountUpdate', 1],
        ['AccountTransfer', 2],
        ['PreparedTransfer', 1],
        ['FinalizedTransfer', 1],
      ]),
      failedCount: 0,
      unreadable: [],
    });
    expect(topics.published.sort()).toStrictEqual([
      'to_coordinators FinalizedTransfer 1099511627778 12-20T00:41',
      'to_coordinators PreparedTransfer 1099511627778 12-20T00:40',
      'to_creditors AccountTransfer 1099511627778 12-20T00:22',
      'to_creditors AccountTransfer 1099511627778 12-20T00:41',
      'to_creditors AccountUpdate 1099511627778 12-20T00:41',
    ]);
  });

  it('leaves out what the account has received, where that is not asked for', async () => {
    const topics = new KeptTopics();
    await republished({ account: BOB, withIncoming: false }, topics);
    expect(topics.published.sort()).toStrictEqual([
      'to_coordinators FinalizedTransfer 1099511627778 12-20T00:41',
      'to_coordinators PreparedTransfer 1099511627778 12-20T00:40',
      'to_creditors AccountTransfer 1099511627778 12-20T00:41',
      'to_creditors AccountUpdate 1099511627778 12-20T00:41',
    ]);
  });

  it('sends what a root account is told to the topic of debtors', async () => {
    const topics = new KeptTopics();
    await republished(
      { account: ROOT, withIncoming: false, range: { ...ALWAYS, from: atMinute(100) } },
      topics,
    );
    expect(topics.published).toStrictEqual(['to_debtors AccountUpdate 0 01-09T00:01']);
    expect(topics.attributes).toStrictEqual([
      { type: 'AccountUpdate', debtor_id: '1', creditor_id: '0', routing_key: '00.00.00.00.00.00.00.01' },
    ]);
  });

  it('sends all messages of a range of time, its beginning included and its end not', async () => {
    const topics = new KeptTopics();
    await republished({ range: { from: atMinute(90), to: atMinute(110) } }, topics);
    expect(topics.published.sort()).toStrictEqual([
      'to_coordinators PreparedTransfer 1099511627777 12-20T01:40',
      'to_coordinators RejectedTransfer 1099511627777 12-20T01:30',
      'to_creditors RejectedConfig 1099511627777 12-20T01:35',
    ]);
  });

  it('sends the end of a deleted account', async () => {
    const topics = new KeptTopics();
    await republished({ account: CAROL, range: { ...ALWAYS, from: atMinute(111) } }, topics);
    expect(topics.published.sort()).toStrictEqual([
      'to_creditors AccountTransfer 1099511627779 01-09T00:00',
      'to_creditors AccountUpdate 1099511627779 01-09T00:00',
    ]);
  });

  it('sends nothing in a dry run, and counts the same', async () => {
    const result = await republished({ account: BOB }, undefined);
    expect([...result.counts.values()]).toStrictEqual([1, 2, 1, 1]);
  });

  it('tries again what could not be published', async () => {
    const topics = new KeptTopics(3);
    const { failedCount } = await republished({ account: BOB }, topics);
    expect([failedCount, topics.published.length]).toStrictEqual([0, 5]);
  });

  it('tells how many messages could not be published at all', async () => {
    const { failedCount } = await republished({ account: BOB }, new KeptTopics(1_000));
    expect(failedCount).toBe(5);
  });

  it('sends the messages of all other items when one can not be read', async () => {
    const { world, transfers } = aSampleLedger();
    const tables = wireTablesOf(world);
    tables.tables.Transfers = tables.tables.Transfers?.map((item) =>
      item.transferId?.N === `${transfers.prepared.transferId}`
        ? { ...item, preparation: { S: 'much' } }
        : item,
    ) as never;
    const topics = new KeptTopics();
    const { unreadable } = await republished(
      { range: { from: atMinute(90), to: atMinute(110) } },
      topics,
      tables,
    );
    expect(unreadable).toStrictEqual([
      `Item 1:1099511627777:${transfers.prepared.transferId % 16n} / ${transfers.prepared.transferId} of the transfers table can't be read: attribute preparation is missing or illegal.`,
    ]);
    expect(topics.published.length).toBe(2);
  });

  it('knows nothing about an account that is not there', async () => {
    const { counts } = await republished({ account: { ...ALICE, debtorId: 9n } }, new KeptTopics());
    expect(counts).toStrictEqual(new Map());
  });
});
