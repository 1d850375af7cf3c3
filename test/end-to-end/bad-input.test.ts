import { describe, expect } from 'vitest';
import { receiveDeadLetters } from './support/dead-letters.ts';
import { it } from './support/end-to-end-test.ts';
import { configureAccount, prepareTransfer } from './support/requests.ts';
import { printWire } from './support/wire-json.ts';

const ALICE = 4_294_967_297n;

/** The text of a valid message after one replacement in it. */
type Spoil = (valid: {
  readonly configure: string;
  readonly prepare: string;
  readonly finalize: string;
}) => string;

const BAD_INPUT: Readonly<Record<string, readonly [Spoil, reason: string]>> = {
  'is not JSON': [() => 'Hello, world!', 'not JSON'],
  'ends early': [({ configure }) => configure.slice(0, -1), 'not JSON'],
  'is an array': [({ configure }) => `[${configure}]`, 'not an object'],
  'is null': [() => 'null', 'not an object'],
  'has no type': [() => '{}', 'type: is missing'],
  'has a type that is a number': [() => '{"type":1}', 'type: must be a string'],
  'has an unknown type': [
    ({ configure }) => configure.replace('ConfigureAccount', 'Configure'),
    '"Configure"',
  ],
  'is an outgoing message': [
    ({ configure }) => configure.replace('ConfigureAccount', 'AccountUpdate'),
    'unknown',
  ],
  'lacks a field': [
    ({ configure }) => configure.replace('"seqnum":0', '"x":0'),
    'ConfigureAccount.seqnum: is missing',
  ],
  'has a key twice': [({ configure }) => configure.replace('{', '{"seqnum":1,'), '"seqnum" stands twice'],
  'has a key twice, escaped': [
    ({ configure }) => configure.replace('{', '{"seqnu\\u006d":1,'),
    'stands twice',
  ],
  'has an integer beyond 32 bits': [
    ({ configure }) => configure.replace('"seqnum":0', '"seqnum":2147483648'),
    'ConfigureAccount.seqnum: must be an integer',
  ],
  'has an integer beyond 64 bits': [
    ({ configure }) => configure.replace(/"creditor_id":\d+/, '"creditor_id":9223372036854775808'),
    'ConfigureAccount.creditor_id: must be an integer',
  ],
  'has a number of 400 digits': [
    ({ configure }) => configure.replace(/"creditor_id":\d+/, `"creditor_id":${'9'.repeat(400)}`),
    'ConfigureAccount.creditor_id',
  ],
  'has an integer with a point': [
    ({ configure }) => configure.replace('"seqnum":0', '"seqnum":0.0'),
    'ConfigureAccount.seqnum',
  ],
  'has an integer in quotes': [
    ({ configure }) => configure.replace(/"creditor_id":(\d+)/, '"creditor_id":"$1"'),
    'ConfigureAccount.creditor_id',
  ],
  'has null for a string': [
    ({ configure }) => configure.replace('"config_data":""', '"config_data":null'),
    'ConfigureAccount.config_data',
  ],
  'has an object for a string': [
    ({ configure }) => configure.replace('"config_data":""', '"config_data":{"type":"RootConfigData"}'),
    'ConfigureAccount.config_data',
  ],
  'has a negative negligible amount': [
    ({ configure }) => configure.replace('"negligible_amount":0.0', '"negligible_amount":-1e-300'),
    'ConfigureAccount.negligible_amount',
  ],
  'has a float beyond all doubles': [
    ({ configure }) => configure.replace('"negligible_amount":0.0', '"negligible_amount":1e309'),
    'ConfigureAccount.negligible_amount',
  ],
  'has configuration data of 2001 bytes': [
    ({ configure }) => configure.replace('"config_data":""', `"config_data":"${'é'.repeat(1000)}x"`),
    'ConfigureAccount.config_data',
  ],
  'has a lone surrogate': [
    ({ configure }) => configure.replace('"config_data":""', '"config_data":"\\ud800"'),
    'ConfigureAccount.config_data: must be a string without lone surrogates',
  ],
  'has an instant without offset': [
    ({ configure }) => configure.replace(/"ts":"[^"]+"/, '"ts":"2026-11-22T12:00:00"'),
    'ConfigureAccount.ts: must be a date-time with an offset',
  ],
  'has an instant that does not exist': [
    ({ configure }) => configure.replace(/"ts":"[^"]+"/, '"ts":"2027-02-29T12:00:00Z"'),
    'ConfigureAccount.ts',
  ],
  'has an instant before the year 1': [
    ({ configure }) => configure.replace(/"ts":"[^"]+"/, '"ts":"0001-01-01T00:00:00+00:01"'),
    'ConfigureAccount.ts',
  ],
  'locks at least more than at most': [
    ({ prepare }) => prepare.replace('"max_locked_amount":5', '"max_locked_amount":4'),
    'PrepareTransfer.max_locked_amount: must be at least min_locked_amount',
  ],
  'locks a negative amount': [
    ({ prepare }) => prepare.replace('"min_locked_amount":5', '"min_locked_amount":-1'),
    'PrepareTransfer.min_locked_amount',
  ],
  'is a direct transfer of another coordinator': [
    ({ prepare }) => prepare.replace(/"coordinator_id":\d+/, '"coordinator_id":4294967298'),
    'must equal creditor_id',
  ],
  'is an issuing transfer from an ordinary account': [
    ({ prepare }) => prepare.replace('"direct"', '"issuing"'),
    'PrepareTransfer.coordinator_id: must equal debtor_id',
  ],
  'is an agent transfer of the reserved agent': [
    ({ prepare }) => prepare.replace('"direct"', '"agent"'),
    'must belong to the agent of creditor_id',
  ],
  "is of one of the server's own types": [
    ({ prepare }) => prepare.replace('"direct"', '"interest"'),
    'PrepareTransfer.coordinator_type',
  ],
  'has no coordinator type': [
    ({ prepare }) => prepare.replace('"direct"', '""'),
    'PrepareTransfer.coordinator_type',
  ],
  'has a recipient of 101 symbols': [
    ({ prepare }) => prepare.replace('"recipient":"0"', `"recipient":"${'0'.repeat(101)}"`),
    'PrepareTransfer.recipient',
  ],
  'has a recipient that is not ASCII': [
    ({ prepare }) => prepare.replace('"recipient":"0"', '"recipient":"№1"'),
    'PrepareTransfer.recipient',
  ],
  'has a negative delay': [
    ({ prepare }) => prepare.replace(/"max_commit_delay":\d+/, '"max_commit_delay":-1'),
    'PrepareTransfer.max_commit_delay',
  ],
  'commits a negative amount': [
    ({ finalize }) => finalize.replace('"committed_amount":0', '"committed_amount":-1'),
    'FinalizeTransfer.committed_amount',
  ],
  'has a note of 501 bytes': [
    ({ finalize }) =>
      finalize
        .replace('"committed_amount":0', '"committed_amount":1')
        .replace('"transfer_note":""', `"transfer_note":"${'🌶'.repeat(125)}x"`),
    'FinalizeTransfer.transfer_note',
  ],
  'has a note format that is no word': [
    ({ finalize }) =>
      finalize
        .replace('"committed_amount":0', '"committed_amount":1')
        .replace('"transfer_note_format":""', '"transfer_note_format":"a b"'),
    'FinalizeTransfer.transfer_note_format',
  ],
  'is nested deeply': [() => `{"type":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'type: must be a string'],
};

describe('Bad input', () => {
  it('goes to the dead-letter queue at once, with the reason, and its neighbours are processed', async ({
    stack,
    currency,
  }) => {
    const { debtorId, open, receive } = currency;
    const before = await open(ALICE);
    const ids = { debtor_id: debtorId, creditor_id: ALICE };
    const amounts = { min_locked_amount: 5n, max_locked_amount: 5n };
    const finalize = {
      ...{ type: 'FinalizeTransfer', ...ids, transfer_id: 1n, coordinator_type: 'direct' },
      ...{ coordinator_id: ALICE, coordinator_request_id: 1n, committed_amount: 0n },
      ...{ transfer_note: '', transfer_note_format: '', ts: '2026-11-22T12:00:00Z' },
    };
    const valid = {
      configure: printWire(configureAccount(ids)),
      prepare: printWire(prepareTransfer({ ...ids, ...amounts, recipient: '0' })),
      finalize: printWire(finalize),
    };
    const neighbours = Array.from({ length: Object.keys(BAD_INPUT).length }, (_, index) => BigInt(index));
    // Each with a valid one beside it, which also has an unknown field.
    const bodies = Object.values(BAD_INPUT).flatMap(([spoil], index) => [
      spoil(valid),
      printWire({ ...configureAccount({ ...ids, creditor_id: -BigInt(index) - 1n }), unknown: 'ignored' }),
    ]);
    const messageIds = await stack.incoming.send(bodies);

    const letters = await receiveDeadLetters(
      stack,
      messageIds.filter((_, index) => index % 2 === 0),
    );
    const reasons = Object.keys(BAD_INPUT).map((what, index) => {
      const letter = letters.get(messageIds[2 * index] ?? '');
      expect(letter?.body, what).toBe(bodies[2 * index]);
      return [what, letter?.reason ?? ''] as const;
    });
    for (const [what, reason] of reasons) {
      expect(reason, what).toContain(BAD_INPUT[what]?.[1]);
    }
    for (const index of neighbours) {
      await receive('AccountUpdate', { creditor_id: -index - 1n });
    }
    const after = await open(ALICE, { ts: '9999-01-01T00:00:00Z' });
    expect(after.last_change_seqnum).toBe((before.last_change_seqnum as bigint) + 1n);
  });

  it('of the largest size that the queue takes is kept whole', async ({ stack }) => {
    const body = 'é{"\n'.repeat(262_144 / 5) + 'x'.repeat(262_144 % 5);
    expect(Buffer.byteLength(body)).toBe(262_144);
    const [messageId = ''] = await stack.incoming.send([body]);
    const letter = (await receiveDeadLetters(stack, [messageId])).get(messageId);
    expect(letter?.reason).toBe('the text is not JSON');
    expect(letter?.body).toBe(body);
  });
});
