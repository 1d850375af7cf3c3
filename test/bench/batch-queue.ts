/** An array that hands out batches, one at a time: a queue or a stream, and what feeds a function from it. */

export interface BatchQueue<T> {
  readonly push: (item: T) => void;
  /** Resolves when the batch under way is done; no other batch is started. */
  readonly stop: () => Promise<void>;
}

/**
 * @param size the most items in a batch
 * @param lingerMs a batch that is not full starts when nothing has come for so long
 */
export function createBatchQueue<T>(
  size: number,
  lingerMs: number,
  handle: (items: readonly T[]) => Promise<void>,
): BatchQueue<T> {
  let items: T[] = [];
  let running: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const begin = () => {
    clearTimeout(timer);
    timer = undefined;
    if (running !== undefined || items.length === 0 || isStopped) {
      return;
    }
    const batch = items.slice(0, size);
    items = items.slice(size);
    running = handle(batch).then(() => {
      running = undefined;
      arrange();
    });
  };
  const arrange = () => {
    if (running !== undefined || items.length === 0) {
      return;
    }
    if (items.length >= size) {
      begin();
    } else if (timer === undefined) {
      timer = setTimeout(begin, lingerMs);
    } else {
      timer.refresh();
    }
  };
  return {
    push: (item) => {
      items.push(item);
      arrange();
    },
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
