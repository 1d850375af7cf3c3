import { describe, expect, it } from 'vitest';
import type { SessionResult } from '../../../lib/peers/sender/client-session.ts';
import type { OutgoingMessage } from '../../../lib/peers/sender/outgoing-message.ts';
import { type SendEvent, sendToPeer } from '../../../lib/peers/sender/send-to-peer.ts';

const aMessage = (id: string, body = '{}'): OutgoingMessage => ({ id, type: 'AccountPurge', body });
const MESSAGES = ['a', 'b', 'c', 'd'].map((id) => aMessage(id));

/** A peer that always refuses some messages, takes others, and can be away for some connections. */
function aPeer({ refuses = '', away = 0, takes = Number.POSITIVE_INFINITY } = {}) {
  const connections: string[] = [];
  const connect = async (messages: readonly OutgoingMessage[]): Promise<SessionResult> => {
    connections.push(messages.map(({ id }) => id).join(''));
    if (connections.length <= away) {
      return { receipted: 0, failure: 'away' };
    }
    const index = messages.findIndex(({ id }) => refuses.includes(id));
    if (index !== -1 && index < takes) {
      return { receipted: index, refused: { index, reason: `not ${messages[index]?.id}` } };
    }
    return takes < messages.length ? { receipted: takes, failure: 'gone' } : { receipted: messages.length };
  };
  return { connections, connect };
}

async function sent(
  messages: readonly OutgoingMessage[],
  { connect, connections }: ReturnType<typeof aPeer>,
  seconds = 60,
) {
  let passedMs = 0;
  const pauses: number[] = [];
  const events: SendEvent[] = [];
  const result = await sendToPeer(messages, {
    connect,
    random: () => 0.5,
    pause: async (milliseconds) => {
      passedMs += milliseconds;
      pauses.push(milliseconds);
    },
    hasTime: (milliseconds) => passedMs + milliseconds <= seconds * 1_000,
    report: (event) => events.push(event),
  });
  return {
    unsent: result.unsent.map(({ id }) => id).join(''),
    refused: result.refused.map(({ message, reason }) => [message.id, reason]),
    connections,
    pauses,
    events,
  };
}

describe('A batch', () => {
  it('is sent over one connection', async () => {
    expect(await sent(MESSAGES, aPeer())).toStrictEqual({
      unsent: '',
      refused: [],
      connections: ['abcd'],
      pauses: [],
      events: [{ kind: 'sent', count: 4 }],
    });
  });

  it('goes on where a connection broke', async () => {
    expect(await sent(MESSAGES, aPeer({ takes: 3 }))).toMatchObject({
      unsent: '',
      connections: ['abcd', 'd'],
      events: [
        { kind: 'sent', count: 3 },
        { kind: 'failed', reason: 'gone' },
        { kind: 'sent', count: 1 },
      ],
    });
  });

  it('waits longer and longer while the peer is away, and is given back when the time is up', async () => {
    const { unsent, connections, pauses, refused } = await sent(MESSAGES, aPeer({ away: 100 }));
    expect([...unsent].toSorted()).toStrictEqual(['a', 'b', 'c', 'd']);
    expect(refused).toStrictEqual([]);
    expect(pauses).toStrictEqual([375, 750, 1_500, 3_000, 6_000, 11_250, 11_250, 11_250, 11_250]);
    expect(connections).toHaveLength(10);
  });

  it('goes around a message on which the peer fails without naming it', async () => {
    const connections: string[] = [];
    const connect = async (messages: readonly OutgoingMessage[]): Promise<SessionResult> => {
      connections.push(messages.map(({ id }) => id).join(''));
      const index = messages.findIndex(({ id }) => id === 'a');
      return index === -1
        ? { receipted: messages.length }
        : { receipted: index, failure: 'Internal server error.' };
    };
    const { unsent, refused } = await sent(MESSAGES, { connections, connect });
    expect({ unsent, refused }).toStrictEqual({ unsent: 'a', refused: [] });
    expect(connections.slice(0, 3)).toStrictEqual(['abcd', 'bcda', 'a']);
  });

  it('is sent when the peer comes back in time', async () => {
    expect(await sent(MESSAGES, aPeer({ away: 4 }))).toMatchObject({ unsent: '', refused: [] });
  });
});

describe('A message that the peer refuses', () => {
  it('is tried on three connections, is put aside with the reason, and holds up no other', async () => {
    expect(await sent(MESSAGES, aPeer({ refuses: 'b' }))).toMatchObject({
      unsent: '',
      refused: [['b', 'not b']],
      connections: ['abcd', 'cdb', 'b'],
      events: [
        { kind: 'sent', count: 1 },
        { kind: 'refused', id: 'b', reason: 'not b' },
        { kind: 'sent', count: 2 },
        { kind: 'refused', id: 'b', reason: 'not b' },
        { kind: 'sent', count: 0 },
        { kind: 'refused', id: 'b', reason: 'not b' },
      ],
    });
  });

  it('is put aside also beside others that are refused', async () => {
    const { unsent, refused } = await sent(MESSAGES, aPeer({ refuses: 'abd' }));
    expect(unsent).toBe('');
    expect(refused.toSorted()).toStrictEqual([
      ['a', 'not a'],
      ['b', 'not b'],
      ['d', 'not d'],
    ]);
  });

  it('comes again when there was no time to be sure', async () => {
    const { unsent, refused } = await sent(MESSAGES, aPeer({ refuses: 'b' }), 0);
    expect([unsent, refused]).toStrictEqual(['cdb', []]);
  });

  it('is not put aside because the peer was away', async () => {
    const { unsent, refused, connections } = await sent(MESSAGES, aPeer({ refuses: 'b', away: 7 }), 34.3);
    expect([unsent, refused, connections.length]).toStrictEqual(['cb', [], 8]);
  });
});

describe('A message that is too large for peers', () => {
  it('is put aside without being sent, counted in bytes', async () => {
    const largest = aMessage('l', 'ü'.repeat(4_096));
    const tooLarge = aMessage('t', `${'ü'.repeat(4_096)}.`);
    expect(await sent([tooLarge, largest], aPeer())).toMatchObject({
      unsent: '',
      refused: [['t', 'The message has 8193 bytes, more than the 8192 that peers take.']],
      connections: ['l'],
    });
  });

  it('needs no connection when it is alone', async () => {
    expect((await sent([aMessage('t', '.'.repeat(8_193))], aPeer())).connections).toStrictEqual([]);
  });
});
