import { randomInt } from 'node:crypto';
import { describe, expect } from 'vitest';
import { createCurrency } from './support/currency.ts';
import { it } from './support/end-to-end-test.ts';
import { fromNow, instant, isAboutNow } from './support/instants.ts';
import { accountId, configureAccount, prepareTransfer, routingKey } from './support/requests.ts';

const ALICE = 4_294_967_297n;
const BOB = 4_294_967_298n;
const NEVER = '1970-01-01T00:00:00+00:00';

describe('ConfigureAccount', () => {
  it('opens an account and tells everything about it', async ({ currency }) => {
    const { debtorId, send, receive } = currency;
    const ts = fromNow(0).replace('Z', '456+00:00');
    const fields = { negligible_amount: 2.5, config_flags: -2n, ts, seqnum: 7n };
    await send(configureAccount({ debtor_id: debtorId, creditor_id: ALICE, ...fields }));

    const delivery = await receive('AccountUpdate');
    const announcedAt = delivery.message.ts ?? '';
    expect(isAboutNow(announcedAt)).toBe(true);
    expect(delivery).toStrictEqual({
      topic: 'to_creditors',
      attributes: {
        type: 'AccountUpdate',
        debtor_id: `${debtorId}`,
        creditor_id: '4294967297',
        routing_key: '00.00.00.01.00.00.00.01',
      },
      message: {
        type: 'AccountUpdate',
        debtor_id: debtorId,
        creditor_id: ALICE,
        ts: announcedAt,
        creation_date: String(announcedAt).slice(0, 10),
        last_change_ts: announcedAt,
        last_change_seqnum: delivery.message.last_change_seqnum,
        principal: 0n,
        interest: 0,
        interest_rate: 0,
        last_interest_rate_change_ts: NEVER,
        last_config_ts: ts,
        last_config_seqnum: 7n,
        negligible_amount: 2.5,
        config_flags: -2n,
        config_data: '',
        account_id: '4294967297',
        debtor_info_iri: '',
        debtor_info_content_type: '',
        debtor_info_sha256: '',
        last_transfer_number: 0n,
        last_transfer_committed_at: NEVER,
        demurrage_rate: -50,
        commit_period: 7_776_000n,
        transfer_note_max_bytes: 500n,
        ttl: 604_800n,
      },
    });
  });

  it("starts a new account on its currency's interest rate and debtor info", async ({ currency }) => {
    const sha256 = '00112233445566778899AABBCCDDEEFF'.repeat(2);
    const info = { type: 'DebtorInfo-v2', iri: 'https://example.com/жълт', contentType: 'text/html', sha256 };
    const configData = JSON.stringify({ type: 'RootConfigData', rate: 5.5, limit: 1000, info });
    const root = await currency.openRoot({ config_data: configData });
    const account = await currency.open(ALICE);

    expect(root).toMatchObject({ config_data: configData, interest_rate: 0, account_id: '0' });
    for (const update of [root, account]) {
      expect(update).toMatchObject({
        debtor_info_iri: 'https://example.com/жълт',
        debtor_info_content_type: 'text/html',
        debtor_info_sha256: sha256,
      });
    }
    expect(account.interest_rate).toBe(5.5);
    expect(account.last_interest_rate_change_ts).toBe(account.last_change_ts);
  });

  it('sends what concerns a root account to its debtor', async ({ currency }) => {
    const { debtorId, send, receive } = currency;
    await send(configureAccount({ debtor_id: debtorId, creditor_id: 0n }));
    const { topic, attributes } = await receive('AccountUpdate');
    expect({ topic, attributes }).toStrictEqual({
      topic: 'to_debtors',
      attributes: {
        type: 'AccountUpdate',
        debtor_id: `${debtorId}`,
        creditor_id: '0',
        routing_key: routingKey(debtorId),
      },
    });
  });

  it('keeps every ID of 64 bits exactly, as it does in account IDs and routing keys', async ({
    stack,
    inbox,
  }) => {
    const someNumber = BigInt(randomInt(2 ** 40));
    const lowest = createCurrency(stack, inbox, -(2n ** 63n) + someNumber);
    const highest = createCurrency(stack, inbox, 2n ** 63n - 1n - someNumber);
    const expected = [
      [2n ** 63n - 1n, '9223372036854775807', '7f.ff.ff.ff.ff.ff.ff.ff'],
      [-(2n ** 63n), '9223372036854775808', '80.00.00.00.00.00.00.00'],
      [-2n, '18446744073709551614', 'ff.ff.ff.ff.ff.ff.ff.fe'],
    ] as const;
    for (const { debtorId, send, receive } of [lowest, highest]) {
      for (const [creditor_id, account_id, routing_key] of expected) {
        await send(configureAccount({ debtor_id: debtorId, creditor_id }));
        const { message, attributes } = await receive('AccountUpdate', { creditor_id });
        expect({ account_id: message.account_id, ...attributes }).toStrictEqual({
          account_id,
          type: 'AccountUpdate',
          debtor_id: `${debtorId}`,
          creditor_id: `${creditor_id}`,
          routing_key,
        });
      }
    }
  });

  it.for([
    { negligible_amount: 1e300, config_flags: 2_147_483_646n, seqnum: 2_147_483_647n },
    { negligible_amount: 5e-324, config_flags: -2_147_483_648n, seqnum: -2_147_483_648n },
    { negligible_amount: 0.1, config_flags: 1n, seqnum: 0n },
    { negligible_amount: 1.7976931348623157e308, config_flags: -1n, seqnum: -1n },
  ])('keeps the numbers of a configuration exactly: $negligible_amount', async (numbers, { currency }) => {
    const { seqnum, ...others } = numbers;
    expect(await currency.open(ALICE, numbers)).toMatchObject({ ...others, last_config_seqnum: seqnum });
  });

  it.for([
    ['2027-01-02T03:04:05.000001+14:00', '2027-01-01T13:04:05.000001+00:00'],
    ['2027-01-01T00:00:00.999999-00:30', '2027-01-01T00:30:00.999999+00:00'],
    ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999+00:00'],
    ['2027-01-02 03:04:05.1Z', '2027-01-02T03:04:05.100000+00:00'],
  ] as const)('echoes the instant %s to the microsecond', async ([ts, echoed], { currency }) => {
    const update = await currency.open(ALICE, { ts });
    expect(update.last_config_ts).toBe(echoed);
  });

  it('applies the later of two configurations, in whichever order they come', async ({ currency }) => {
    const { debtorId, send, open } = currency;
    const ts = fromNow(0);
    const first = { ts, seqnum: 2_147_483_647n, negligible_amount: 1 };
    const second = { ts, seqnum: -2_147_483_648n, negligible_amount: 2 };
    const third = { ts: fromNow(60_000), seqnum: -2_147_483_648n, negligible_amount: 3 };
    const config = { debtor_id: debtorId, creditor_id: ALICE };

    const afterFirst = await open(ALICE, first);
    const afterSecond = await open(ALICE, second);
    const afterThird = await open(ALICE, third);
    expect(afterSecond.negligible_amount).toBe(2);
    expect(instant(afterSecond.last_change_ts)).toBeGreaterThanOrEqual(instant(afterFirst.last_change_ts));
    expect(Number(afterSecond.last_change_seqnum)).toBeGreaterThan(Number(afterFirst.last_change_seqnum));

    await send(
      configureAccount({ ...config, ...first }),
      configureAccount({ ...config, ...second }),
      configureAccount({ ...config, ...third }),
    );
    const afterFourth = await open(ALICE, { ...third, seqnum: -2_147_483_647n });
    expect(afterFourth.last_change_seqnum).toBe((afterThird.last_change_seqnum as bigint) + 1n);
  });

  it('does not create an account for a message that is too old', async ({ currency }) => {
    const { debtorId, send, receive, open } = currency;
    await open(BOB);
    const eightDaysAgo = fromNow(-8 * 86_400_000);
    await send(configureAccount({ debtor_id: debtorId, creditor_id: ALICE, ts: eightDaysAgo }));
    await send(
      prepareTransfer({
        debtor_id: debtorId,
        creditor_id: ALICE,
        recipient: accountId(BOB),
        min_locked_amount: 0n,
        max_locked_amount: 0n,
      }),
    );
    const { message } = await receive('RejectedTransfer');
    expect(message.status_code).toBe('SENDER_IS_UNREACHABLE');
  });

  it.for([
    [ALICE, 'to_creditors', 'not for ordinary accounts: "é"'],
    [0n, 'to_debtors', '{"type": "RootConfigData", "rate": 100.5}'],
  ] as const)(
    'rejects a configuration of account %s that is not acceptable, and changes nothing',
    async ([creditor_id, topic, config_data], { currency }) => {
      const { debtorId, send, receive, open } = currency;
      const before = await open(creditor_id);
      const ts = '2027-11-22T12:00:00.000007+01:00';
      const config = { negligible_amount: 1e300, config_flags: 3n, config_data, ts, seqnum: -5n };
      await send(configureAccount({ debtor_id: debtorId, creditor_id, ...config }));

      const delivery = await receive('RejectedConfig');
      expect(isAboutNow(delivery.message.ts)).toBe(true);
      expect(delivery).toStrictEqual({
        topic,
        attributes: {
          type: 'RejectedConfig',
          debtor_id: `${debtorId}`,
          creditor_id: `${creditor_id}`,
          routing_key: creditor_id === 0n ? routingKey(debtorId) : '00.00.00.01.00.00.00.01',
        },
        message: {
          type: 'RejectedConfig',
          debtor_id: debtorId,
          creditor_id,
          ts: delivery.message.ts,
          config_ts: '2027-11-22T11:00:00.000007+00:00',
          config_seqnum: -5n,
          config_flags: 3n,
          negligible_amount: 1e300,
          config_data,
          rejection_code: 'INVALID_CONFIGURATION',
        },
      });
      const after = await open(creditor_id, { seqnum: 1n, ts: fromNow(60_000) });
      expect(after.last_change_seqnum).toBe((before.last_change_seqnum as bigint) + 1n);
    },
  );
});
