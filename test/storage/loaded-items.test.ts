/** Items that were read together: one that can't be read hides no other, and is told of whoever asks for it. */

import { describe, expect, it } from 'vitest';
import { CorruptItemError } from '../../lib/storage/errors.ts';
import { type ItemCodec, LoadedItems } from '../../lib/storage/loaded-items.ts';

const FAULT = new CorruptItemError('it has no size');

const CODEC: ItemCodec<{ readonly name: string; readonly size: bigint }> = {
  decode: ({ name, size }) => {
    if (typeof size !== 'bigint') {
      throw FAULT;
    }
    return { name: String(name), size };
  },
  printKeyOf: ({ name }) => name,
  printItemKey: ({ name }) => String(name),
};

const SOUND = { name: 'a', size: 1n };
const CORRUPT = { name: 'b' };

describe('items of which one can not be read', () => {
  const loaded = new LoadedItems([SOUND, CORRUPT], CODEC);

  it('are found by their keys, but for that one, which is told with its fault', () => {
    expect(loaded.get('a')).toStrictEqual(SOUND);
    expect(() => loaded.get('b')).toThrow(FAULT);
    expect(loaded.get('c')).toBeUndefined();
  });

  it('show what can be read', () => {
    expect(['a', 'b', 'c'].map((key) => loaded.readable(key))).toStrictEqual([SOUND, undefined, undefined]);
    expect([...loaded.values()]).toStrictEqual([SOUND]);
  });

  it('say which of them has a fault', () => {
    expect(['a', 'b', 'c'].map((key) => loaded.faultOf(key))).toStrictEqual([undefined, FAULT, undefined]);
    expect(loaded.hasFaults).toBe(true);
  });
});

describe('items that can be read', () => {
  it('have no faults', () => {
    const loaded = new LoadedItems([SOUND], CODEC);
    expect([loaded.hasFaults, loaded.faultOf('a')]).toStrictEqual([false, undefined]);
  });
});

describe('a defect of the code that reads them', () => {
  it('is no fault of an item', () => {
    const defect = new TypeError('undefined is not a function');
    const decode = () => {
      throw defect;
    };
    expect(() => new LoadedItems([SOUND], { ...CODEC, decode })).toThrow(defect);
  });
});
