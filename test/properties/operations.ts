/** Random operations on a ledger: batches, races, credits, chores, and a clock that goes forward and back. */

import fc from 'fast-check';
import { printAccountId } from '../../lib/protocol/account-ids.ts';
import { transferIdOf } from '../../lib/rules/transfer-ids.ts';
import { printRecordKey } from '../../lib/storage/record-keys.ts';
import { aMessage, CREDITOR_IDS, DEBTOR_IDS, type Draft } from './drafts.ts';
import type { LedgerModel } from './ledger-model.ts';

const MICROSECONDS = 1_000_000n;

/** One step. `name` is its line in the log; `run` adds the bodies of the messages it sends to `sent`. */
export interface Operation {
  readonly name: string;
  readonly run: (model: LedgerModel, sent: string[]) => void;
}

const aBatch: fc.Arbitrary<Operation> = fc.array(aMessage, { minLength: 1, maxLength: 6 }).map((drafts) => ({
  name: `${drafts.length} messages`,
  run: (model, sent) => model.receive(send(drafts, model, sent)),
}));

/** Two batches are decided from the same state; the later one has to decide again. */
const aRace: fc.Arbitrary<Operation> = fc
  .tuple(
    fc.array(aMessage, { minLength: 1, maxLength: 4 }),
    fc.array(aMessage, { minLength: 1, maxLength: 4 }),
  )
  .map(([first, second]) => ({
    name: 'a race of two batches',
    run: (model, sent) => {
      const groups = [first, second].flatMap((drafts) => [
        ...model.parse(send(drafts, model, sent)).values(),
      ]);
      const decisions = groups.map((messages) => ({ messages, decided: model.decide(messages) }));
      for (const { messages, decided } of decisions) {
        if (!model.commit(decided)) {
          model.decideAndCommit(messages);
        }
      }
    },
  }));

/** Credits to one recipient; the same unchanged transfers must be refused a second time. */
const aCredit: fc.Arbitrary<Operation> = fc
  .record({ pick: fc.nat(), count: fc.integer({ min: 1, max: 5 }) })
  .map(
    ({ pick, count }): Operation => ({
      name: 'a credit, delivered twice',
      run: (model) => {
        const open = model.committed;
        const first = open[pick % Math.max(open.length, 1)];
        const together = open.filter(
          (transfer) =>
            transfer.recipientId === first?.recipientId && transfer.sender.debtorId === first.sender.debtorId,
        );
        const slice = together.slice(0, count);
        if (!model.credit(slice) || (slice.length > 0 && model.credit(slice))) {
          throw new Error(`credited not just once: ${slice.map(printRecordKey)}`);
        }
      },
    }),
  );

const anAnnouncement: fc.Arbitrary<Operation> = fc.nat().map((pick) => ({
  name: 'an announcement',
  run: (model) => {
    const pending = model.accounts.filter(({ pendingUpdateSince }) => pendingUpdateSince !== undefined);
    const account = pending[pick % Math.max(pending.length, 1)];
    if (account !== undefined) {
      model.announce(account);
    }
  },
}));

const aWait: fc.Arbitrary<Operation> = fc
  .oneof(
    { arbitrary: fc.integer({ min: 1, max: 60 }), weight: 4 },
    { arbitrary: fc.constantFrom(-3_600, -1, 0), weight: 1 },
    { arbitrary: fc.constantFrom(86_400, 8 * 86_400, 15 * 86_400, 31 * 86_400, 110 * 86_400), weight: 2 },
  )
  .map((seconds) => ({
    name: `${seconds} s pass`,
    run: (model) => {
      model.now += BigInt(seconds) * MICROSECONDS;
    },
  }));

const aSweep: fc.Arbitrary<Operation> = fc.constantFrom(
  { name: 'a sweep', run: (model: LedgerModel) => model.sweep() },
  { name: 'expired items go', run: (model: LedgerModel) => model.forgetExpired() },
);

export const anOperation: fc.Arbitrary<Operation> = fc
  .oneof(
    { arbitrary: aBatch, weight: 10 },
    { arbitrary: aRace, weight: 2 },
    { arbitrary: aCredit, weight: 5 },
    { arbitrary: anAnnouncement, weight: 2 },
    { arbitrary: aWait, weight: 3 },
    { arbitrary: aSweep, weight: 2 },
  )
  .map((operation) => ({ ...operation, [fc.toStringMethod]: () => operation.name }));

function send(drafts: readonly Draft[], model: LedgerModel, sent: string[]): string[] {
  const bodies = drafts.map((draft) => draft(model, sent));
  sent.push(...bodies);
  return bodies;
}

/**
 * Accounts that exist and have money, since otherwise most random requests would be rejected. The second currency
 * may issue as much as int64 holds.
 */
export function openAccounts(model: LedgerModel): void {
  for (const debtorId of DEBTOR_IDS) {
    const ts = model.now;
    const negligibleAmount = debtorId === DEBTOR_IDS[0] ? 1e6 : 1e300;
    const configData = '{"type":"RootConfigData","rate":5}';
    const root = { debtorId, creditorId: 0n, negligibleAmount, configFlags: 0, configData, ts, seqnum: 0 };
    model.decideAndCommit([{ type: 'ConfigureAccount', ...root }]);
    for (const creditorId of CREDITOR_IDS.slice(1, 4)) {
      const account = { ...root, creditorId, negligibleAmount: 0, configData: '' };
      model.decideAndCommit([{ type: 'ConfigureAccount', ...account }]);
      issue(model, debtorId, creditorId, debtorId === DEBTOR_IDS[0] ? 100_000n : 2n ** 61n);
    }
  }
}

function issue(model: LedgerModel, debtorId: bigint, creditorId: bigint, amount: bigint): void {
  const coordinator = {
    coordinatorType: 'issuing',
    coordinatorId: debtorId,
    coordinatorRequestId: creditorId,
  };
  const request = {
    type: 'PrepareTransfer' as const,
    debtorId,
    creditorId: 0n,
    ...coordinator,
    minLockedAmount: amount,
    maxLockedAmount: amount,
    recipient: printAccountId(creditorId),
    finalInterestRateTs: model.now,
    maxCommitDelay: 60,
    ts: model.now,
  };
  model.decideAndCommit([
    request,
    {
      type: 'FinalizeTransfer',
      debtorId,
      creditorId: 0n,
      transferId: transferIdOf(request),
      ...coordinator,
      committedAmount: amount,
      transferNote: '',
      transferNoteFormat: '',
      ts: model.now,
    },
  ]);
  model.credit(model.committed);
}
