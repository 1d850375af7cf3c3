/** What DynamoDB charges on demand, and what measured sweeps would cost by that. */

/** Standard tables on demand in us-east-1, in dollars. A unit of these is what ConsumedCapacity counts. */
export const PRICES = { asOf: '2026-11', perMillionReads: 0.125, perMillionWrites: 0.625 } as const;

const MILLION = 1_000_000;

export function dollarsOf(units: { readonly readUnits: number; readonly writeUnits: number }): number {
  return (
    (units.readUnits / MILLION) * PRICES.perMillionReads +
    (units.writeUnits / MILLION) * PRICES.perMillionWrites
  );
}
