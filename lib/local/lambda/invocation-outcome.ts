/** How an invocation ended, and which items of its batch failed, by Lambda's rules for `ReportBatchItemFailures`. */

import { z } from 'zod';

/** How an invocation ended. */
export type InvocationResult =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: HandlerError };

/** The name of the error of an invocation that was killed on purpose. */
export const KILLED = 'Killed';

export function wasKilled(result: InvocationResult): boolean {
  return result.kind === 'failed' && result.error.name === KILLED;
}

/** An error that a handler threw. */
export interface HandlerError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

const RESPONSE = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish(),
});

/**
 * The items that the response names. All items failed if the invocation failed, or if its response is malformed or names
 * an item that was not in the batch.
 */
export function failedItems<Item>(
  result: InvocationResult,
  itemsById: ReadonlyMap<string, Item>,
  reportsItemFailures: boolean,
): ReadonlySet<Item> {
  const all = () => new Set(itemsById.values());
  if (result.kind === 'failed') {
    return all();
  }
  if (!reportsItemFailures || result.value === null) {
    return new Set();
  }
  const response = RESPONSE.safeParse(result.value);
  if (!response.success) {
    return all();
  }
  const failed = new Set<Item>();
  for (const { itemIdentifier } of response.data.batchItemFailures ?? []) {
    const item = itemsById.get(itemIdentifier);
    if (item === undefined) {
      return all();
    }
    failed.add(item);
  }
  return failed;
}

/** For people: why an invocation failed as a whole; undefined when it did not. */
export function failureReason(result: InvocationResult): string | undefined {
  return result.kind === 'failed' ? `${result.error.name}: ${result.error.message}` : undefined;
}
