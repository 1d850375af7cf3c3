/**
 * Days of the proleptic Gregorian calendar by pure arithmetic: no `Date`, whose years 0–99 mean 1900–1999.
 * Times of day and offsets are the business of the timestamps.
 */

export interface CalendarDate {
  readonly year: number;
  /** 1 … 12 */
  readonly month: number;
  /** 1 … 31 */
  readonly day: number;
}

export const MIN_YEAR = 1;
export const MAX_YEAR = 9999;

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS_IN_ERA = 146097;
const YEARS_IN_ERA = 400;
/** Days from 0000-03-01, where the arithmetic below begins its years, to 1970-01-01. */
const DAYS_BEFORE_1970 = 719468;
const DATE_FORM = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;

/** Whether there is such a day, in a year from 1 to 9999. */
export function isRealDate({ year, month, day }: CalendarDate): boolean {
  if (year < MIN_YEAR || year > MAX_YEAR || month < 1 || month > 12 || day < 1) {
    return false;
  }
  return day <= (month === 2 && isLeapYear(year) ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0));
}

/** Whether the text is a real day in the form `YYYY-MM-DD`. SMP 2.1, JSON form, date. */
export function isDateText(text: string): boolean {
  const match = DATE_FORM.exec(text);
  return (
    match !== null && isRealDate({ year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) })
  );
}

/** Days from 1970-01-01 to a real date; negative before it. */
export function daysSince1970({ year, month, day }: CalendarDate): number {
  // Years that begin in March put the leap day at their end, so that months need no case of their own.
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = (month + 9) % 12;
  const era = Math.floor(marchYear / YEARS_IN_ERA);
  const yearOfEra = marchYear - era * YEARS_IN_ERA;
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_IN_ERA + dayOfEra - DAYS_BEFORE_1970;
}

/** The date that lies this many days after 1970-01-01 (before it, when negative). */
export function dateAtDay(days: number): CalendarDate {
  const shifted = days + DAYS_BEFORE_1970;
  const era = Math.floor(shifted / DAYS_IN_ERA);
  const dayOfEra = shifted - era * DAYS_IN_ERA;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36524) + Math.floor(dayOfEra / 146096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * YEARS_IN_ERA + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

/** `YYYY-MM-DD` */
export function printDate({ year, month, day }: CalendarDate): string {
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
