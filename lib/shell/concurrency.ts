/** How work on many items is divided, grouped, and done side by side without a connection for each item. */

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
  return Map.groupBy(items, keyOf);
}

export interface RunLimits {
  /** Of all items of a run together. An item that is larger is a run of its own. */
  readonly maxSize: number;
  readonly maxCount?: number;
}

/** The items in runs, as long as their sizes allow. */
export function inRuns<T>(
  items: Iterable<T>,
  sizeOf: (item: T) => number,
  { maxSize, maxCount = Number.POSITIVE_INFINITY }: RunLimits,
): T[][] {
  const runs: T[][] = [];
  let runSize = 0;
  for (const item of items) {
    const size = sizeOf(item);
    const run = runs.at(-1);
    if (run === undefined || run.length === maxCount || runSize + size > maxSize) {
      runs.push([item]);
      runSize = size;
    } else {
      run.push(item);
      runSize += size;
    }
  }
  return runs;
}

/** The items in runs of at most `maxSize`. */
export function inSlices<T>(items: Iterable<T>, maxSize: number): T[][] {
  return inRuns(items, () => 1, { maxSize });
}
