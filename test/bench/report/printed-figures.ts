/** How numbers, times and shares are printed in the report: short enough for a table, in readable units. */

/** For an unknown figure. */
export const UNKNOWN = '—';

/** Whole numbers where large, three digits where small. */
export function printCount(value: number): string {
  if (!Number.isFinite(value)) {
    return UNKNOWN;
  }
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

/** Capacity units, with two digits after the point, so that a value just above its budget does not look as if it kept it. */
export function printUnits(value: number): string {
  return Number.isFinite(value)
    ? value.toLocaleString('en-US', { maximumFractionDigits: value < 1 ? 3 : 2 })
    : UNKNOWN;
}

/** @param ms a duration in milliseconds; from a second on it is written in seconds */
export function printDuration(ms: number): string {
  if (!Number.isFinite(ms)) {
    return UNKNOWN;
  }
  return ms < 999.5 ? `${printCount(ms)} ms` : `${printCount(ms / 1_000)} s`;
}

/** @param share from 0 to 1 */
export function printShare(share: number): string {
  if (!Number.isFinite(share)) {
    return UNKNOWN;
  }
  return share > 0 && share < 0.005 ? '<1 %' : `${Math.round(share * 100)} %`;
}

/** An instant of ISO 8601 to the minute, in UTC. */
export function printInstant(iso: string): string {
  const instant = new Date(iso);
  return Number.isNaN(instant.getTime())
    ? iso
    : `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
