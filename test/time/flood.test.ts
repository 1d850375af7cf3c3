/** A drill: the incoming queue is flooded with messages that are refused, while payments go on. */

import { expect, it } from 'vitest';
import { printMessage } from '../../lib/protocol/codec.ts';
import type { FinalizeTransfer, IncomingMessage, OutgoingMessage } from '../../lib/protocol/messages.ts';
import { parseSettings } from '../../lib/shell/settings.ts';
import type { QueueDelivery, SourceQueue } from '../../lib/shell/source-queue.ts';
import { Random } from '../simulation/random.ts';
import {
  aConfigureAccount,
  aFinalizeTransfer,
  anIssuingTransfer,
  aPrepareTransfer,
  CREDITOR_ID,
  NOW,
  RECIPIENT_ID,
} from '../support/builders.ts';
import { QuietCloud } from './support/quiet-cloud.ts';

const FLOOD = 100_000;
const PAYMENTS = 500;
const EVENT = 10;
const REFUSED = ['nonsense', '{}', '{"type": "PrepareTransfer", "debtor_id": 1}', '{"type": "AccountPurge"}'];

/** A queue in the order of sending, whose messages are gone once they are deleted. */
class Flood {
  readonly #waiting: QueueDelivery[] = [];
  readonly #received = new Map<string, QueueDelivery>();
  #sent = 0;

  get count(): number {
    return this.#waiting.length + this.#received.size;
  }

  send(body: string): void {
    this.#sent += 1;
    const id = String(this.#sent);
    this.#waiting.push({ messageId: id, receiptHandle: id, receiveCount: 1, body });
  }

  receive(): QueueDelivery[] {
    const deliveries = this.#waiting.splice(0, EVENT);
    for (const delivery of deliveries) {
      this.#received.set(delivery.receiptHandle, delivery);
    }
    return deliveries;
  }

  delete(deliveries: readonly QueueDelivery[]): void {
    for (const { receiptHandle } of deliveries) {
      this.#received.delete(receiptHandle);
    }
  }

  readonly source: SourceQueue = {
    receive: async () => this.receive(),
    delete: async (deliveries) => {
      this.delete(deliveries);
      return 0;
    },
    delay: async () => {},
  };
}

function commitOf(message: OutgoingMessage): FinalizeTransfer | undefined {
  if (message.type !== 'PreparedTransfer') {
    return undefined;
  }
  const { debtorId, creditorId, transferId, coordinatorType, coordinatorId, coordinatorRequestId } = message;
  const request = { debtorId, creditorId, transferId, coordinatorType, coordinatorId, coordinatorRequestId };
  return aFinalizeTransfer({ ...request, committedAmount: message.lockedAmount, ts: NOW });
}

it('All payments are made through a flood of 100,000 refused messages, and only these are refused', async () => {
  const flood = new Flood();
  const commits: FinalizeTransfer[] = [];
  const cloud = new QuietCloud({
    start: NOW,
    settings: parseSettings({}),
    onPublished: (message) => commits.push(...[commitOf(message) ?? []].flat()),
  });
  const account = (creditorId: bigint, seqnum: number): IncomingMessage => {
    const root = { negligibleAmount: 1e18, configData: '{"type": "RootConfigData", "rate": 0}' };
    const ordinary = { negligibleAmount: 0, configData: '' };
    return aConfigureAccount({ creditorId, seqnum, ts: NOW, ...(creditorId === 0n ? root : ordinary) });
  };
  await cloud.send(account(0n, 1), account(CREDITOR_ID, 2), account(RECIPIENT_ID, 3));
  const total = BigInt(PAYMENTS);
  await cloud.send(
    anIssuingTransfer({
      minLockedAmount: total,
      maxLockedAmount: total,
      recipient: String(CREDITOR_ID),
      ts: NOW,
    }),
  );
  await cloud.send(...commits.splice(0));

  const random = new Random('flood');
  const payments = Array.from({ length: PAYMENTS }, (_, index) =>
    printMessage(
      aPrepareTransfer({
        coordinatorRequestId: BigInt(index + 1),
        minLockedAmount: 1n,
        maxLockedAmount: 1n,
        recipient: String(RECIPIENT_ID),
        ts: NOW,
      }),
    ),
  );
  const junk = Array.from({ length: FLOOD }, () => random.pick(REFUSED));
  for (const body of random.shuffled([...junk, ...payments])) {
    flood.send(body);
  }
  const refused: string[] = [];
  const deadLetters = {
    send: async (letters: readonly { readonly body: string }[]) => {
      refused.push(...letters.map(({ body }) => body));
      return [];
    },
  };
  while (flood.count > 0) {
    const event = flood.receive();
    const returned = await cloud.handleEvent(event, { queue: flood.source, deadLetters });
    expect(returned).toStrictEqual([]);
    flood.delete(event);
    for (const commit of commits.splice(0)) {
      flood.send(printMessage(commit));
    }
  }
  expect(refused.length).toBe(FLOOD);
  expect(refused.filter((body) => !REFUSED.includes(body))).toStrictEqual([]);
  expect(cloud.accounts.find(({ creditorId }) => creditorId === RECIPIENT_ID)?.principal).toBe(total);
  expect(cloud.accounts.reduce((sum, { principal }) => sum + principal, 0n)).toBe(0n);
  const arrivals = cloud.publications.filter(
    ({ message }) => message.type === 'AccountTransfer' && message.creditorId === RECIPIENT_ID,
  );
  expect(arrivals.length).toBe(PAYMENTS);
}, 60_000);
