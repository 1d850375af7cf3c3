/** Promises that the code does not keep yet. Each is switched on together with the change that keeps it. */
export const AWAITED = {
  /** Doubles enter exact arithmetic as what they are, so that less than one unit of interest is left after it was paid. */
  exactDoubles: false,
  /** An account that is brought back keeps what it knows of its rates. */
  keptRates: false,
  /** A currency whose root account is missing leaves the rates of its accounts alone. */
  missingRoots: false,
  /** A chore that comes soon after its change is not taken for done by a look at the past. */
  promptChores: false,
} as const;
