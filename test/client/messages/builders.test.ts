/** What the builders of messages fill in, and what they refuse. */

import { describe, expect, it } from 'vitest';
import {
  configureAccount,
  finalizeTransfer,
  MalformedMessageError,
  parseMessage,
  prepareTransfer,
  printMessage,
} from '../../../lib/client/messages.ts';

const CREDITOR = 4_294_967_297n;
const TS = 1_800_000_000_000_001n;

describe('a ConfigureAccount', () => {
  it('has defaults for all but the account and its time', () => {
    expect(configureAccount({ debtorId: 1n, creditorId: CREDITOR, ts: TS })).toStrictEqual({
      type: 'ConfigureAccount',
      debtorId: 1n,
      creditorId: 4_294_967_297n,
      negligibleAmount: 0,
      configFlags: 0,
      configData: '',
      ts: 1_800_000_000_000_001n,
      seqnum: 0,
    });
  });

  it('is refused with the name of each wrong field', () => {
    const build = () =>
      configureAccount({ debtorId: 2n ** 63n, creditorId: CREDITOR, negligibleAmount: -1, ts: TS });
    expect(build).toThrow(MalformedMessageError);
    expect(build).toThrow(/debtor_id: .*negligible_amount: /);
  });
});

describe('a PrepareTransfer', () => {
  const draft = { debtorId: 1n, recipient: -1n, maxLockedAmount: 250n, coordinatorRequestId: 7n, ts: TS };

  it('of a creditor is direct and locks exactly the amount', () => {
    expect(prepareTransfer({ ...draft, creditorId: CREDITOR })).toStrictEqual({
      type: 'PrepareTransfer',
      debtorId: 1n,
      creditorId: 4_294_967_297n,
      coordinatorType: 'direct',
      coordinatorId: 4_294_967_297n,
      coordinatorRequestId: 7n,
      minLockedAmount: 250n,
      maxLockedAmount: 250n,
      recipient: '18446744073709551615',
      finalInterestRateTs: 253_402_300_799_999_999n,
      maxCommitDelay: 2_147_483_647,
      ts: 1_800_000_000_000_001n,
    });
  });

  it('of a root account is issuing, for its debtor', () => {
    const { coordinatorType, coordinatorId } = prepareTransfer({ ...draft, creditorId: 0n });
    expect({ coordinatorType, coordinatorId }).toStrictEqual({
      coordinatorType: 'issuing',
      coordinatorId: 1n,
    });
  });

  it('is refused with a number where a bigint belongs, which may not be the number that was written', () => {
    const inexact = Number('9007199254740993') as unknown as bigint;
    expect(() => prepareTransfer({ ...draft, creditorId: CREDITOR, maxLockedAmount: inexact })).toThrow(
      new MalformedMessageError(
        'minLockedAmount, maxLockedAmount: write 64-bit integers and instants as bigints, as in 250n; numbers beyond 2^53 are not exact',
      ),
    );
  });

  it('is refused for a coordinator that may not speak for the account', () => {
    expect(() => prepareTransfer({ ...draft, creditorId: CREDITOR, coordinatorId: 5n })).toThrow(
      /coordinator_id/,
    );
  });
});

describe('a FinalizeTransfer', () => {
  const draft = {
    debtorId: 1n,
    creditorId: CREDITOR,
    transferId: 6_557_480_414_330_891_250n,
    coordinatorType: 'direct',
    coordinatorId: CREDITOR,
    coordinatorRequestId: 7n,
    committedAmount: 1n,
    ts: TS,
  };

  it('keeps all 64 bits of its IDs as text, and is read as it was written', () => {
    const message = finalizeTransfer(draft);
    expect(printMessage(message)).toContain('"transfer_id":6557480414330891250,');
    expect(parseMessage(printMessage(message))).toStrictEqual(message);
  });

  it('is refused with a note that is too long', () => {
    expect(() => finalizeTransfer({ ...draft, transferNote: 'é'.repeat(251) })).toThrow(/transfer_note/);
  });
});

describe('the text of a message', () => {
  it('from the authority is read, too', () => {
    const text =
      '{"type":"AccountPurge","debtor_id":1,"creditor_id":2,"ts":"2027-01-15T08:00:00Z","creation_date":"2026-09-21"}';
    expect(parseMessage(text)).toStrictEqual({
      type: 'AccountPurge',
      debtorId: 1n,
      creditorId: 2n,
      ts: 1_800_000_000_000_000n,
      creationDate: '2026-09-21',
    });
  });

  it.each(['', 'null', '[]', '{"type":"toString"}', '{"type":7}'])('is refused when it is %j', (text) => {
    expect(() => parseMessage(text)).toThrow(MalformedMessageError);
  });
});
