/** Reading a store's partition whole: no page is the last one only because it is full. */

import { describe, expect, it } from 'vitest';
import { listTexts } from '../../../lib/client/engine/store-access.ts';
import { MemoryStore } from '../../../lib/client/stores/memory-store.ts';

async function storeWith(count: number): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (let i = 0; i < count; i++) {
    await store.write([{ partition: 'p', sort: sortOf(i), before: undefined, after: `text ${i}` }]);
  }
  return store;
}

async function collect(texts: AsyncIterable<string>): Promise<string[]> {
  const collected: string[] = [];
  for await (const text of texts) {
    collected.push(text);
  }
  return collected;
}

function sortOf(i: number): string {
  return String(i).padStart(4, '0');
}

describe('listTexts', () => {
  it.each([0, 1, 99, 100, 101, 250])('gives all of %i texts in their order', async (count) => {
    const texts = await collect(listTexts(await storeWith(count), 'p'));
    expect(texts).toStrictEqual(Array.from({ length: count }, (_, i) => `text ${i}`));
  });

  it('begins after the named one', async () => {
    const texts = await collect(listTexts(await storeWith(203), 'p', { after: sortOf(100) }));
    expect(texts).toStrictEqual(Array.from({ length: 102 }, (_, i) => `text ${101 + i}`));
  });
});
