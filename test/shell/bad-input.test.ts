/** Whatever arrives on the queue and can't be applied goes to the dead-letter queue at once, and disturbs nobody. */

import { describe, expect, it } from 'vitest';
import { printMessage } from '../../lib/protocol/codec.ts';
import type { DeadLetter } from '../../lib/shell/dead-letter-queue.ts';
import { type IncomingDelivery, processMessages } from '../../lib/shell/process-messages.ts';
import {
  aConfigureAccount,
  aPrepareTransfer,
  aTransfer,
  DEFAULT_SETTINGS,
  NOW,
  RECIPIENT_ID,
  STRANGER_ID,
} from '../support/builders.ts';
import { InMemoryStore } from '../support/in-memory-store.ts';

const NOISE = 'x'.repeat(262_144);

/** Processes one batch on a new store, and tells all that came of it. */
async function process(bodies: readonly string[], options: { store?: InMemoryStore; isDeaf?: boolean } = {}) {
  const { store = new InMemoryStore(), isDeaf = false } = options;
  const letters: DeadLetter[] = [];
  const warnings: unknown[] = [];
  const deliveries = bodies.map((body, index): IncomingDelivery => ({ messageId: `m${index + 1}`, body }));
  const returned = await processMessages(deliveries, {
    store: store.asStore(),
    deadLetters: {
      send: async (sent) => {
        letters.push(...sent);
        return isDeaf ? sent.map(({ messageId }) => messageId) : [];
      },
    },
    settings: DEFAULT_SETTINGS,
    surroundings: { now: () => NOW, pause: async () => {}, random: () => 0 },
    telemetry: {
      count: () => {},
      time: () => {},
      info: () => {},
      warn: (_message, details) => warnings.push(details),
    },
  });
  return { returned, letters, warnings, store };
}

describe('a body that can not be applied', () => {
  it.each([
    ['no JSON', 'hello', 'the text is not JSON'],
    ['nothing', '', 'the text is not JSON'],
    ['no object', '[]', 'the JSON is not an object'],
    ['an unknown type', '{"type":"AccountUpdate"}', 'type: unknown message type "AccountUpdate"'],
    ['a field too few', '{"type":"ConfigureAccount"}', 'ConfigureAccount.debtor_id: is missing'],
    [
      'a field out of range',
      printMessage(aConfigureAccount()).replace('"seqnum":0', '"seqnum":2147483648'),
      'ConfigureAccount.seqnum: must be an integer between -2147483648 and 2147483647',
    ],
    [
      'a number of 400 digits',
      printMessage(aConfigureAccount()).replace('"debtor_id":1', `"debtor_id":${'9'.repeat(400)}`),
      'ConfigureAccount.debtor_id: must be an integer between -9223372036854775808 and 9223372036854775807',
    ],
    ['256 KB of noise', NOISE, 'the text is not JSON'],
  ])(
    'for it is %s goes to the dead-letter queue as it came, with the reason',
    async (_case, body, reason) => {
      const { returned, letters, warnings, store } = await process([body]);
      expect(letters).toStrictEqual([{ messageId: 'm1', body, reason }]);
      expect(returned).toStrictEqual([]);
      expect(warnings).toStrictEqual([{ messageId: 'm1', reason }]);
      expect([...store.accounts, ...store.records]).toStrictEqual([]);
    },
  );

  it('holds up none of its neighbours', async () => {
    const { returned, letters, store } = await process([
      'hello',
      printMessage(aConfigureAccount()),
      '{"type":"ConfigureAccount"}',
      printMessage(aConfigureAccount({ creditorId: RECIPIENT_ID })),
      NOISE,
    ]);
    expect(returned).toStrictEqual([]);
    expect(letters.map(({ messageId }) => messageId)).toStrictEqual(['m1', 'm3', 'm5']);
    expect([...store.accounts.keys()]).toStrictEqual(['1:1099511627777', '1:1099511627778']);
  });

  it('comes back to its queue when the dead-letter queue does not take it, and only it does', async () => {
    const { returned } = await process(['hello', printMessage(aConfigureAccount())], { isDeaf: true });
    expect(returned).toStrictEqual(['m1']);
  });
});

describe('a request whose transfer ID is taken by another one', () => {
  it('goes to the dead-letter queue as well, and changes nothing', async () => {
    const store = new InMemoryStore();
    const body = printMessage(aPrepareTransfer({ creditorId: STRANGER_ID, coordinatorId: STRANGER_ID }));
    // 63 bits of the SHA-256 of the request, computed with Python's hashlib.
    const taken = aTransfer({
      sender: { debtorId: 1n, creditorId: STRANGER_ID },
      transferId: 443_939_480_389_723_507n,
    });
    store.records.set('1:1099511627779/443939480389723507', taken);
    const { returned, letters } = await process([body], { store });
    expect(letters).toStrictEqual([
      { messageId: 'm1', body, reason: 'transfer ID 443939480389723507 is taken by another request' },
    ]);
    expect(returned).toStrictEqual([]);
    expect([...store.records.values()]).toStrictEqual([taken]);
  });
});
