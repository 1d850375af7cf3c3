/** Random messages, valid and broken, drafted for the present state of a ledger. */

import fc from 'fast-check';
import { printAccountId } from '../../lib/protocol/account-ids.ts';
import { printMessage } from '../../lib/protocol/codec.ts';
import type { LedgerModel } from './ledger-model.ts';

export const DEBTOR_IDS = [1n, -2n] as const;
/** The root account, two of agent 1, one of agent 2, and the one whose account ID is the highest. */
export const CREDITOR_IDS = [0n, 1_099_511_627_777n, 1_099_511_627_778n, 2_199_023_255_553n, -1n] as const;
const MICROSECONDS = 1_000_000n;

/** Makes the body of a message for the present state and the bodies sent before. */
export type Draft = (model: LedgerModel, sent: readonly string[]) => string;

const aDebtorId = fc.constantFrom(...DEBTOR_IDS);
const aCreditorId = fc.constantFrom(...CREDITOR_IDS);
const anOffset = fc.oneof(
  { arbitrary: fc.constantFrom(-1n, 0n, 1n), weight: 4 },
  { arbitrary: fc.bigInt({ min: -30n * 86_400n, max: 86_400n }).map((s) => s * MICROSECONDS), weight: 1 },
);
const anAmount = fc.oneof(
  fc.bigInt({ min: 0n, max: 2_000n }),
  fc.constantFrom(0n, 1n, 2n, 1_000_000n, 2n ** 63n - 1n),
);

const CONFIG_DATA = [
  '',
  '{"type":"RootConfigData","rate":100}',
  '{"type":"RootConfigData","rate":-50,"limit":5000}',
  '{"type":"RootConfigData","rate":7.25,"info":{"type":"DebtorInfo","iri":"https://example.com/"}}',
  'unacceptable',
] as const;

const aConfiguration: fc.Arbitrary<Draft> = fc
  .record({
    debtorId: aDebtorId,
    creditorId: aCreditorId,
    negligibleAmount: fc.constantFrom(0, 0.5, 2, 50, 1e300),
    configFlags: fc.constantFrom(0, 0, 0, 1, -2),
    configData: fc.oneof(
      { arbitrary: fc.constant(''), weight: 3 },
      { arbitrary: fc.constantFrom(...CONFIG_DATA), weight: 1 },
    ),
    offset: anOffset,
    seqnum: fc.constantFrom(-2_147_483_648, -1, 0, 1, 2_147_483_647),
  })
  .map(
    ({ offset, ...fields }) =>
      ({ now }) =>
        printMessage({ type: 'ConfigureAccount', ...fields, ts: now + offset }),
  );

const aRequest: fc.Arbitrary<Draft> = fc
  .record({
    debtorId: aDebtorId,
    creditorId: aCreditorId,
    coordinatorType: fc.constantFrom('direct', 'direct', 'issuing', 'agent', 'swap'),
    coordinatorRequestId: fc.bigInt({ min: 0n, max: 4n }),
    amounts: fc.tuple(anAmount, anAmount),
    recipient: fc.oneof(
      { arbitrary: aCreditorId.map(printAccountId), weight: 12 },
      { arbitrary: fc.constantFrom('', '-1', '007', '18446744073709551616'), weight: 1 },
    ),
    rateOffset: fc.constantFrom(-(10n ** 16n), 0n, 10n ** 16n, 10n ** 16n, 10n ** 16n, 10n ** 16n),
    maxCommitDelay: fc.constantFrom(0, 3_600, 2_147_483_647, 2_147_483_647, 2_147_483_647),
    offset: anOffset,
  })
  .map(({ amounts: [a, b], rateOffset, offset, coordinatorType, ...fields }) => ({ now }) => {
    const [minLockedAmount, maxLockedAmount] = a < b ? [a, b] : [b, a];
    const issuer = { creditorId: 0n, coordinatorId: fields.debtorId };
    return printMessage({
      type: 'PrepareTransfer',
      ...fields,
      coordinatorType,
      coordinatorId: fields.creditorId,
      ...(coordinatorType === 'issuing' ? issuer : {}),
      minLockedAmount: minLockedAmount / 4n,
      maxLockedAmount,
      finalInterestRateTs: now + rateOffset,
      ts: now + offset,
    });
  });

const aFinalization: fc.Arbitrary<Draft> = fc
  .record({
    pick: fc.nat(),
    share: fc.constantFrom(0n, 50n, 100n, 100n, 100n, 101n, 1000n),
    fault: fc.constantFrom(
      'none',
      'none',
      'none',
      'none',
      'none',
      'none',
      'id',
      'type',
      'coordinator',
      'request',
    ),
    prefersPrepared: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  })
  .map(({ pick, share, fault, prefersPrepared }) => (model, sent) => {
    const all = model.transfers;
    const prepared = all.filter(({ status }) => status === 'prepared');
    const candidates = prefersPrepared && prepared.length > 0 ? prepared : all;
    const transfer = candidates[pick % candidates.length];
    if (transfer === undefined) {
      return sent.at(-1) ?? 'nothing to finalize';
    }
    const { coordinatorType, coordinatorId, coordinatorRequestId } = transfer.request;
    return printMessage({
      type: 'FinalizeTransfer',
      ...transfer.sender,
      transferId: transfer.transferId + (fault === 'id' ? 1n : 0n),
      coordinatorType: fault === 'type' ? 'other' : coordinatorType,
      coordinatorId: coordinatorId + (fault === 'coordinator' ? 1n : 0n),
      coordinatorRequestId: coordinatorRequestId + (fault === 'request' ? 1n : 0n),
      committedAmount: clamp(((transfer.preparation?.lockedAmount ?? 7n) * share + 99n) / 100n),
      transferNote: 'note',
      transferNoteFormat: '',
      ts: model.now,
    });
  });

const aCopy: fc.Arbitrary<Draft> = fc
  .nat()
  .map((pick) => (_model, sent) => sent[sent.length - 1 - (pick % Math.max(sent.length, 1))] ?? '{}');

const BROKEN_LITERALS = [
  '1.5',
  '1e400',
  `-${'9'.repeat(400)}`,
  'null',
  '"\\ud800"',
  '{}',
  '"x"',
  '-1',
  'true',
] as const;

/** A message with a replaced value, a cut text, or pure noise. A result that is still valid counts as a message. */
const aBrokenOne: fc.Arbitrary<Draft> = fc
  .record({
    draft: fc.oneof(aConfiguration, aRequest, aFinalization),
    at: fc.nat(),
    literal: fc.constantFrom(...BROKEN_LITERALS),
    damage: fc.constantFrom('value', 'value', 'cut', 'key', 'type', 'noise'),
    noise: fc.string({ unit: 'binary', maxLength: 50 }),
  })
  .map(({ draft, at, literal, damage, noise }) => (model, sent) => {
    const text = draft(model, sent);
    const values = [...text.matchAll(/:("[^"]*"|[^,}]+)/g)];
    const value = values[at % Math.max(values.length, 1)];
    switch (damage) {
      case 'value':
        return value === undefined
          ? text
          : `${text.slice(0, value.index + 1)}${literal}${text.slice(value.index + value[0].length)}`;
      case 'cut':
        return text.slice(0, at % text.length);
      case 'key':
        return text.replace(/"ts":/, '"TS":');
      case 'type':
        return text.replace(/"type":"/, '"type":"Un');
      default:
        return noise;
    }
  });

export const aMessage = fc.oneof(
  { arbitrary: aConfiguration, weight: 3 },
  { arbitrary: aRequest, weight: 6 },
  { arbitrary: aFinalization, weight: 6 },
  { arbitrary: aCopy, weight: 3 },
  { arbitrary: aBrokenOne, weight: 3 },
);

function clamp(amount: bigint): bigint {
  return amount > 2n ** 63n - 1n ? 2n ** 63n - 1n : amount;
}
