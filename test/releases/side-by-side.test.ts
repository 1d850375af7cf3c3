/**
 * Two releases write one ledger by turns, as during a deployment and after one was undone. It must be the ledger that either
 * would have written alone, and nothing of what only one of them knows may be lost.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printMessage } from '../../lib/protocol/codec.ts';
import type { IncomingMessage } from '../../lib/protocol/messages.ts';
import { transferIdOf } from '../../lib/rules/transfer-ids.ts';
import { encodeRecordKey } from '../../lib/storage/record-keys.ts';
import { toWire } from '../../lib/storage/wire-item.ts';
import {
  aConfigureAccount,
  aFinalizeTransfer,
  anIssuingTransfer,
  aPrepareTransfer,
  CREDITOR_ID,
  DEBTOR_ID,
  RECIPIENT_ID,
} from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { MemoryLedger, TABLE_NAMES } from '../support/memory-ledger.ts';
import { TestSurroundings } from '../support/shell-surroundings.ts';
import { newerReleaseClient } from './newer-release-client.ts';
import { recordOf } from './record-of.ts';
import { frozenRelease, type Release, THIS_RELEASE } from './release.ts';

const FROZEN = await frozenRelease(1);
const SECOND = 1_000_000n;

/** Who writes a step, and whether that release adds to its items what the other does not know. */
interface Turn {
  readonly release: Release;
  readonly isNewer: boolean;
}

class Ledger {
  readonly tables = new MemoryLedger();
  readonly surroundings = new TestSurroundings();
  #seen = 0;

  async receive(message: IncomingMessage, turn: Turn): Promise<void> {
    const deliveries = [{ messageId: '1', body: printMessage({ ...message, ts: this.surroundings.time }) }];
    const invocation = { ...this.#invocation(turn), deadLetters: { send: async () => [] } };
    expect(await turn.release.processMessages(deliveries, invocation)).toStrictEqual([]);
  }

  /** Whatever has been committed since the last time. */
  async credit(turn: Turn): Promise<void> {
    const records = this.tables.changes
      .slice(this.#seen)
      .filter(({ table }) => table === TABLE_NAMES.transfers)
      .map(recordOf);
    this.#seen = this.tables.changes.length;
    const { failed, unreadable } = await turn.release.creditRecords(records, this.#invocation(turn));
    expect([[...failed], unreadable]).toStrictEqual([[], []]);
  }

  #invocation({ release, isNewer }: Turn) {
    const client = isNewer ? newerReleaseClient(this.tables.client) : this.tables.client;
    const store = new release.LedgerStore(client, TABLE_NAMES, { consumed: () => {} });
    const { surroundings } = this;
    return anInvocation({ store, transactions: new release.SharedTransactions(), surroundings });
  }
}

/** A little life of three accounts: opened, issued to, paid, refused, dismissed, configured, refused a configuration. */
const LIFE: readonly ((ledger: Ledger, turn: Turn) => Promise<void>)[] = [
  opens(0n),
  opens(CREDITOR_ID),
  opens(RECIPIENT_ID),
  ...pays(1n, 1_000n, anIssuingTransfer({ recipient: String(CREDITOR_ID) })),
  ...pays(2n, 300n, aPrepareTransfer()),
  ...pays(3n, 0n, aPrepareTransfer({ maxLockedAmount: 100n })),
  ...pays(4n, 50n, aPrepareTransfer({ coordinatorType: 'two words, 5%', coordinatorId: 9n })),
  (ledger, turn) =>
    ledger.receive(aPrepareTransfer({ coordinatorRequestId: 5n, minLockedAmount: 5_000n }), turn),
  (ledger, turn) => ledger.receive(aConfigureAccount({ configData: 'not acceptable', seqnum: 2 }), turn),
  (ledger, turn) => ledger.receive(aConfigureAccount({ negligibleAmount: 7, seqnum: 3 }), turn),
];

function opens(creditorId: bigint) {
  return (ledger: Ledger, turn: Turn) =>
    ledger.receive(aConfigureAccount({ creditorId, negligibleAmount: creditorId === 0n ? 1e18 : 0 }), turn);
}

/** Prepares, finalizes and credits, each a step that another release may do. An amount of 0 dismisses. */
function pays(
  coordinatorRequestId: bigint,
  committedAmount: bigint,
  template: ReturnType<typeof aPrepareTransfer>,
) {
  const request = { ...template, coordinatorRequestId };
  const { creditorId, coordinatorType, coordinatorId } = request;
  let transferId = 0n;
  return [
    (ledger: Ledger, turn: Turn) => {
      transferId = transferIdOf({ ...request, ts: ledger.surroundings.time });
      return ledger.receive(request, turn);
    },
    (ledger: Ledger, turn: Turn) => {
      const triple = { coordinatorType, coordinatorId, coordinatorRequestId };
      const message = { creditorId, transferId, ...triple, committedAmount, transferNote: 'a note' };
      return ledger.receive(aFinalizeTransfer(message), turn);
    },
    (ledger: Ledger, turn: Turn) => ledger.credit(turn),
  ];
}

async function live(turns: readonly Turn[]): Promise<Ledger> {
  const ledger = new Ledger();
  for (const [index, step] of LIFE.entries()) {
    ledger.surroundings.time += SECOND;
    await step(ledger, turns[index] as Turn);
  }
  return ledger;
}

function withoutCarried<T extends object>(values: readonly T[]): T[] {
  return values.map((value) => ({ ...value, carried: undefined }));
}

const ALONE = await live(LIFE.map(() => ({ release: THIS_RELEASE, isNewer: false })));

const someTurns = fc.array(
  fc.record<Turn>({ release: fc.constantFrom(THIS_RELEASE, FROZEN), isNewer: fc.boolean() }),
  { minLength: LIFE.length, maxLength: LIFE.length },
);

describe('this release and the first', () => {
  it('write one ledger by turns, and it is as either would have written it', async () => {
    expect(ALONE.tables.account({ debtorId: DEBTOR_ID, creditorId: RECIPIENT_ID })?.principal).toBe(350n);
    await fc.assert(
      fc.asyncProperty(someTurns, async (turns) => {
        const { tables } = await live(turns);
        expect(withoutCarried(tables.accounts)).toStrictEqual(withoutCarried(ALONE.tables.accounts));
        expect(withoutCarried(tables.records)).toStrictEqual(withoutCarried(ALONE.tables.records));
      }),
      { numRuns: 60 },
    );
  });

  it('keep what the other has added, whoever writes next', async () => {
    await fc.assert(
      fc.asyncProperty(someTurns, async (turns) => {
        const { tables } = await live(turns);
        for (const { before, after } of tables.changes) {
          const added = before?.newerAttribute;
          expect(added === undefined || after === undefined ? added : after.newerAttribute).toStrictEqual(
            added,
          );
          const words = Object.keys(before ?? {}).filter((name) =>
            `${before?.[name]}`.endsWith(' newer words'),
          );
          expect(words.filter((name) => after && after[name] !== before?.[name])).toStrictEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('make the same messages of every change', async () => {
    const { tables } = await live(
      LIFE.map((_, index) => ({
        release: index % 2 === 0 ? THIS_RELEASE : FROZEN,
        isNewer: index % 3 === 0,
      })),
    );
    const { settings } = anInvocation();
    const messages = ({ changeOf, dueAfter }: Release) =>
      tables.changes.map((change, index) => dueAfter(changeOf(recordOf(change, index)), settings).events);
    expect(messages(FROZEN)).toStrictEqual(messages(THIS_RELEASE));
    expect(messages(FROZEN).flat().length).toBeGreaterThan(15);
  });
});

describe('an item of a newer form', () => {
  it.each([
    ['this release', THIS_RELEASE],
    ['the first release', FROZEN],
  ])('is refused by %s, and nothing is written', async (_, release) => {
    const ledger = new Ledger();
    const { tables } = ledger;
    await opens(CREDITOR_ID)(ledger, { release, isNewer: false });
    const [account] = tables.changes.map(({ after }) => after);
    tables.putItem('accounts', { ...account, form: 2n });
    const before = tables.changes.length;
    const deliveries = [{ messageId: '1', body: printMessage(aPrepareTransfer()) }];
    const store = new release.LedgerStore(tables.client, TABLE_NAMES, { consumed: () => {} });
    const invocation = anInvocation({ store, transactions: new release.SharedTransactions() });
    const returned = await release.processMessages(deliveries, {
      ...invocation,
      deadLetters: { send: async () => [] },
    });
    expect(returned).toStrictEqual(['1']);
    expect(tables.changes).toHaveLength(before);
  });

  it('is no transfer that can be read', () => {
    const key = encodeRecordKey({ sender: { debtorId: 1n, creditorId: 2n }, transferId: 3n });
    const image = toWire({ ...key, form: 2n, status: 'prepared' });
    const record = { dynamodb: { SequenceNumber: '1', Keys: toWire(key), NewImage: image } };
    expect(() => FROZEN.changeOf(record).images()).toThrow(
      'its form is 2, and this release knows forms up to 1',
    );
  });
});
