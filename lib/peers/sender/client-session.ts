/**
 * One connection to a peer's server, without its socket: says hello, sends all messages at once, and takes receipts, each of
 * which covers all messages before it. swpt-stomp 1.0, client.
 */

import type { StompAddress } from '../peer.ts';
import { frame, printFrame } from '../stomp/frame.ts';
import { FrameError, FrameParser } from '../stomp/frame-parser.ts';
import { NO_HEART_BEAT, printHeartBeat } from '../stomp/heart-beat.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

/** What became of the messages of one connection. Those that are in neither list may or may not have arrived. */
export interface SessionResult {
  /** How many of the messages, from the first one on, the peer has taken. */
  readonly receipted: number;
  /** The message that the peer refused, by its place among all, and the peer's reason. */
  readonly refused?: { readonly index: number; readonly reason: string };
  /** Why it ended before all were taken. */
  readonly failure?: string;
}

export class ClientSession {
  readonly #messages: readonly OutgoingMessage[];
  readonly #address: StompAddress;
  readonly #write: (bytes: Buffer) => void;
  readonly #finished: (result: SessionResult) => void;
  readonly #parser = new FrameParser();
  #isConnected = false;
  #isOver = false;
  #receipted = 0;

  /**
   * @param messages at least one, each with an ID of its own
   * @param wire `finished` is called once, with what became of the messages
   */
  constructor(
    messages: readonly OutgoingMessage[],
    address: StompAddress,
    wire: {
      readonly write: (bytes: Buffer) => void;
      readonly finished: (result: SessionResult) => void;
    },
  ) {
    this.#messages = messages;
    this.#address = address;
    this.#write = wire.write;
    this.#finished = wire.finished;
  }

  /** Says hello. No heart-beats are offered, since a function is frozen between its invocations. */
  begin(): void {
    const { host, login, passcode } = this.#address;
    this.#send('STOMP', {
      'accept-version': '1.2',
      host,
      'heart-beat': printHeartBeat(NO_HEART_BEAT),
      login,
      passcode,
    });
  }

  received(bytes: Uint8Array): void {
    this.#parser.push(bytes);
    try {
      while (!this.#isOver) {
        const next = this.#parser.next();
        if (next === undefined) {
          return;
        }
        this.#take(next.command, next.headers);
      }
    } catch (error) {
      if (!(error instanceof FrameError)) {
        throw error;
      }
      this.fail(error.message);
    }
  }

  /** The connection ends, for a reason of ours or of the network's. */
  fail(failure: string): void {
    this.#finish({ failure });
  }

  #take(command: string, headers: ReadonlyMap<string, string>): void {
    if (command === 'ERROR') {
      this.#takeError(headers);
    } else if (command === 'CONNECTED' && !this.#isConnected) {
      this.#takeConnected(headers);
    } else if (command === 'RECEIPT' && this.#isConnected) {
      this.#takeReceipt(headers);
    } else {
      this.fail(`The peer sent ${command} at a wrong time.`);
    }
  }

  #takeConnected(headers: ReadonlyMap<string, string>): void {
    if (headers.get('version') !== '1.2') {
      this.fail('The peer speaks another version of STOMP.');
      return;
    }
    this.#isConnected = true;
    for (const { id, type, body } of this.#messages) {
      const { destination } = this.#address;
      this.#send(
        'SEND',
        { destination, type, 'content-type': 'application/json', persistent: 'true', receipt: id },
        Buffer.from(body),
      );
    }
  }

  #takeReceipt(headers: ReadonlyMap<string, string>): void {
    const index = this.#indexOf(headers.get('receipt-id'));
    if (index === -1) {
      this.fail('The peer sent a receipt for something else.');
      return;
    }
    this.#receipted = Math.max(this.#receipted, index + 1);
    if (this.#receipted === this.#messages.length) {
      this.#send('DISCONNECT', {});
      this.#finish({});
    }
  }

  /** An error that names one of our messages is about it; any other is about the connection. */
  #takeError(headers: ReadonlyMap<string, string>): void {
    const reason = headers.get('message') ?? 'no reason';
    const index = this.#indexOf(headers.get('receipt-id'));
    if (index < this.#receipted) {
      this.fail(`The peer reports an error: ${reason}`);
    } else {
      this.#finish({ refused: { index, reason } });
    }
  }

  #indexOf(receipt: string | undefined): number {
    return this.#messages.findIndex(({ id }) => id === receipt);
  }

  #send(command: string, headers: Readonly<Record<string, string | undefined>>, body?: Buffer): void {
    this.#write(printFrame(frame(command, headers, body)));
  }

  #finish(end: Omit<SessionResult, 'receipted'>): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#finished({ receipted: this.#receipted, ...end });
    }
  }
}
