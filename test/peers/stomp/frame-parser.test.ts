import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAME_LIMITS, type Frame, frame, headerText, printFrame } from '../../../lib/peers/stomp/frame.ts';
import { FrameError, FrameParser } from '../../../lib/peers/stomp/frame-parser.ts';

type Plain = readonly [command: string, headers: Readonly<Record<string, string>>, body: string];

/** What comes out when the pieces come one after the other: frames, and the error that ended it. */
function parsed(pieces: readonly Uint8Array[]): readonly (Plain | string)[] {
  const parser = new FrameParser();
  const found: (Plain | string)[] = [];
  try {
    for (const piece of pieces) {
      parser.push(piece);
      for (let next = parser.next(); next !== undefined; next = parser.next()) {
        found.push(plain(next));
      }
    }
  } catch (error) {
    if (!(error instanceof FrameError)) {
      throw error;
    }
    found.push(error.message);
  }
  return found;
}

function plain({ command, headers, body }: Frame): Plain {
  return [command, Object.fromEntries(headers), body.toString('latin1')];
}

const textOf = (text: string): readonly (Plain | string)[] => parsed([Buffer.from(text, 'latin1')]);

const STREAM = Buffer.concat([
  Buffer.from('\n\r\n\n'),
  printFrame(frame('STOMP', { 'accept-version': '1.2', host: '/', 'heart-beat': '5000,30000' })),
  Buffer.from('\n'),
  printFrame(frame('SEND', { destination: '/a', 'a:b\\\r\n': 'ü:\\' }, Buffer.from([1, 0, 2, 10, 10, 0]))),
  Buffer.from('SEND\r\nreceipt:7\r\nreceipt:8\r\n\r\nno length\0\r\n'),
  printFrame(frame('DISCONNECT', { receipt: '7' })),
]);

const FRAMES = [
  ['STOMP', { 'accept-version': '1.2', host: '/', 'heart-beat': '5000,30000' }, ''],
  ['SEND', { destination: '/a', 'a:b\\\r\n': 'ü:\\', 'content-length': '6' }, '\u0001\u0000\u0002\n\n\u0000'],
  ['SEND', { receipt: '7' }, 'no length'],
  ['DISCONNECT', { receipt: '7' }, ''],
];

describe('Frames', () => {
  it('are the same wherever the bytes are cut', () => {
    expect(parsed([STREAM])).toStrictEqual(FRAMES);
    for (let cut = 1; cut < STREAM.length; cut += 1) {
      expect(parsed([STREAM.subarray(0, cut), STREAM.subarray(cut)])).toStrictEqual(FRAMES);
    }
    expect(parsed([...STREAM].map((byte) => Uint8Array.of(byte)))).toStrictEqual(FRAMES);
  });

  it('are written so that they are read as they were, whatever is in them and however the bytes are cut', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 20 });
    const frames = fc.array(
      fc.record({
        command: fc.constantFrom('SEND', 'RECEIPT', 'ERROR', 'CONNECTED'),
        headers: fc.dictionary(
          word.filter((name) => name.length > 0 && name !== 'content-length' && name !== '__proto__'),
          word,
          { maxKeys: 5, noNullPrototype: true },
        ),
        body: fc.uint8Array({ maxLength: 300 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(frames, fc.array(fc.nat(2_000)), (wanted, cuts) => {
        const made = wanted.map(({ command, headers, body }) => frame(command, headers, Buffer.from(body)));
        const bytes = Buffer.concat(made.map(printFrame));
        const ends = [...new Set(cuts.map((cut) => cut % bytes.length)), bytes.length].sort((a, b) => a - b);
        const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect(parsed(pieces)).toStrictEqual(made.map(plain));
      }),
    );
  });

  it('of any bytes end in an error or in frames, alike however they are cut', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .array(
          fc.constantFrom('SEND', '\n', '\r', '\0', ':', 'a', '\\', '\\c', 'content-length:3\n', '\xff'),
          {
            maxLength: 60,
          },
        )
        .map((parts) => Buffer.from(parts.join(''), 'latin1')),
    );
    fc.assert(
      fc.property(bytes, (stream) => {
        expect(parsed([...stream].map((byte) => Uint8Array.of(byte)))).toStrictEqual(parsed([stream]));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['a', 'A frame must begin with a command.'],
    ['\0', 'A frame must begin with a command.'],
    ['\x16\x03\x01', 'A frame must begin with a command.'],
    ['GET / HTTP/1.1\r\n\r\n', 'A frame must begin with a command.'],
    ['\r\rSEND\n\n\0', 'A frame must begin with a command.'],
    [`${'A'.repeat(51)}\n\n\0`, 'A frame must begin with a command.'],
    ['SEND\nheader\n\n\0', 'A header is not name:value, or too long.'],
    ['SEND\n:value\n\n\0', 'A header is not name:value, or too long.'],
    ['SEND\na:b\rc\n\n\0', 'A header is not name:value, or too long.'],
    [`SEND\n${'n'.repeat(501)}:v\n\n\0`, 'A header is not name:value, or too long.'],
    [`SEND\nn:${'v'.repeat(501)}\n\n\0`, 'A header is not name:value, or too long.'],
    [`SEND\n${'n:v\n'.repeat(51)}\n\0`, 'The head of a frame is too large.'],
    [`SEND\n${`${'n'.repeat(400)}:v\n`.repeat(11)}\n\0`, 'The head of a frame is too large.'],
    ['A'.repeat(4_151), 'The head of a frame is too large.'],
    ['SEND\na:\\t\n\n\0', 'A header has an unknown escape.'],
    ['SEND\na:\\\n\n\0', 'A header has an unknown escape.'],
    ['SEND\na:\xff\n\n\0', 'A head is not UTF-8.'],
    ['SEND\ncontent-length:-1\n\n\0', 'The content-length must be a number of bytes.'],
    ['SEND\ncontent-length:1e3\n\n\0', 'The content-length must be a number of bytes.'],
    ['SEND\ncontent-length:8193\n\n', 'The body of a frame is too large.'],
    [`SEND\n\n${'b'.repeat(8_193)}`, 'The body of a frame is too large.'],
    [
      'SEND\ncontent-length:2\n\nbody\0',
      'A frame must end in NUL after as many bytes as its content-length says.',
    ],
  ])('that break a rule are refused (%j)', (text, message) => {
    expect(textOf(text)).toStrictEqual([message]);
  });

  it('may be as large as the limits say', () => {
    const name = 'n'.repeat(499);
    // Eight lines of 509 bytes and one of 24 are 4,096 bytes.
    const lines = `${`${name}:${'v'.repeat(8)}\n`.repeat(8)}${'l'.repeat(20)}:vv\n`;
    expect(lines).toHaveLength(FRAME_LIMITS.headerBytes);
    const [found] = textOf(`SEND\n${lines}\n${'b'.repeat(8_192)}\0`);
    expect(found?.[2]).toHaveLength(8_192);
    expect(textOf(`SEND\n${lines.replace('vv', 'vvv')}\n\0`)).toStrictEqual([
      'The head of a frame is too large.',
    ]);
    expect(textOf(`SEND\n${'n:v\n'.repeat(50)}\n\0`)).toStrictEqual([['SEND', { n: 'v' }, '']]);
  });

  it('come no more after an error', () => {
    const parser = new FrameParser();
    parser.push(Buffer.from('oops'));
    expect(() => parser.next()).toThrow(FrameError);
    parser.push(printFrame(frame('SEND', {})));
    expect(() => parser.next()).toThrow('A frame must begin with a command.');
  });

  it('are given one at a time, so that whoever waits reads no further', () => {
    const parser = new FrameParser();
    const one = printFrame(frame('SEND', { receipt: '1' }, Buffer.from('body')));
    parser.push(Buffer.concat([one, one, one]));
    parser.next();
    expect(parser.heldBytes).toBe(2 * one.length);
    parser.next();
    parser.next();
    expect([parser.next(), parser.heldBytes]).toStrictEqual([undefined, 0]);
  });
});

describe('A text for a header', () => {
  it('is printable and short enough, also when each of its characters is escaped', () => {
    expect(headerText('Ünknown\n"x"')).toBe('?nknown?"x"');
    const bytes = printFrame(frame('ERROR', { message: headerText(':'.repeat(1_000)) }));
    expect(parsed([bytes])).toStrictEqual([['ERROR', { message: ':'.repeat(250) }, '']]);
  });
});
