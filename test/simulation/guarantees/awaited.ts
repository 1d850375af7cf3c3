/** Promises that the code does not keep yet. Each is switched on together with the change that keeps it. */
export const AWAITED = {
  /** Doubles enter exact arithmetic as what they are, so that less than one unit of interest is left after it was paid. */
  exactDoubles: false,
  /** An account that is brought back keeps what it knows of its rates. */
  keptRates: false,
  /** A currency whose root account is missing leaves the rates of its accounts alone. */
  missingRoots: false,
  /** A copy of a request that comes after its transfer was forgotten pays nothing. */
  lateCopies: false,
  /** What can't be read holds up nothing but what needs it. */
  unreadableItems: false,
} as const;
