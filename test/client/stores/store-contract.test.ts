/** What every store promises, tried on each of them. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientStore } from '../../../lib/client/stores/client-store.ts';
import { PLACES, type StorePlace } from './stores-under-contract.ts';

const ABORTED = AbortSignal.abort(new Error('enough'));

describe.each(PLACES)('the store: %s', (_kind, makePlace) => {
  let place: StorePlace;
  let store: ClientStore;
  beforeAll(async () => {
    place = await makePlace();
    store = await place.open();
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  /** Puts items where there are none. */
  function put(partition: string, texts: Readonly<Record<string, string>>): Promise<boolean> {
    const changes = Object.entries(texts).map(([sort, after]) => ({
      partition,
      sort,
      before: undefined,
      after,
    }));
    return store.write(changes);
  }

  it('returns the texts in the order of the keys, and nothing for what is not there', async () => {
    await put('p1', { a: 'one', b: 'zwei ✓ "\\\n' });
    const keys = ['b', 'c', 'a'].map((sort) => ({ partition: 'p1', sort }));
    expect(await store.read(keys)).toStrictEqual(['zwei ✓ "\\\n', undefined, 'one']);
    expect(await store.read([{ partition: 'other', sort: 'a' }])).toStrictEqual([undefined]);
    expect(await store.read([])).toStrictEqual([]);
  });

  it('changes, makes and removes items together', async () => {
    await put('p2', { a: 'one', b: 'two' });
    const isDone = await store.write([
      { partition: 'p2', sort: 'a', before: 'one', after: 'ONE' },
      { partition: 'p2', sort: 'b', before: 'two', after: undefined },
      { partition: 'p2', sort: 'c', before: undefined, after: 'three' },
    ]);
    expect(isDone).toBe(true);
    expect(await store.list('p2', { limit: 10 })).toStrictEqual([
      { sort: 'a', text: 'ONE' },
      { sort: 'c', text: 'three' },
    ]);
  });

  it.each([
    ['was changed', { sort: 'a', before: 'old', after: 'new' }],
    ['was made', { sort: 'a', before: undefined, after: 'new' }],
    ['was removed', { sort: 'gone', before: 'old', after: 'new' }],
    ['was changed before it is removed', { sort: 'a', before: 'old', after: undefined }],
  ])('changes nothing when one of the items %s', async (what, change) => {
    const partition = `p3 ${what}`;
    await put(partition, { a: 'present' });
    const other = { partition, sort: 'b', before: undefined, after: 'other' };
    expect(await store.write([other, { partition, ...change }])).toBe(false);
    expect(await store.list(partition, { limit: 10 })).toStrictEqual([{ sort: 'a', text: 'present' }]);
  });

  it('lists a partition page by page, in the order of ASCII', async () => {
    await put('p4', { b: '3', a: '2', B: '1', 'a/1': 'x', '00000000000000000010': '0' });
    expect(await store.list('p4', { limit: 2 })).toStrictEqual([
      { sort: '00000000000000000010', text: '0' },
      { sort: 'B', text: '1' },
    ]);
    expect(await store.list('p4', { after: 'B', limit: 2 })).toStrictEqual([
      { sort: 'a', text: '2' },
      { sort: 'a/1', text: 'x' },
    ]);
    expect(await store.list('p4', { after: 'a0', limit: 9 })).toStrictEqual([{ sort: 'b', text: '3' }]);
    expect(await store.list('p4', { after: 'b', limit: 9 })).toStrictEqual([]);
    expect(await store.list('empty', { limit: 9 })).toStrictEqual([]);
  });

  it('is the same to all who open it', async () => {
    await put('p5', { a: '1' });
    const other = await place.open();
    expect(await other.write([{ partition: 'p5', sort: 'a', before: '1', after: '2' }])).toBe(true);
    expect(await store.write([{ partition: 'p5', sort: 'a', before: '1', after: '3' }])).toBe(false);
    expect(await store.read([{ partition: 'p5', sort: 'a' }])).toStrictEqual(['2']);
    if (other !== store) {
      await other[Symbol.asyncDispose]();
    }
  });

  it('lets only one of many writers through', async () => {
    const writes = Array.from({ length: 8 }, (_, index) =>
      store.write([{ partition: 'p6', sort: 'a', before: undefined, after: `${index}` }]),
    );
    expect((await Promise.all(writes)).filter((isDone) => isDone)).toStrictEqual([true]);
  });

  it('takes as many changes as a write may hold', async () => {
    const texts = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${100 + index}`, 'x']));
    expect(await put('p7', texts)).toBe(true);
    expect(await store.list('p7', { limit: 100 })).toHaveLength(50);
  });

  it('keeps a large text whole', async () => {
    const text = 'é'.repeat(50_000);
    await put('p8', { a: text });
    expect(await store.read([{ partition: 'p8', sort: 'a' }])).toStrictEqual([text]);
  });

  it('does nothing once the signal is aborted', async () => {
    const change = { partition: 'p9', sort: 'a', before: undefined, after: '1' };
    await expect(store.write([change], ABORTED)).rejects.toThrow();
    await expect(store.read([change], ABORTED)).rejects.toThrow();
    await expect(store.list('p9', { limit: 1 }, ABORTED)).rejects.toThrow();
    expect(await store.read([change])).toStrictEqual([undefined]);
  });
});
