/**
 * A client as the network's are, which sends again what has no receipt, against sessions whose connections are cut at any byte,
 * whose queue fails in any way, and which are killed while they store: whatever has a receipt is in the queue.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServerSession } from '../../../lib/peers/listener/server-session.ts';
import { frame, printFrame } from '../../../lib/peers/stomp/frame.ts';
import { FrameParser } from '../../../lib/peers/stomp/frame-parser.ts';

const HELLO = printFrame(frame('STOMP', { 'accept-version': '1.2' }));

/** What happens to one connection. */
interface Fate {
  /** So many bytes arrive before the connection is cut. */
  readonly bytes: number;
  /** The bytes arrive in pieces of this size. */
  readonly piece: number;
  /** How many messages of each call the queue takes, one call after the other; all when the list is over. */
  readonly taken: readonly number[];
  /** So many answers of the listener get through to the client. */
  readonly answers: number;
}

const fate: fc.Arbitrary<Fate> = fc.record({
  bytes: fc.integer({ min: 0, max: 6_000 }),
  piece: fc.integer({ min: 1, max: 700 }),
  taken: fc.array(fc.integer({ min: 0, max: 10 }), { maxLength: 4 }),
  answers: fc.nat(6),
});

const GOOD: Fate = {
  bytes: Number.POSITIVE_INFINITY,
  piece: 500,
  taken: [],
  answers: Number.POSITIVE_INFINITY,
};

/** One connection: sends the messages, and returns how many of them, from the first one on, have a receipt. */
async function connection(
  messages: readonly string[],
  stored: Set<string>,
  { bytes, piece, taken, answers }: Fate,
) {
  const parser = new FrameParser();
  const outcomes = [...taken];
  let receipted = 0;
  let answersLeft = answers;
  let isPaused = false;
  const session = new ServerSession(
    {
      write: (written) => {
        parser.push(Buffer.from(written));
        for (let next = parser.next(); next !== undefined; next = parser.next()) {
          answersLeft -= 1;
          if (next.command === 'RECEIPT' && answersLeft >= 0) {
            receipted = Math.max(receipted, messages.indexOf(String(next.headers.get('receipt-id'))) + 1);
          }
        }
      },
      end: () => {},
      pause: () => {
        isPaused = true;
      },
      resume: () => {
        isPaused = false;
      },
    },
    {
      admit: ({ headers, body }) => ({
        kind: 'message',
        receipt: headers.get('receipt') ?? '',
        body: body.toString(),
      }),
      store: async (bodies) => {
        await new Promise(setImmediate);
        const count = Math.min(outcomes.shift() ?? bodies.length, bodies.length);
        for (const body of bodies.slice(0, count)) {
          stored.add(body);
        }
        return count;
      },
      report: () => {},
    },
  );
  const sent = Buffer.concat([
    HELLO,
    ...messages.map((name) => printFrame(frame('SEND', { receipt: name }, Buffer.from(name)))),
  ]).subarray(0, bytes);
  for (let start = 0; start < sent.length; start += piece) {
    // A socket that is paused gives nothing.
    for (let turns = 0; isPaused && turns < 1_000; turns += 1) {
      await new Promise(setImmediate);
    }
    session.received(sent.subarray(start, start + piece));
  }
  for (let turns = 0; session.isBusy && receipted < messages.length && turns < 200; turns += 1) {
    await new Promise(setImmediate);
  }
  session.closed();
  return receipted;
}

describe('A message with a receipt', () => {
  it('is in the queue, whatever happens to connections, queue and listener; and in the end all messages are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 130 }),
        fc.array(fate, { maxLength: 8 }),
        async (count, fates) => {
          const all = Array.from({ length: count }, (_, index) => `message-${index}`);
          const stored = new Set<string>();
          let waiting = all;
          for (const each of [...fates, GOOD]) {
            const receipted = await connection(waiting, stored, each);
            for (const message of waiting.slice(0, receipted)) {
              expect(stored.has(message)).toBe(true);
            }
            waiting = waiting.slice(receipted);
          }
          expect(waiting).toStrictEqual([]);
          expect([...stored].toSorted()).toStrictEqual(all.toSorted());
        },
      ),
      { numRuns: 60 },
    );
  });
});
