/** Items in the form in which DynamoDB and its streams write them. */

import { describe, expect, it } from 'vitest';
import { accountOfImage, recordOfImage } from '../../lib/storage/stream-image.ts';
import { fromWire, toWire } from '../../lib/storage/wire-item.ts';

describe('an item on the wire', () => {
  it('has texts and integers', () => {
    const item = { text: 'x', empty: '', digits: '5', zero: 0n, long: -9_223_372_036_854_775_808n };
    const wire = {
      text: { S: 'x' },
      empty: { S: '' },
      digits: { S: '5' },
      zero: { N: '0' },
      long: { N: '-9223372036854775808' },
    };
    expect(toWire(item)).toStrictEqual(wire);
    expect(fromWire(wire)).toStrictEqual(item);
  });

  it.each([
    ['a fraction', { N: '1.5' }],
    ['a fraction without digits before it', { N: '.5' }],
    ['an exponent', { N: '1e5' }],
    ['no digits', { N: '-' }],
    ['nothing', { N: '' }],
    ['a minus after its digits', { N: '5-' }],
    ['two minuses', { N: '--5' }],
    ['bytes', { B: new Uint8Array([1]) }],
    ['a truth value', { BOOL: true }],
    ['bytes in a list', { L: [{ B: new Uint8Array([1]) }, { S: 'x' }] }],
    ['bytes in a map', { M: { deep: { L: [{ BS: [new Uint8Array([1])] }] } } }],
    ['a set', { SS: ['x'] }],
  ])('keeps an attribute as it is that has %s', (_what, value) => {
    const item = fromWire({ extra: value as never });
    expect(item).toStrictEqual({ extra: value });
    expect(toWire(item)).toStrictEqual({ extra: value });
  });

  it('has nothing where a record has an attribute without a value', () => {
    expect(fromWire({ extra: undefined as never })).toStrictEqual({ extra: {} });
  });

  it('has bytes where an event of Lambda has base64, however deep', () => {
    const bytes = new Uint8Array([1, 255]);
    expect(
      fromWire({
        one: { B: 'Af8=' },
        set: { BS: ['Af8='] },
        deep: { L: [{ M: { inner: { B: 'Af8=' } } }] },
      } as never),
    ).toStrictEqual({
      one: { B: bytes },
      set: { BS: [bytes] },
      deep: { L: [{ M: { inner: { B: bytes } } }] },
    });
  });
});

describe('an image of a stream record', () => {
  it('is nothing where there was no item', () => {
    expect(accountOfImage(undefined)).toBeUndefined();
    expect(recordOfImage(undefined)).toBeUndefined();
  });
});
