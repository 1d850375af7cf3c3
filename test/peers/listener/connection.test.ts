import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refuseConnection, serveConnection } from '../../../lib/peers/listener/connection.ts';
import { frame, printFrame } from '../../../lib/peers/stomp/frame.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A socket whose other end takes what is written only when the test lets it. */
class SlowSocket extends Duplex {
  readonly written: Buffer[] = [];
  /** How long a silence is until the connection is probed, in milliseconds. */
  keepAliveMs: number | undefined;
  readsOn = true;
  #taken: (() => void) | undefined;

  constructor() {
    super({ writableHighWaterMark: 64, allowHalfOpen: true });
  }

  setKeepAlive(_isOn: boolean, delayMs: number): void {
    this.keepAliveMs = delayMs;
  }

  setNoDelay(): void {}

  /** The other end reads. */
  readAll(): void {
    this.#taken?.();
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.written.push(bytes);
    this.#taken = done;
    if (this.readsOn) {
      done();
    }
  }

  override _read(): void {}
}

function served() {
  const socket = new SlowSocket();
  const stored: string[] = [];
  let isClosed = false;
  const session = serveConnection(socket as unknown as TLSSocket, {
    admit: ({ headers, body }) => ({
      kind: 'message',
      receipt: headers.get('receipt') ?? '',
      body: body.toString(),
    }),
    store: async (bodies) => {
      stored.push(...bodies);
      return bodies.length;
    },
    report: () => {},
    closed: () => {
      isClosed = true;
    },
  });
  return { socket, session, stored, isClosed: () => isClosed };
}

const HELLO = printFrame(frame('STOMP', { 'accept-version': '1.2' }));
const message = (receipt: string): Buffer => printFrame(frame('SEND', { receipt }, Buffer.from(receipt)));

async function arrive(socket: SlowSocket, bytes: Buffer): Promise<void> {
  socket.push(bytes);
  await vi.advanceTimersByTimeAsync(1);
}

describe('A peer that does not read its receipts', () => {
  it('is not read from any more, until it reads', async () => {
    const { socket, stored } = served();
    socket.readsOn = false;
    await arrive(socket, HELLO);
    await arrive(socket, message('1'.repeat(200)));
    await arrive(socket, message('2'));
    await arrive(socket, message('3'));
    expect(stored).toHaveLength(1);
    socket.readsOn = true;
    socket.readAll();
    await vi.advanceTimersByTimeAsync(1);
    expect(stored).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(socket.destroyed).toBe(false);
  });

  it('is cut off when it goes on', async () => {
    const { socket, isClosed } = served();
    socket.readsOn = false;
    await arrive(socket, HELLO);
    await arrive(socket, message('1'.repeat(200)));
    await vi.advanceTimersByTimeAsync(29_000);
    expect(socket.destroyed).toBe(false);
    await vi.advanceTimersByTimeAsync(1_001);
    expect([socket.destroyed, isClosed()]).toStrictEqual([true, true]);
  });
});

describe('A connection', () => {
  it('is probed when it is silent, so that a peer that vanished is noticed', () => {
    expect(served().socket.keepAliveMs).toBe(60_000);
  });

  it('that ends is read to its end, and cut when the other side does not close', async () => {
    const { socket, stored } = served();
    await arrive(socket, HELLO);
    await arrive(socket, printFrame(frame('SUBSCRIBE', {})));
    await arrive(socket, message('late'));
    expect(Buffer.concat(socket.written).toString()).toContain('There is no command SUBSCRIBE here.');
    expect([socket.writableEnded, socket.readableFlowing, stored]).toStrictEqual([true, true, []]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(socket.destroyed).toBe(true);
  });

  it('that fails is over, and nothing more is written', async () => {
    const { socket, isClosed } = served();
    await arrive(socket, HELLO);
    socket.destroy(new Error('reset'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect([isClosed(), socket.written.length]).toStrictEqual([true, 1]);
  });

  it('that is refused says why, and closes', async () => {
    const socket = new SlowSocket();
    refuseConnection(socket as unknown as TLSSocket, 'Nobody knows you.');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(Buffer.concat(socket.written).toString()).toBe('ERROR\nmessage:Nobody knows you.\n\n\0');
    expect(socket.destroyed).toBe(true);
  });
});
