import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished } from 'vitest';
import { subscribeQueue, textQueue } from '../../lib/client/client.ts';
import { it } from './support/end-to-end-test.ts';
import { type InboxOptions, openInbox } from './support/inbox.ts';
import { receive } from './support/receive.ts';
import { accountId, prepareTransfer, routingKey } from './support/requests.ts';
import type { StackUnderTest } from './support/stack-under-test.ts';

const ALICE = 4_294_967_297n;
const BOB = 4_294_967_298n;

/** A subscriber that gets only some messages. */
async function subscriber(stack: StackUnderTest, options: InboxOptions) {
  const inbox = await openInbox(stack, options);
  onTestFinished(inbox.close);
  return inbox;
}

describe('A subscription', () => {
  it('with a prefix of the routing key gets the messages of its subnet of creditors alone', async ({
    stack,
    currency,
  }) => {
    const { openRoot, open, transfer } = currency;
    const agent = randomBytes(3).readUIntBE(0, 3);
    const member = (number: bigint) => BigInt.asIntN(64, (BigInt(agent) << 40n) + number);
    const neighbour = BigInt.asIntN(64, (BigInt(agent ^ 1) << 40n) + 1n);
    const prefix = routingKey(member(0n)).slice(0, 'aa.bb.cc.'.length);
    const subnet = await subscriber(stack, { filterPolicy: { routing_key: [{ prefix }] } });

    await Promise.all([openRoot(), open(member(1n)), open(neighbour)]);
    await transfer({ from: 0n, to: member(1n), amount: 100n });
    await transfer({ from: member(1n), to: neighbour, amount: 30n });
    await transfer({ from: neighbour, to: member(1n), amount: 20n });
    // Once this one has come, everything published before it has come, too.
    await open(member(2n));
    await subnet.take('the last account', ({ message }) => message.creditor_id === member(2n));

    const seen = subnet
      .history(({ message }) => message.type !== 'AccountUpdate')
      .map(({ message }) => [message.type, message.creditor_id, message.acquired_amount ?? null]);
    expect(sorted(seen)).toStrictEqual(
      sorted([
        ['PreparedTransfer', member(1n), null],
        ['FinalizedTransfer', member(1n), null],
        ['AccountTransfer', member(1n), 100n],
        ['AccountTransfer', member(1n), -30n],
        ['AccountTransfer', member(1n), 20n],
      ]),
    );
    const others = subnet.history(({ message }) => message.creditor_id === neighbour);
    expect(others).toStrictEqual([]);
  });

  it('can choose types of messages and of coordinators', async ({ stack, currency }) => {
    const { debtorId, openRoot, open, transfer, send, receive } = currency;
    const rejections = await subscriber(stack, {
      topics: ['to_coordinators'],
      filterPolicy: {
        debtor_id: [`${debtorId}`],
        type: ['PreparedTransfer', 'RejectedTransfer'],
        coordinator_type: [{ 'anything-but': ['issuing'] }],
      },
    });
    await Promise.all([openRoot(), open(ALICE), open(BOB)]);
    await transfer({ from: 0n, to: ALICE, amount: 100n });
    await transfer({ from: ALICE, to: BOB, amount: 30n });
    const tooMuch = { min_locked_amount: 1000n, max_locked_amount: 1000n, recipient: accountId(ALICE) };
    await send(prepareTransfer({ debtor_id: debtorId, creditor_id: BOB, ...tooMuch }));
    await receive('RejectedTransfer', { creditor_id: BOB });

    await rejections.take('the rejection', ({ message }) => message.type === 'RejectedTransfer');
    const seen = rejections.history(() => true).map(({ message }) => [message.type, message.creditor_id]);
    expect(sorted(seen)).toStrictEqual([
      ['PreparedTransfer', ALICE],
      ['RejectedTransfer', BOB],
    ]);
  });

  it('without raw delivery gets the same body and attributes in an envelope', async ({ stack, currency }) => {
    const { debtorId, open, receive: receiveRaw, send } = currency;
    const { sqs, sns, topicArns } = stack;
    const filter = { debtor_id: [`${debtorId}`] };
    const subscription = await subscribeQueue({
      ...{ sqs, sns, topicArns, queueName: `enveloped-${randomUUID()}` },
      subscribing: [{ topic: 'to_coordinators', filter }],
    });
    onTestFinished(() => subscription.remove());
    await sns.setSubscriptionAttributes({
      SubscriptionArn: subscription.subscriptionArns[0],
      AttributeName: 'RawMessageDelivery',
      AttributeValue: 'false',
    });
    await open(ALICE);
    const amounts = { min_locked_amount: 1n, max_locked_amount: 1n };
    await send(prepareTransfer({ debtor_id: debtorId, creditor_id: ALICE, recipient: '0', ...amounts }));

    const raw = await receiveRaw('RejectedTransfer');
    const queue = textQueue({ sqs, queueUrl: subscription.queueUrl });
    const [enveloped] = await receive(queue, AbortSignal.timeout(stack.patienceMs));
    const { Type, Message, MessageAttributes } = JSON.parse(enveloped?.body ?? '{}');
    expect(Type).toBe('Notification');
    expect(JSON.parse(Message).ts).toBe(raw.message.ts);
    expect(MessageAttributes).toStrictEqual(
      Object.fromEntries(
        Object.entries(raw.attributes).map(([name, Value]) => [name, { Type: 'String', Value }]),
      ),
    );
  });
});

function sorted(rows: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] {
  return rows.toSorted((a, b) => (a.map(String).join() < b.map(String).join() ? -1 : 1));
}
