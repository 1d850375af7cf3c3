/** What an invocation's result says about the items of its batch, by Lambda's rules for `ReportBatchItemFailures`. */

import { z } from 'zod';
import type { InvocationResult } from './execution-environment.ts';

const RESPONSE = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish(),
});

/**
 * The items that failed: those that are named, or all of them when the invocation failed, or when its response is not
 * one or names an item that was not in the batch.
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

/** Why an invocation failed as a whole, for people; undefined when it did not. */
export function failureReason(result: InvocationResult): string | undefined {
  return result.kind === 'failed' ? `${result.error.name}: ${result.error.message}` : undefined;
}
