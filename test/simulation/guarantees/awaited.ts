/** Promises that the code does not keep yet. Each is switched on together with the change that keeps it. */
export const AWAITED = {
  /** What can't be read holds up nothing but what needs it. */
  unreadableItems: false,
} as const;
