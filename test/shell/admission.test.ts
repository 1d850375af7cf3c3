/** Messages that their sender may not send: they change nothing, and go back to the sender with the reason. */

import { describe, expect, it } from 'vitest';
import { printMessage } from '../../lib/protocol/codec.ts';
import type { DeadLetter } from '../../lib/shell/dead-letter-queue.ts';
import { processMessages } from '../../lib/shell/process-messages.ts';
import { aConfigureAccount, CREDITOR_ID, DEBTOR_ID, STRANGER_ID } from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { ENOUGH_TIME, TestSurroundings, TestTelemetry } from '../support/shell-surroundings.ts';

const SOURCE = 'arn:aws:sqs:us-east-1:111122223333:somebody-in';

describe('A message that its sender may not send', () => {
  it('is refused with the reason, beside others that are processed', async () => {
    const ledger = new MemoryLedger();
    const telemetry = new TestTelemetry();
    const letters: DeadLetter[] = [];
    const surroundings = new TestSurroundings();
    const asked: unknown[] = [];
    const bodies = [CREDITOR_ID, STRANGER_ID].map((creditorId) =>
      printMessage(aConfigureAccount({ creditorId })),
    );
    const deliveries = [...bodies, '[]'].map((body, index) => ({
      messageId: `${index}`,
      body,
      sourceArn: SOURCE,
    }));
    const returned = await processMessages(deliveries, {
      ...anInvocation({ store: ledger.store, surroundings, telemetry, hasTime: ENOUGH_TIME }),
      deadLetters: {
        send: async (sent) => {
          letters.push(...sent);
          return [];
        },
      },
      admit: ({ sourceArn }, message, now) => {
        asked.push([sourceArn, now === surroundings.now()]);
        return message.creditorId === STRANGER_ID ? 'not yours' : undefined;
      },
    });
    expect(returned).toStrictEqual([]);
    expect(asked).toStrictEqual([
      [SOURCE, true],
      [SOURCE, true],
    ]);
    expect(letters).toStrictEqual([
      { ...deliveries[1], reason: 'not yours' },
      { ...deliveries[2], reason: 'the JSON is not an object' },
    ]);
    expect(ledger.account({ debtorId: DEBTOR_ID, creditorId: CREDITOR_ID })).toBeDefined();
    expect(ledger.account({ debtorId: DEBTOR_ID, creditorId: STRANGER_ID })).toBeUndefined();
    expect(telemetry.counts['Messages.notAdmitted']).toBe(1);
    expect(telemetry.log).toStrictEqual([
      {
        level: 'warn',
        message: 'A message that its sender may not send goes to the dead-letter queue.',
        details: { messageId: '1', reason: 'not yours' },
      },
      {
        level: 'warn',
        message: 'A malformed message goes to the dead-letter queue.',
        details: { messageId: '2', reason: 'the JSON is not an object' },
      },
    ]);
  });
});
