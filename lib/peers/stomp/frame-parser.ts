/**
 * Takes the bytes of a connection, however they are cut, and gives frames one at a time. It holds no more than what it was last
 * given and one frame that is not complete, so whoever stops reading at the right time bounds the memory.
 */

import { FRAME_LIMITS, type Frame } from './frame.ts';

const NEW_LINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NUL = 0;

const COMMAND_FORM = new RegExp(`^[A-Z]{1,${FRAME_LIMITS.commandLength}}$`);
const UNESCAPED: Readonly<Record<string, string>> = { '\\\\': '\\', '\\r': '\r', '\\n': '\n', '\\c': ':' };
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** With the longest command line and the empty line at the end, each with a carriage return. */
const MAX_HEAD_BYTES = FRAME_LIMITS.commandLength + 2 + FRAME_LIMITS.headerBytes + 2;

/** The bytes are no STOMP of the network; the connection can't go on. The message is one sentence for the other side. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

type Head = Omit<Frame, 'body'>;

export class FrameParser {
  /** What came and is not part of a frame that was given. */
  #bytes: Buffer = Buffer.alloc(0);
  /** So many of them were searched without finding what ends the part that is being read. */
  #searched = 0;
  /** Of the frame whose body is being read. */
  #head: Head | undefined;
  #failure: FrameError | undefined;

  /** Takes the next bytes of the connection. */
  push(bytes: Uint8Array): void {
    this.#bytes = this.#bytes.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#bytes, bytes]);
  }

  /** How many bytes are held. */
  get heldBytes(): number {
    return this.#bytes.length;
  }

  /**
   * The next frame; `undefined` when more bytes are needed for it.
   * @throws {FrameError} when the bytes are no frame, and from then on always
   */
  next(): Frame | undefined {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    try {
      this.#head ??= this.#readHead();
      return this.#head === undefined ? undefined : this.#readBody(this.#head);
    } catch (error) {
      if (error instanceof FrameError) {
        this.#failure = error;
        this.#bytes = Buffer.alloc(0);
      }
      throw error;
    }
  }

  #readHead(): Head | undefined {
    if (this.#searched === 0) {
      this.#skipHeartBeats();
      this.#refuseWrongCommand();
    }
    const end = this.#endOfHead();
    if (end === undefined) {
      if (this.#bytes.length > MAX_HEAD_BYTES) {
        throw new FrameError('The head of a frame is too large.');
      }
      return undefined;
    }
    const head = parseHead(this.#bytes.subarray(0, end));
    this.#drop(end);
    return head;
  }

  /** Heart-beats are new lines between frames, with or without a carriage return. */
  #skipHeartBeats(): void {
    let position = 0;
    for (;;) {
      const code = this.#bytes[position];
      const isEndOfLine =
        code === NEW_LINE || (code === CARRIAGE_RETURN && this.#bytes[position + 1] === NEW_LINE);
      if (!isEndOfLine) {
        break;
      }
      position += code === NEW_LINE ? 1 : 2;
    }
    this.#drop(position);
  }

  /** The position after the empty line that ends the head. */
  #endOfHead(): number | undefined {
    let line = this.#searched;
    for (;;) {
      const end = this.#bytes.indexOf(NEW_LINE, line);
      if (end === -1 || end >= MAX_HEAD_BYTES) {
        this.#searched = line;
        return undefined;
      }
      const isEmpty = end === line || (end === line + 1 && this.#bytes[line] === CARRIAGE_RETURN);
      if (isEmpty) {
        return end + 1;
      }
      line = end + 1;
    }
  }

  /** Garbage is refused by its first byte, not when there is a head's worth of it. */
  #refuseWrongCommand(): void {
    const [code] = this.#bytes;
    const isLetter = code !== undefined && code >= 0x41 && code <= 0x5a;
    // A carriage return may be half a heart-beat.
    const isHalfHeartBeat = code === CARRIAGE_RETURN && this.#bytes.length === 1;
    if (code !== undefined && !isLetter && !isHalfHeartBeat) {
      throw new FrameError('A frame must begin with a command.');
    }
  }

  #readBody(head: Head): Frame | undefined {
    const length = contentLength(head);
    const end = length ?? this.#endOfText();
    if (end === undefined || this.#bytes.length <= end) {
      return undefined;
    }
    if (this.#bytes[end] !== NUL) {
      throw new FrameError('A frame must end in NUL after as many bytes as its content-length says.');
    }
    // A copy, so that no frame holds on to the bytes that came with it.
    const body = Buffer.from(this.#bytes.subarray(0, end));
    this.#drop(end + 1);
    this.#head = undefined;
    return { ...head, body };
  }

  /** Where a body without a length ends. */
  #endOfText(): number | undefined {
    const end = this.#bytes.indexOf(NUL, this.#searched);
    const length = end === -1 ? this.#bytes.length : end;
    if (length > FRAME_LIMITS.bodyBytes) {
      throw new FrameError('The body of a frame is too large.');
    }
    this.#searched = length;
    return end === -1 ? undefined : end;
  }

  #drop(count: number): void {
    this.#bytes = this.#bytes.subarray(count);
    this.#searched = 0;
  }
}

function parseHead(bytes: Buffer): Head {
  const [command = '', ...lines] = decoded(bytes)
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .slice(0, -2);
  if (!COMMAND_FORM.test(command)) {
    throw new FrameError('A frame must begin with a command.');
  }
  const emptyLineBytes = bytes.at(-2) === CARRIAGE_RETURN ? 2 : 1;
  const headerBytes = bytes.length - (bytes.indexOf(NEW_LINE) + 1) - emptyLineBytes;
  if (headerBytes > FRAME_LIMITS.headerBytes || lines.length > FRAME_LIMITS.headerLines) {
    throw new FrameError('The head of a frame is too large.');
  }
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [name, value] = parseHeader(line);
    if (!headers.has(name)) {
      headers.set(name, value);
    }
  }
  return { command, headers };
}

function parseHeader(line: string): readonly [string, string] {
  const position = line.indexOf(':');
  const words = [line.slice(0, position), line.slice(position + 1)] as const;
  const isTooLong = words.some((word) => Buffer.byteLength(word) > FRAME_LIMITS.wordBytes);
  if (position < 1 || isTooLong || line.includes('\r')) {
    throw new FrameError('A header is not name:value, or too long.');
  }
  return [unescaped(words[0]), unescaped(words[1])];
}

function unescaped(word: string): string {
  return word.replace(/\\.?/gs, (sequence) => {
    const character = UNESCAPED[sequence];
    if (character === undefined) {
      throw new FrameError('A header has an unknown escape.');
    }
    return character;
  });
}

/** @returns `undefined` when the frame says none */
function contentLength({ headers }: Head): number | undefined {
  const text = headers.get('content-length');
  if (text === undefined) {
    return undefined;
  }
  if (!/^[0-9]{1,9}$/.test(text)) {
    throw new FrameError('The content-length must be a number of bytes.');
  }
  if (Number(text) > FRAME_LIMITS.bodyBytes) {
    throw new FrameError('The body of a frame is too large.');
  }
  return Number(text);
}

function decoded(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new FrameError('A head is not UTF-8.');
  }
}
