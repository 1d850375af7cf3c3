import { describe, expect } from 'vitest';
import { it } from './support/end-to-end-test.ts';
import { fromNow, isAboutNow } from './support/instants.ts';
import { accountId, finalizeTransfer, prepareTransfer } from './support/requests.ts';
import type { WireMessage } from './support/wire-json.ts';

const ALICE = 0x01_00_00_00_00_00_01n;
const BOB = 0x01_00_00_00_00_00_02n;
const FOREIGNER = 0x02_00_00_00_00_00_03n;
const NOBODY = 0x01_00_00_00_00_00_04n;
const LEAVING = 0x01_00_00_00_00_00_05n;

interface Fault {
  readonly what: string;
  readonly fault: WireMessage;
  readonly status_code: string;
}

/** In the order of the specification's checks: each row also fails the checks of the rows below it. */
const FAULTS: readonly Fault[] = [
  { what: 'is no account ID', fault: { recipient: '01' }, status_code: 'RECIPIENT_IS_UNREACHABLE' },
  {
    what: 'does not exist',
    fault: { recipient: accountId(NOBODY) },
    status_code: 'RECIPIENT_IS_UNREACHABLE',
  },
  {
    what: 'is to be deleted',
    fault: { recipient: accountId(LEAVING) },
    status_code: 'RECIPIENT_IS_UNREACHABLE',
  },
  {
    what: 'is paid by an account that does not exist',
    fault: { creditor_id: NOBODY, coordinator_id: NOBODY },
    status_code: 'SENDER_IS_UNREACHABLE',
  },
  {
    what: "belongs to another agent than the paying agent's",
    fault: { coordinator_type: 'agent', recipient: accountId(FOREIGNER) },
    status_code: 'RECIPIENT_IS_UNREACHABLE',
  },
  { what: 'is the sender', fault: { recipient: accountId(ALICE) }, status_code: 'RECIPIENT_SAME_AS_SENDER' },
  {
    what: 'would be paid at an interest rate that changed since',
    fault: { final_interest_rate_ts: '2020-01-01T00:00:00Z' },
    status_code: 'NEWER_INTEREST_RATE',
  },
  {
    what: 'would get more than the sender has',
    fault: { final_interest_rate_ts: '9999-01-01T00:00:00Z' },
    status_code: 'INSUFFICIENT_AVAILABLE_AMOUNT',
  },
];

describe('PrepareTransfer is rejected when the recipient', () => {
  it.for(FAULTS)('$what: $status_code', async ({ fault, status_code }, { currency }) => {
    const { debtorId, openRoot, open, send, receive } = currency;
    await openRoot({ config_data: '{"type":"RootConfigData","rate":1.0}' });
    await Promise.all([open(ALICE), open(BOB), open(FOREIGNER), open(LEAVING, { config_flags: 1n })]);
    const prepare = prepareTransfer({
      debtor_id: debtorId,
      creditor_id: ALICE,
      recipient: accountId(BOB),
      min_locked_amount: 1n,
      max_locked_amount: 9_223_372_036_854_775_807n,
      coordinator_request_id: -9_223_372_036_854_775_808n,
      ...fault,
    });
    await send(prepare);
    const { topic, message } = await receive('RejectedTransfer');
    expect(isAboutNow(message.ts)).toBe(true);
    expect({ topic, message }).toStrictEqual({
      topic: 'to_coordinators',
      message: {
        type: 'RejectedTransfer',
        debtor_id: debtorId,
        creditor_id: prepare.creditor_id,
        ts: message.ts,
        coordinator_type: prepare.coordinator_type,
        coordinator_id: prepare.coordinator_id,
        coordinator_request_id: -9_223_372_036_854_775_808n,
        status_code,
        total_locked_amount: 0n,
      },
    });
  });
});

describe('An announced instant', () => {
  it('that a client sends back is the same instant, and one microsecond before it is not', async ({
    currency,
  }) => {
    const { debtorId, openRoot, open, send, receive } = currency;
    await openRoot({ config_data: '{"type":"RootConfigData","rate":-50}' });
    const { last_interest_rate_change_ts: changedAt = '' } = await open(ALICE, { ts: fromNow(0) });
    await open(BOB);
    const prepare = {
      debtor_id: debtorId,
      creditor_id: ALICE,
      recipient: accountId(BOB),
      min_locked_amount: 0n,
      max_locked_amount: 0n,
    };
    await send(prepareTransfer({ ...prepare, final_interest_rate_ts: changedAt }));
    const { message: prepared } = await receive('PreparedTransfer');
    expect(prepared.final_interest_rate_ts).toBe(changedAt);
    await send(finalizeTransfer(prepared, { committed_amount: 1n }));
    const { message: finalized } = await receive('FinalizedTransfer');
    // The check of the interest rate comes first, so it has passed.
    expect(finalized.status_code).toBe('INSUFFICIENT_AVAILABLE_AMOUNT');

    await send(prepareTransfer({ ...prepare, final_interest_rate_ts: oneMicrosecondBefore(changedAt) }));
    const { message: rejected } = await receive('RejectedTransfer');
    expect(rejected.status_code).toBe('NEWER_INTEREST_RATE');
  });
});

function oneMicrosecondBefore(text: unknown): string {
  const [, seconds = '', fraction = '000000'] = /^(.{19})(?:\.(\d{6}))?/.exec(String(text)) ?? [];
  const microseconds = BigInt(Date.parse(`${seconds}Z`)) * 1000n + BigInt(fraction) - 1n;
  const milliseconds = Number(microseconds / 1000n);
  return new Date(milliseconds)
    .toISOString()
    .replace('Z', `${microseconds % 1000n}`.padStart(3, '0').concat('Z'));
}
