/** Instants: microseconds since 1970-01-01T00:00:00Z as bigints, their text form, and arithmetic on them. */

import { daysSince1970, isRealDate, printDay } from './calendar.ts';
import { greaterOf, lesserOf } from './integers.ts';

/** Microseconds since 1970-01-01T00:00:00Z, leap seconds not counted; negative before it. */
export type Timestamp = bigint;

export const MICROSECONDS_IN_SECOND = 1_000_000n;
export const SECONDS_IN_DAY = 86_400;

/** "Before anything happened" in outgoing messages. */
export const EPOCH: Timestamp = 0n;
/** 0001-01-01T00:00:00+00:00, the first instant of the protocol. */
export const MIN_TIMESTAMP: Timestamp = -62_135_596_800_000_000n;
/** 9999-12-31T23:59:59.999999+00:00, the last instant of the protocol. */
export const MAX_TIMESTAMP: Timestamp = 253_402_300_799_999_999n;

const DATE = '([0-9]{4})-([0-9]{2})-([0-9]{2})';
const TIME = '([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?';
const OFFSET = '(?:[Zz]|([+-])([0-9]{2})(?::?([0-9]{2})(?::?([0-9]{2}))?)?)';
const TIMESTAMP_FORM = new RegExp(`^${DATE}[Tt ]${TIME}${OFFSET}$`);

/**
 * The instant that an ISO 8601 text with an offset (or `Z`) denotes, or `undefined` where it denotes none.
 * Accepted: `T`, `t` or a space between date and time; seconds and a fraction that may be missing; digits
 * beyond the microsecond, which are cut off; offsets `±hh`, `±hh:mm`, `±hhmm`, `±hh:mm:ss` below 24 hours.
 * Refused: days that do not exist, 24:00, the leap second 60, a missing offset, and anything outside the years
 * 1 … 9999, as written or in UTC. SMP 2.1, JSON form, date-time.
 */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = TIMESTAMP_FORM.exec(text);
  if (match === null) {
    return undefined;
  }
  const date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  if (!isRealDate(date)) {
    return undefined;
  }
  const secondOfDay = secondsOfClock(match[4], match[5], match[6]);
  const offset = secondsOfClock(match[9] ?? '0', match[10], match[11]);
  if (secondOfDay === undefined || offset === undefined) {
    return undefined;
  }
  const seconds = daysSince1970(date) * SECONDS_IN_DAY + secondOfDay - (match[8] === '-' ? -offset : offset);
  const microseconds = (match[7] ?? '').slice(0, 6).padEnd(6, '0');
  const timestamp = BigInt(seconds) * MICROSECONDS_IN_SECOND + BigInt(microseconds);
  return isInRange(timestamp) ? timestamp : undefined;
}

/**
 * The instant in UTC as `2026-11-22T15:14:59.123456+00:00`; without the fraction when it is zero.
 * @throws {RangeError} outside the years 1 … 9999
 */
export function printTimestamp(timestamp: Timestamp): string {
  if (!isInRange(timestamp)) {
    throw new RangeError(`instant outside the years 1 to 9999: ${timestamp}`);
  }
  const { days, secondOfDay, microseconds } = split(timestamp);
  const hours = twoDigits(Math.floor(secondOfDay / 3600));
  const minutes = twoDigits(Math.floor(secondOfDay / 60) % 60);
  const seconds = twoDigits(secondOfDay % 60);
  const fraction = microseconds === 0 ? '' : `.${String(microseconds).padStart(6, '0')}`;
  return `${printDay(days)}T${hours}:${minutes}:${seconds}${fraction}+00:00`;
}

/** The UTC date of an instant, as `YYYY-MM-DD`. */
export function dateOf(timestamp: Timestamp): string {
  return printDay(split(timestamp).days);
}

/**
 * The instant that many seconds later, or earlier when negative, rounded to whole microseconds and held within
 * MIN_TIMESTAMP … MAX_TIMESTAMP. SMP 2.1, JSON form, date-time.
 */
export function addSeconds(timestamp: Timestamp, seconds: number): Timestamp {
  if (seconds === Number.POSITIVE_INFINITY) {
    return MAX_TIMESTAMP;
  }
  if (seconds === Number.NEGATIVE_INFINITY) {
    return MIN_TIMESTAMP;
  }
  const wholeSeconds = Math.floor(seconds);
  const microseconds = Math.round((seconds - wholeSeconds) * 1e6);
  const sum = timestamp + BigInt(wholeSeconds) * MICROSECONDS_IN_SECOND + BigInt(microseconds);
  return greaterOf(MIN_TIMESTAMP, lesserOf(sum, MAX_TIMESTAMP));
}

/** Seconds, with their fraction, from one instant to another; negative when `to` is the earlier one. */
export function secondsBetween(from: Timestamp, to: Timestamp): number {
  return Number(to - from) / 1e6;
}

function isInRange(timestamp: Timestamp): boolean {
  return timestamp >= MIN_TIMESTAMP && timestamp <= MAX_TIMESTAMP;
}

/** Seconds in `hh:mm:ss`, or `undefined` where no clock shows that. */
function secondsOfClock(hours = '0', minutes = '0', seconds = '0'): number | undefined {
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)];
  return h < 24 && m < 60 && s < 60 ? h * 3600 + m * 60 + s : undefined;
}

function split(timestamp: Timestamp): { days: number; secondOfDay: number; microseconds: number } {
  const remainder = timestamp % MICROSECONDS_IN_SECOND;
  const microseconds = remainder < 0n ? remainder + MICROSECONDS_IN_SECOND : remainder;
  const seconds = Number((timestamp - microseconds) / MICROSECONDS_IN_SECOND);
  const days = Math.floor(seconds / SECONDS_IN_DAY);
  return { days, secondOfDay: seconds - days * SECONDS_IN_DAY, microseconds: Number(microseconds) };
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
