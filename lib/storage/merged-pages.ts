/** Several sorted lists that arrive page by page, read as one. */

/** A list, with the page that is being read. */
interface Source<T> {
  readonly pages: AsyncIterator<readonly T[]>;
  page: readonly T[];
  position: number;
}

/**
 * The items of all lists in the order of their keys, in pages of any size. Holds one page of each list in memory.
 * @param lists each sorted by key
 */
export async function* mergedPages<T>(
  lists: readonly AsyncIterable<readonly T[]>[],
  keyOf: (item: T) => bigint,
): AsyncGenerator<readonly T[]> {
  const sources = lists.map((list) => ({ pages: list[Symbol.asyncIterator](), page: [], position: 0 }));
  let open: readonly Source<T>[] = await readOn(sources);
  while (open.length > 0) {
    yield itemsUntilOneEnds(open, keyOf);
    open = await readOn(open);
  }
}

/** Gives every list that has been read to the end of its page the next one; leaves out those that have ended. */
async function readOn<T>(sources: readonly Source<T>[]): Promise<readonly Source<T>[]> {
  const isOpen = await Promise.all(
    sources.map(async (source) => {
      while (source.position === source.page.length) {
        const { done, value } = await source.pages.next();
        if (done === true) {
          return false;
        }
        source.page = value;
        source.position = 0;
      }
      return true;
    }),
  );
  return sources.filter((_, index) => isOpen[index]);
}

/** What comes next may be on the next page of the list that ends first. */
function itemsUntilOneEnds<T>(sources: readonly Source<T>[], keyOf: (item: T) => bigint): T[] {
  const items: T[] = [];
  for (;;) {
    const first = sources.reduce((least, source) =>
      keyOf(next(source)) < keyOf(next(least)) ? source : least,
    );
    items.push(next(first));
    first.position += 1;
    if (first.position === first.page.length) {
      return items;
    }
  }
}

function next<T>({ page, position }: Source<T>): T {
  return page[position] as T;
}
