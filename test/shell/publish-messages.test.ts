/** Publishing on the spot: what is tried again and when, and what is told of in the end. */

import { describe, expect, it } from 'vitest';
import { parseOutgoingMessage } from '../../lib/protocol/codec.ts';
import type { OutgoingMessage } from '../../lib/protocol/messages.ts';
import { publishMessages } from '../../lib/shell/publish-messages.ts';
import type { FailureKind } from '../../lib/shell/send-failures.ts';
import { CREDITOR_ID, DEBTOR_ID } from '../support/builders.ts';
import { TestSurroundings } from '../support/shell-surroundings.ts';

/** A message to the creditor with the number. */
function messageTo(creditorId: bigint): OutgoingMessage {
  return {
    type: 'AccountPurge',
    debtorId: DEBTOR_ID,
    creditorId,
    creationDate: '2026-01-02',
    ts: 1_767_323_045_000_000n,
  };
}

function creditorOf(body: string): bigint {
  return parseOutgoingMessage(body).creditorId;
}

class World {
  readonly surroundings = new TestSurroundings();
  /** The recipients of each call. */
  readonly calls: bigint[][] = [];

  /**
   * @param failureOf why the topic does not take the message to a creditor in an attempt, from 1
   * @returns what was not published: recipient, kind and reason
   */
  async publish(
    creditorIds: readonly bigint[],
    failureOf: (creditorId: bigint, attempt: number) => FailureKind | undefined = () => undefined,
  ): Promise<readonly string[]> {
    const unpublished = await publishMessages(creditorIds.map(messageTo), {
      surroundings: this.surroundings,
      maxAttempts: 3,
      topics: {
        publish: async (_, entries) => {
          const attempt = this.calls.push(entries.map(({ body }) => creditorOf(body)));
          return entries.flatMap((item) => {
            const kind = failureOf(creditorOf(item.body), attempt);
            return kind === undefined ? [] : [{ item, kind, reason: `attempt ${attempt}` }];
          });
        },
      },
    });
    return unpublished.map(({ item, kind, reason }) => `${creditorOf(item.body)} ${kind}: ${reason}`);
  }
}

const [FIRST, SECOND, THIRD] = [CREDITOR_ID, CREDITOR_ID + 1n, CREDITOR_ID + 2n];

describe('Messages', () => {
  it.each([0, 1, 3])('that are published at once need no pause: %d of them', async (count) => {
    const world = new World();
    expect(await world.publish([FIRST, SECOND, THIRD].slice(0, count))).toStrictEqual([]);
    expect(world.calls.flat()).toHaveLength(count);
    expect(world.surroundings.pauses).toStrictEqual([]);
  });

  it('that fail for a moment are tried again, after pauses that double, and the others are not', async () => {
    const world = new World();
    const unpublished = await world.publish([FIRST, SECOND, THIRD], (creditorId, attempt) =>
      creditorId === FIRST || (creditorId === SECOND && attempt === 1) ? 'throttled' : undefined,
    );
    expect(unpublished).toStrictEqual([`${FIRST} throttled: attempt 3`]);
    expect(world.calls).toStrictEqual([[FIRST, SECOND, THIRD], [FIRST, SECOND], [FIRST]]);
    // Half of 800 and of 1,600 milliseconds, by chance.
    expect(world.surroundings.pauses).toStrictEqual([400, 800]);
  });

  it('that are refused for their content are told of, and not tried again', async () => {
    const world = new World();
    const unpublished = await world.publish([FIRST, SECOND], (creditorId, attempt) => {
      const passing = attempt === 1 ? 'unavailable' : undefined;
      return creditorId === FIRST ? 'refused' : passing;
    });
    expect(unpublished).toStrictEqual([`${FIRST} refused: attempt 1`]);
    expect(world.calls).toStrictEqual([[FIRST, SECOND], [SECOND]]);
  });
});
