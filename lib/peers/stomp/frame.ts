/** Frames of STOMP 1.2, as far as the network uses it, and how they are written. swpt-stomp 1.0. */

export interface Frame {
  /** One of STOMP's commands, in capital letters. */
  readonly command: string;
  /** In their order. Of a header that stands twice in a frame, the first counts. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** What goes beyond these ends the connection. They are those of the network's own programs. */
export const FRAME_LIMITS = {
  commandLength: 50,
  /** Of all header lines together, in bytes with their ends. */
  headerBytes: 4_096,
  headerLines: 50,
  /** Of a name or a value, in bytes as written. */
  wordBytes: 500,
  bodyBytes: 8_192,
} as const;

/** Ends a line of the head; between frames, a sign of life. */
export const HEART_BEAT = '\n';

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\r': '\\r', '\n': '\\n', ':': '\\c' };
const NO_BODY = Buffer.alloc(0);

/** A frame with the headers that have a value, and with the length of its body where it has one. */
export function frame(
  command: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: Buffer = NO_BODY,
): Frame {
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const length: [string, string][] = body.length > 0 ? [['content-length', `${body.length}`]] : [];
  return { command, headers: new Map([...given, ...length]), body };
}

/** The frame's bytes. Does not check limits. */
export function printFrame({ command, headers, body }: Frame): Buffer {
  let head = `${command}\n`;
  for (const [name, value] of headers) {
    head += `${escaped(name)}:${escaped(value)}\n`;
  }
  return Buffer.concat([Buffer.from(`${head}\n`), body, Buffer.alloc(1)]);
}

/** A text that is safe as the value of a header of ours: printable ASCII within the limit of a word, however it is escaped. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, FRAME_LIMITS.wordBytes / 2);
}

function escaped(text: string): string {
  return text.replace(/[\\\r\n:]/g, (character) => ESCAPES[character] as string);
}
