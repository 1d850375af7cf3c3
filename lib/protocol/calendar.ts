/** Days of the proleptic Gregorian calendar. Times of day and offsets are in `timestamps.ts`. */

export interface CalendarDate {
  readonly year: number;
  /** 1 … 12 */
  readonly month: number;
  /** 1 … 31 */
  readonly day: number;
}

const MILLISECONDS_IN_DAY = 86_400_000;
/** `Date.UTC` takes the years 0 to 99 for 1900 to 1999. The calendar repeats itself after 400 years. */
const YEARS_IN_ERA = 400;
const DAYS_IN_ERA = 146_097;

/** Whether there is such a day, in a year from 1 to 9999. */
export function isRealDate({ year, month, day }: CalendarDate): boolean {
  const isMonth = year >= 1 && year <= 9999 && month >= 1 && month <= 12;
  // Day 0 of the next month is the last day of this one.
  return isMonth && day >= 1 && day <= new Date(Date.UTC(year + YEARS_IN_ERA, month, 0)).getUTCDate();
}

/** Whether the text is a real day in the form `YYYY-MM-DD`. SMP 2.1, JSON form, date. */
export function isDateText(text: string): boolean {
  const [, year, month, day] = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text) ?? [];
  return isRealDate({ year: Number(year), month: Number(month), day: Number(day) });
}

/** Days from 1970-01-01 to a real date; negative before it. */
export function daysSince1970({ year, month, day }: CalendarDate): number {
  return Date.UTC(year + YEARS_IN_ERA, month - 1, day) / MILLISECONDS_IN_DAY - DAYS_IN_ERA;
}

/** The date this many days after 1970-01-01 (before it, when negative), as `YYYY-MM-DD`. */
export function printDay(days: number): string {
  return new Date(days * MILLISECONDS_IN_DAY).toISOString().slice(0, 10);
}
