/**
 * One connection of a peer, without its socket: bytes come in, frames are answered. A message counts as received when the queue
 * has taken it and all before it, and only then is there a receipt. swpt-stomp 1.0, server.
 */

import { type Frame, frame, HEART_BEAT, headerText, printFrame } from '../stomp/frame.ts';
import { FrameError, FrameParser } from '../stomp/frame-parser.ts';
import {
  type HeartBeatOffer,
  heartBeatPeriod,
  NO_HEART_BEAT,
  parseHeartBeat,
  printHeartBeat,
} from '../stomp/heart-beat.ts';
import type { Admission } from './admission.ts';
import { SignOfLife } from './sign-of-life.ts';

/** With so many messages that have no receipt yet, nothing more is read, until there are few. Those of the network's programs. */
export const MAX_UNRECEIPTED = 100;
export const FEW_UNRECEIPTED = 25;

/** As many as one call to the queue takes. */
const MESSAGES_IN_BATCH = 10;

/** A peer that has a connection must say what it wants within this time. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** A heart-beat may come this much later, as with the network's own programs. */
const HEART_BEAT_TOLERANCE_MS = 15_000;

const OFFER: HeartBeatOffer = { sends: 5_000, wants: 30_000 };

/** The connection below the session. Nothing of the session is called back from within these. */
export interface Wire {
  readonly write: (bytes: Buffer | string) => void;
  /** Sends what was written, and closes. */
  readonly end: () => void;
  readonly pause: () => void;
  readonly resume: () => void;
}

export interface SessionTools {
  readonly admit: (sent: Frame) => Admission;
  /** Puts messages into the peer's queue. @returns how many of them, from the first one on, are there now; never throws */
  readonly store: (bodies: readonly string[]) => Promise<number>;
  readonly report: (event: SessionEvent) => void;
}

export type SessionEvent =
  | { readonly kind: 'received'; readonly count: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** What waits to be done in its turn: nothing is answered before all that came earlier. */
type Entry = Admission | { readonly kind: 'disconnect'; readonly receipt: string | undefined };
type Message = Extract<Admission, { kind: 'message' }>;

export class ServerSession {
  readonly #wire: Wire;
  readonly #tools: SessionTools;
  readonly #parser = new FrameParser();
  readonly #entries: Entry[] = [];
  readonly #life: SignOfLife;
  #isConnected = false;
  /** Whether no further frame counts: the last entry ends the connection. */
  #isComplete = false;
  #isOver = false;
  #isStoring = false;
  #isFull = false;
  #isCongested = false;
  #lastReceipt: string | undefined;

  constructor(wire: Wire, tools: SessionTools) {
    this.#wire = wire;
    this.#tools = tools;
    this.#life = new SignOfLife(() => this.fail('Nothing was heard for too long.'));
    this.#life.expect(CONNECT_TIMEOUT_MS);
  }

  /** Whether messages wait that have no receipt. */
  get isBusy(): boolean {
    return this.#entries.length > 0;
  }

  received(bytes: Uint8Array): void {
    if (this.#isOver) {
      return;
    }
    if (this.#isConnected) {
      this.#life.heard();
    }
    this.#parser.push(bytes);
    this.#readFrames();
  }

  /** The other side does not read what was written: then it is not listened to either. */
  congested(isCongested: boolean): void {
    this.#isCongested = isCongested;
    this.#life.holdBeats(isCongested);
    this.#readFrames();
  }

  /** Ends the connection with an error that is about no message, after all that is done already. */
  fail(reason: string): void {
    if (!this.#isOver) {
      this.#tools.report({ kind: 'failed', reason });
      this.#end(frame('ERROR', { message: headerText(reason) }));
    }
  }

  /** Reads nothing more, waits for what is on its way to the queue, and ends the connection with this error. */
  finish(reason: string): void {
    this.#addEntry({ kind: 'failed', reason });
  }

  /** The connection is gone. */
  closed(): void {
    this.#isOver = true;
    this.#life.stop();
  }

  #readFrames(): void {
    try {
      while (this.#isReading()) {
        const next = this.#parser.next();
        if (next === undefined) {
          break;
        }
        this.#take(next);
      }
    } catch (error) {
      if (!(error instanceof FrameError)) {
        throw error;
      }
      this.#addEntry({ kind: 'failed', reason: error.message });
    }
    this.#throttle();
  }

  #isReading(): boolean {
    return !(this.#isOver || this.#isComplete || this.#isFull || this.#isCongested);
  }

  #throttle(): void {
    if (this.#isOver) {
      return;
    }
    if (this.#isReading()) {
      this.#life.holdWatch(false);
      this.#wire.resume();
    } else {
      // What is not read can't be a sign of life.
      this.#life.holdWatch(true);
      this.#wire.pause();
    }
  }

  #take(next: Frame): void {
    if (next.command === 'STOMP' || next.command === 'CONNECT') {
      this.#connect(next);
    } else if (!this.#isConnected) {
      this.#addEntry({ kind: 'failed', reason: 'The first frame must be STOMP or CONNECT.' });
    } else if (next.command === 'SEND') {
      this.#addEntry(this.#tools.admit(next));
    } else if (next.command === 'DISCONNECT') {
      this.#addEntry({ kind: 'disconnect', receipt: next.headers.get('receipt') });
    } else {
      this.#addEntry({ kind: 'failed', reason: `There is no command ${next.command} here.` });
    }
  }

  #connect({ headers }: Frame): void {
    const versions = headers.get('accept-version')?.split(',') ?? [];
    const text = headers.get('heart-beat');
    const theirs = text === undefined ? NO_HEART_BEAT : parseHeartBeat(text);
    if (this.#isConnected) {
      this.#addEntry({ kind: 'failed', reason: 'The connection is there already.' });
    } else if (!versions.includes('1.2')) {
      this.#addEntry({ kind: 'failed', reason: 'The version of STOMP must be 1.2.' });
    } else if (theirs === undefined) {
      this.#addEntry({ kind: 'failed', reason: 'The heart-beat must be two numbers of milliseconds.' });
    } else {
      this.#isConnected = true;
      this.#write(frame('CONNECTED', { version: '1.2', 'heart-beat': printHeartBeat(OFFER) }));
      this.#life.beat(heartBeatPeriod(OFFER, theirs), () => this.#wire.write(HEART_BEAT));
      const period = heartBeatPeriod(theirs, OFFER);
      this.#life.expect(period === 0 ? 0 : period + HEART_BEAT_TOLERANCE_MS);
    }
  }

  #addEntry(entry: Entry): void {
    if (this.#isComplete || this.#isOver) {
      return;
    }
    this.#entries.push(entry);
    this.#isComplete = entry.kind !== 'message';
    this.#isFull ||= this.#entries.length >= MAX_UNRECEIPTED;
    this.#throttle();
    void this.#work();
  }

  /** Does one entry after the other. There is one call to the queue at a time. */
  async #work(): Promise<void> {
    while (!this.#isStoring && !this.#isOver) {
      const [entry] = this.#entries;
      if (entry === undefined) {
        return;
      }
      if (entry.kind !== 'message') {
        this.#conclude(entry);
        return;
      }
      this.#isStoring = true;
      // What came in the same bytes goes to the queue together.
      await Promise.resolve();
      await this.#store();
      this.#isStoring = false;
    }
  }

  async #store(): Promise<void> {
    const end = this.#entries.findIndex(({ kind }) => kind !== 'message');
    const batch = this.#entries.slice(
      0,
      end === -1 ? MESSAGES_IN_BATCH : Math.min(end, MESSAGES_IN_BATCH),
    ) as Message[];
    const count = await this.#tools.store(batch.map(({ body }) => body));
    this.#entries.splice(0, count);
    this.#tools.report({ kind: 'received', count });
    const last = batch[count - 1];
    if (last !== undefined && !this.#isOver) {
      this.#lastReceipt = last.receipt;
      this.#write(frame('RECEIPT', { 'receipt-id': last.receipt }));
    }
    if (count < batch.length) {
      this.fail('Messages can not be stored now. Please send them again later.');
      return;
    }
    if (this.#isFull && this.#entries.length <= FEW_UNRECEIPTED) {
      this.#isFull = false;
      this.#readFrames();
    }
  }

  #conclude(entry: Exclude<Entry, Message>): void {
    switch (entry.kind) {
      case 'refused':
        this.#tools.report({ kind: 'refused', reason: entry.reason });
        this.#end(frame('ERROR', { message: headerText(entry.reason), 'receipt-id': entry.receipt }));
        return;
      case 'failed':
        this.fail(entry.reason);
        return;
      default: {
        const { receipt } = entry;
        // Clients disconnect with the receipt of their last message, which they may have got already.
        const isAnswered = receipt === undefined || receipt === this.#lastReceipt;
        this.#end(isAnswered ? undefined : frame('RECEIPT', { 'receipt-id': receipt }));
      }
    }
  }

  #write(answer: Frame): void {
    this.#wire.write(printFrame(answer));
  }

  #end(answer: Frame | undefined): void {
    if (answer !== undefined) {
      this.#write(answer);
    }
    this.#isOver = true;
    this.#life.stop();
    this.#wire.end();
  }
}
