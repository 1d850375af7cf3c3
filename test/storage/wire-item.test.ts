/** Items in the form in which DynamoDB and its streams write them. */

import { describe, expect, it } from 'vitest';
import { CorruptItemError } from '../../lib/storage/errors.ts';
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
    ['no value at all', undefined],
  ])('is refused when an attribute has %s', (_what, value) => {
    expect(() => fromWire({ principal: value as never })).toThrow(
      new CorruptItemError('Attribute principal is neither a string nor an integer.'),
    );
  });
});

describe('an image of a stream record', () => {
  it('is nothing where there was no item', () => {
    expect(accountOfImage(undefined)).toBeUndefined();
    expect(recordOfImage(undefined)).toBeUndefined();
  });
});
