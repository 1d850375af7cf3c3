/**
 * What a client needs of a store: texts under sorted keys, and changes that happen all or not at all, only if nobody changed
 * the items meanwhile. What the texts mean is not the store's business.
 */

/** Where an item is. Both parts are printable ASCII, not empty, at most 1000 characters. */
export interface ItemKey {
  /** Items of one partition can be listed. */
  readonly partition: string;
  /** The item's name in its partition, and its place when they are listed. */
  readonly sort: string;
}

/** A change of one item: it happens only if the item's text is still `before` (`undefined` for no item). */
export interface ItemChange extends ItemKey {
  /** The text as it was read. */
  readonly before: string | undefined;
  /** At most 100,000 bytes of UTF-8; `undefined` removes the item. */
  readonly after: string | undefined;
}

/** One item of a partition. */
export interface ListedItem {
  /** Its name in the partition. */
  readonly sort: string;
  /** As it was written. */
  readonly text: string;
}

/** Which items of a partition are listed. */
export interface ListOptions {
  /** Begin after this `sort`, whether or not there is such an item. Default: begin with the first. */
  readonly after?: string;
  /** At least 1. */
  readonly limit: number;
}

/** The most changes that one write may hold. */
export const MAX_CHANGES = 50;

/**
 * A client's memory. Several processes may use one store at a time. Calls reject with the signal's reason when it is aborted; a
 * write that was aborted may have happened.
 */
export interface ClientStore extends AsyncDisposable {
  /** The present texts, in the order of the keys. */
  read(keys: readonly ItemKey[], signal?: AbortSignal): Promise<readonly (string | undefined)[]>;
  /**
   * Makes all changes, or none where an item is not as `before` says; then it returns false. When it returns true, the changes
   * outlast a crash. At most `MAX_CHANGES`, of different items.
   */
  write(changes: readonly ItemChange[], signal?: AbortSignal): Promise<boolean>;
  /** The first items of a partition, in the order of their `sort`, compared as ASCII. */
  list(partition: string, options: ListOptions, signal?: AbortSignal): Promise<readonly ListedItem[]>;
}

/** A store that can't be used, with the reason and what to do about it. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}
