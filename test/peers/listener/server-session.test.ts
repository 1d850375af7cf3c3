import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  CONNECT_TIMEOUT_MS,
  FEW_UNRECEIPTED,
  MAX_UNRECEIPTED,
  ServerSession,
  type SessionEvent,
} from '../../../lib/peers/listener/server-session.ts';
import { frame, printFrame } from '../../../lib/peers/stomp/frame.ts';
import { FrameParser } from '../../../lib/peers/stomp/frame-parser.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const bytesOf = (command: string, headers: Readonly<Record<string, string>> = {}, body = ''): Buffer =>
  printFrame(frame(command, headers, Buffer.from(body)));
const HELLO = bytesOf('STOMP', { 'accept-version': '1.2', 'heart-beat': '5000,30000' });
const message = (receipt: number): Buffer => bytesOf('SEND', { receipt: `${receipt}` }, 'body');
const messages = (from: number, to: number): Buffer =>
  Buffer.concat(Array.from({ length: to - from + 1 }, (_, index) => message(from + index)));

/** A session of which the test decides when the queue answers, and what. */
function newSession() {
  const parser = new FrameParser();
  const heard: string[] = [];
  const events: SessionEvent[] = [];
  const calls: { readonly bodies: readonly string[]; readonly answer: (count: number) => void }[] = [];
  const state = { isPaused: false, isEnded: false, heartBeats: 0 };
  const session = new ServerSession(
    {
      write: (bytes) => {
        if (bytes === '\n') {
          state.heartBeats += 1;
          return;
        }
        parser.push(Buffer.from(bytes));
        for (let next = parser.next(); next !== undefined; next = parser.next()) {
          const { headers } = next;
          const words = [next.command, headers.get('receipt-id'), headers.get('message')];
          heard.push(words.filter((word) => word !== undefined).join(' '));
        }
      },
      end: () => {
        state.isEnded = true;
      },
      pause: () => {
        state.isPaused = true;
      },
      resume: () => {
        state.isPaused = false;
      },
    },
    {
      admit: ({ headers, body }) => {
        const receipt = headers.get('receipt') ?? '';
        return headers.has('refuse')
          ? { kind: 'refused', receipt, reason: 'not so' }
          : { kind: 'message', receipt, body: body.toString() };
      },
      store: (bodies) =>
        new Promise((answer) => {
          calls.push({ bodies, answer });
        }),
      report: (event) => events.push(event),
    },
  );
  /** Answers the oldest call, by default that all were stored, and lets the session go on. */
  const answer = async (count?: number): Promise<void> => {
    await vi.advanceTimersByTimeAsync(0);
    const call = calls.shift();
    call?.answer(count ?? call.bodies.length);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { session, heard, events, calls, state, answer };
}

function connected() {
  const all = newSession();
  all.session.received(HELLO);
  expect(all.heard.splice(0)).toStrictEqual(['CONNECTED']);
  return all;
}

describe('A receipt', () => {
  it('comes when the queue has taken the message and all before it, one for each call', async () => {
    const { session, heard, calls, answer } = connected();
    session.received(messages(1, 12));
    await vi.advanceTimersByTimeAsync(0);
    expect(heard).toStrictEqual([]);
    expect(calls.map(({ bodies }) => bodies.length)).toStrictEqual([10]);
    await answer();
    expect(heard).toStrictEqual(['RECEIPT 10']);
    expect(calls.map(({ bodies }) => bodies.length)).toStrictEqual([2]);
    await answer();
    expect(heard).toStrictEqual(['RECEIPT 10', 'RECEIPT 12']);
  });

  it('covers only what was stored, and the rest must be sent again', async () => {
    const { session, heard, state, events, answer } = connected();
    session.received(messages(1, 5));
    await answer(3);
    expect(heard).toStrictEqual([
      'RECEIPT 3',
      'ERROR Messages can not be stored now. Please send them again later.',
    ]);
    expect(state.isEnded).toBe(true);
    expect(events.map(({ kind }) => kind)).toStrictEqual(['received', 'failed']);
  });

  it('does not come when nothing was stored', async () => {
    const { session, heard, answer } = connected();
    session.received(message(1));
    await answer(0);
    expect(heard).toStrictEqual(['ERROR Messages can not be stored now. Please send them again later.']);
  });

  it('is not written to a connection that has gone', async () => {
    const { session, heard, answer } = connected();
    session.received(messages(1, 20));
    await vi.advanceTimersByTimeAsync(0);
    session.closed();
    await answer();
    expect(heard).toStrictEqual([]);
  });
});

describe('A refused message', () => {
  const refused = bytesOf('SEND', { receipt: 'x', refuse: '' });

  it('is answered after all before it were stored, and none after it counts', async () => {
    const { session, heard, calls, state, answer } = connected();
    session.received(Buffer.concat([messages(1, 2), refused, messages(3, 4)]));
    await vi.advanceTimersByTimeAsync(0);
    expect(heard).toStrictEqual([]);
    await answer();
    expect(heard).toStrictEqual(['RECEIPT 2', 'ERROR x not so']);
    expect([state.isEnded, calls.length]).toStrictEqual([true, 0]);
    session.received(messages(5, 6));
    await vi.advanceTimersByTimeAsync(0);
    expect(calls).toStrictEqual([]);
  });

  it('does not hide that what came before it was not stored', async () => {
    const { session, heard, answer } = connected();
    session.received(Buffer.concat([message(1), refused]));
    await answer(0);
    expect(heard).toStrictEqual(['ERROR Messages can not be stored now. Please send them again later.']);
  });
});

describe('Reading', () => {
  it('stops at a hundred messages without a receipt, and goes on at twenty-five', async () => {
    const { session, calls, state, heard, answer } = connected();
    session.received(messages(1, MAX_UNRECEIPTED - 1));
    expect(state.isPaused).toBe(false);
    session.received(messages(MAX_UNRECEIPTED, MAX_UNRECEIPTED + 20));
    expect(state.isPaused).toBe(true);
    let unreceipted = MAX_UNRECEIPTED;
    while (unreceipted - 10 > FEW_UNRECEIPTED) {
      await answer();
      unreceipted -= 10;
      expect([unreceipted, state.isPaused]).toStrictEqual([unreceipted, true]);
    }
    await answer();
    expect(state.isPaused).toBe(false);
    // What came in the same bytes as the hundredth is not lost.
    while (calls.length > 0) {
      await answer();
    }
    expect(heard.at(-1)).toBe(`RECEIPT ${MAX_UNRECEIPTED + 20}`);
  });

  it('stops while the other side does not read', async () => {
    const { session, calls, state } = connected();
    session.congested(true);
    session.received(message(1));
    await vi.advanceTimersByTimeAsync(0);
    expect([state.isPaused, calls.length]).toStrictEqual([true, 0]);
    session.congested(false);
    await vi.advanceTimersByTimeAsync(0);
    expect([state.isPaused, calls.length]).toStrictEqual([false, 1]);
  });
});

describe('DISCONNECT', () => {
  it('is answered after the last receipt, which it may repeat', async () => {
    const { session, heard, state, answer } = connected();
    session.received(Buffer.concat([messages(1, 2), bytesOf('DISCONNECT', { receipt: '2' })]));
    await answer();
    expect(heard).toStrictEqual(['RECEIPT 2']);
    expect(state.isEnded).toBe(true);
  });

  it('is answered with its own receipt', async () => {
    const { session, heard, answer } = connected();
    session.received(Buffer.concat([message(1), bytesOf('DISCONNECT', { receipt: 'bye' })]));
    await answer();
    expect(heard).toStrictEqual(['RECEIPT 1', 'RECEIPT bye']);
  });

  it('ends the connection also without a receipt', async () => {
    const { session, heard, state } = connected();
    session.received(bytesOf('DISCONNECT'));
    await vi.advanceTimersByTimeAsync(0);
    expect([heard, state.isEnded]).toStrictEqual([[], true]);
  });
});

describe('A connection ends with an error', () => {
  it.each([
    [message(1), 'ERROR The first frame must be STOMP or CONNECT.'],
    [bytesOf('STOMP', { 'accept-version': '1.0,1.1' }), 'ERROR The version of STOMP must be 1.2.'],
    [bytesOf('STOMP'), 'ERROR The version of STOMP must be 1.2.'],
    [
      bytesOf('STOMP', { 'accept-version': '1.2', 'heart-beat': '1' }),
      'ERROR The heart-beat must be two numbers of milliseconds.',
    ],
    [Buffer.from('garbage'), 'ERROR A frame must begin with a command.'],
  ])('when it does not begin as it must', async (bytes, error) => {
    const { session, heard, state } = newSession();
    session.received(bytes);
    await vi.advanceTimersByTimeAsync(0);
    expect([heard, state.isEnded]).toStrictEqual([[error], true]);
  });

  it.each([
    [HELLO, 'ERROR The connection is there already.'],
    [bytesOf('SUBSCRIBE', { id: '1' }), 'ERROR There is no command SUBSCRIBE here.'],
    [bytesOf('BEGIN'), 'ERROR There is no command BEGIN here.'],
    [Buffer.from('garbage'), 'ERROR A frame must begin with a command.'],
  ])('when something else comes, after what came before it', async (bytes, error) => {
    const { session, heard, answer } = connected();
    session.received(Buffer.concat([message(1), bytes, message(2)]));
    await answer();
    expect(heard).toStrictEqual(['RECEIPT 1', error]);
  });

  it('when nobody says hello in time, whatever drips in', async () => {
    const { session, heard, state } = newSession();
    for (let passed = 0; passed < CONNECT_TIMEOUT_MS; passed += 1_000) {
      expect(state.isEnded).toBe(false);
      session.received(Buffer.from('\n'));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(heard).toStrictEqual(['ERROR Nothing was heard for too long.']);
  });

  it('when it is to finish, after what is on its way to the queue', async () => {
    const { session, heard, answer } = connected();
    session.received(messages(1, 15));
    await vi.advanceTimersByTimeAsync(0);
    session.finish('We go.');
    session.received(message(16));
    await answer();
    await answer();
    expect(heard).toStrictEqual(['RECEIPT 10', 'RECEIPT 15', 'ERROR We go.']);
  });
});

describe('Heart-beats', () => {
  it('are sent as often as both sides agree', async () => {
    const { state } = connected();
    await vi.advanceTimersByTimeAsync(29_999);
    expect(state.heartBeats).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(state.heartBeats).toBe(1);
  });

  it('are not sent to whom does not read, nor after the end', async () => {
    const { session, state } = connected();
    session.congested(true);
    await vi.advanceTimersByTimeAsync(30_000);
    session.congested(false);
    session.received(bytesOf('DISCONNECT'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.heartBeats).toBe(0);
  });

  it('that do not come end the connection, late ones do not', async () => {
    const { session, heard } = connected();
    await vi.advanceTimersByTimeAsync(44_999);
    session.received(Buffer.from('\n'));
    await vi.advanceTimersByTimeAsync(44_999);
    expect(heard).toStrictEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(heard).toStrictEqual(['ERROR Nothing was heard for too long.']);
  });

  it('are not missed while nothing is read', async () => {
    const { session, heard, calls, answer } = connected();
    session.received(messages(1, MAX_UNRECEIPTED));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(heard).toStrictEqual([]);
    while (calls.length > 0) {
      await answer();
    }
    expect(heard.at(-1)).toBe(`RECEIPT ${MAX_UNRECEIPTED}`);
    await vi.advanceTimersByTimeAsync(45_000);
    expect(heard.at(-1)).toBe('ERROR Nothing was heard for too long.');
  });

  it('are not demanded of a client that sends none', async () => {
    const { session, heard, state } = newSession();
    session.received(bytesOf('CONNECT', { 'accept-version': '1.2' }));
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect([heard, state.heartBeats]).toStrictEqual([['CONNECTED'], 0]);
  });
});
