/** Working on many accounts side by side without opening a connection for each. */

/** Runs `work` for each item, at most `limit` at a time; the results are in the items' order. */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

/** The items in groups of the same key, in the order of their first appearance. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [item]);
    } else {
      group.push(item);
    }
  }
  return groups;
}

/** The items in runs of at most `size`. */
export function inSlices<T>(items: readonly T[], size: number): T[][] {
  const slices: T[][] = [];
  for (let start = 0; start < items.length; start += size) {
    slices.push(items.slice(start, start + size));
  }
  return slices;
}

/** The groups in runs of at most `size` items together; a group that has more is a run of its own. */
export function inRuns<T>(groups: Iterable<readonly T[]>, size: number): (readonly T[])[][] {
  const runs: (readonly T[])[][] = [];
  let itemCount = size;
  for (const group of groups) {
    itemCount += group.length;
    if (itemCount > size) {
      runs.push([]);
      itemCount = group.length;
    }
    runs.at(-1)?.push(group);
  }
  return runs;
}
