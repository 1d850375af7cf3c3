/** Several sorted lists that arrive page by page, read as one. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergedPages } from '../../lib/storage/merged-pages.ts';

async function* list(...pages: readonly (readonly bigint[])[]): AsyncGenerator<readonly bigint[]> {
  yield* pages;
}

async function merged(...lists: AsyncGenerator<readonly bigint[]>[]): Promise<readonly bigint[][]> {
  const pages: bigint[][] = [];
  for await (const page of mergedPages(lists, (item) => item)) {
    pages.push([...page]);
  }
  return pages;
}

describe('merged pages', () => {
  it('are sorted across the lists, and end with the page that ends first', async () => {
    expect(await merged(list([1n, 4n], [6n]), list([2n, 5n, 7n]))).toStrictEqual([
      [1n, 2n, 4n],
      [5n, 6n],
      [7n],
    ]);
  });

  it('begin with the first list where keys are equal', async () => {
    async function* named(name: string): AsyncGenerator<readonly string[]> {
      yield [name];
    }
    const pages = mergedPages([named('a'), named('b'), named('c')], () => 7n);
    const items: string[] = [];
    for await (const page of pages) {
      items.push(...page);
    }
    expect(items).toStrictEqual(['a', 'b', 'c']);
  });

  it('skip empty pages, and lists without any', async () => {
    expect(await merged(list([], [], [3n], []), list(), list([]))).toStrictEqual([[3n]]);
    expect(await merged()).toStrictEqual([]);
  });

  it('hold every item once and in order, whatever the pages', async () => {
    const aList = fc.array(fc.array(fc.bigInt({ min: -50n, max: 50n }), { maxLength: 4 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(aList, { maxLength: 6 }), async (lists) => {
        const sorted = lists.map((pages) => {
          const items = pages.flat().toSorted((a, b) => Number(a - b));
          return pages.map(({ length }) => items.splice(0, length));
        });
        const pages = await merged(...sorted.map((page) => list(...page)));
        expect(pages.flat()).toStrictEqual(lists.flat(2).toSorted((a, b) => Number(a - b)));
        expect(pages).not.toContainEqual([]);
      }),
    );
  });

  it('read the first page of every list before any second one', async () => {
    const read: string[] = [];
    async function* watched(name: string): AsyncGenerator<readonly bigint[]> {
      for (const number of [1n, 2n]) {
        read.push(`${name}${number}`);
        yield [number];
      }
    }
    const pages = mergedPages([watched('a'), watched('b')], (item) => item);
    await pages.next();
    expect(read).toStrictEqual(['a1', 'b1']);
  });
});
