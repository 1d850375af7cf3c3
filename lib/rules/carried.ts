/** What a newer release has written into an item beside what this one knows. */

/**
 * Rules neither read nor change it; storage writes it back with the item. So a release that knows it finds it unharmed, while
 * old and new functions run side by side and after a deployment was undone.
 */
export interface Carried {
  /** Attributes that this release does not know, as storage has read them. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What follows the last known word, by the names of the attributes that hold several values. */
  readonly words: Readonly<Record<string, string>>;
}

/** An account or an item of the transfers table. */
export interface Carrier {
  /** Absent where the item has nothing unknown. */
  readonly carried?: Carried;
}
