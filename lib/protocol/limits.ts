/**
 * Limits of fields, as zod schemas. Each error is the rest of a sentence that begins with the field's name ("must be …"); a schema's checks
 * have the error of the schema.
 */

import * as z from 'zod';
import { parseAccountId } from './account-ids.ts';
import { isDateText } from './calendar.ts';
import { MAX_INT32, MAX_INT64, MIN_INT32, MIN_INT64 } from './integers.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from './timestamps.ts';

export function int64(min = MIN_INT64, max = MAX_INT64): z.ZodBigInt {
  const error = `must be an integer between ${min} and ${max}`;
  return z.bigint({ error }).gte(min).lte(max);
}

export function int32(min = MIN_INT32, max = MAX_INT32): z.ZodNumber {
  const error = `must be an integer between ${min} and ${max}`;
  return z.number({ error }).int().gte(min).lte(max);
}

/** Finite, like every number that JSON can write. */
export function float(min = -Number.MAX_VALUE, max = Number.MAX_VALUE): z.ZodNumber {
  const error = `must be a finite number${rangeInWords(min, max)}`;
  return z.number({ error }).gte(min).lte(max);
}

export function dateTime(): z.ZodBigInt {
  const error = 'must be a date-time with an offset, in the years 1 to 9999';
  return z.bigint({ error }).gte(MIN_TIMESTAMP).lte(MAX_TIMESTAMP);
}

export function date(): z.ZodString {
  const error = 'must be a date (YYYY-MM-DD), in the years 1 to 9999';
  return z.string({ error }).refine(isDateText);
}

/** Well-formed Unicode of at most `maxBytes` in UTF-8. U+0000 and noncharacters are allowed. */
export function utf8Text(maxBytes: number): z.ZodString {
  const error = `must be a string without lone surrogates, of at most ${maxBytes} bytes in UTF-8`;
  return z.string({ error }).refine((text) => isUtf8Within(text, maxBytes));
}

/** Well-formed Unicode of `min` to `max` code points. */
export function characters(min: number, max: number): z.ZodString {
  const error = `must be a string without lone surrogates, of ${min} to ${max} characters`;
  return z.string({ error }).refine((text) => hasCharactersWithin(text, min, max));
}

export function ascii(max: number): z.ZodString {
  const error = `must be a string of at most ${max} ASCII symbols`;
  return z
    .string({ error })
    .max(max)
    .regex(/^[\x00-\x7f]*$/);
}

/** ASCII that a message attribute of SNS or SQS can carry: not empty, no control characters but tab, line feed and return. */
export function attributeAscii(max: number): z.ZodString {
  const error = `must be a string of 1 to ${max} ASCII symbols without control characters`;
  return z
    .string({ error })
    .min(1)
    .max(max)
    .regex(/^[\t\n\r\x20-\x7f]*$/);
}

/** What `printAccountId` writes. */
export function canonicalAccountId(): z.ZodString {
  const error = 'must be an account ID: a decimal number between 0 and 18446744073709551615';
  return z.string({ error }).refine((text) => parseAccountId(text) !== undefined);
}

/** Upper-case hexadecimal of exactly `count` bytes, or nothing where `mayBeEmpty`. */
export function hexBytes(count: number, { mayBeEmpty }: { mayBeEmpty: boolean }): z.ZodString {
  const error = `must be ${mayBeEmpty ? 'empty or ' : ''}${count * 2} upper-case hexadecimal digits`;
  const form = new RegExp(`^(?:[0-9A-F]{${count * 2}})${mayBeEmpty ? '?' : ''}$`);
  return z.string({ error }).regex(form);
}

export function pattern(form: RegExp): z.ZodString {
  const error = `must be a string that matches ${form.source}`;
  return z.string({ error }).regex(form);
}

export function oneOf<const T extends readonly string[]>(values: T): z.ZodEnum<{ [K in T[number]]: K }> {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}

function isUtf8Within(text: string, maxBytes: number): boolean {
  // A text has at least as many bytes as UTF-16 units, so a huge one is refused at once.
  return text.length <= maxBytes && Buffer.byteLength(text, 'utf8') <= maxBytes && text.isWellFormed();
}

function hasCharactersWithin(text: string, min: number, max: number): boolean {
  if (text.length > 2 * max || !text.isWellFormed()) {
    return false;
  }
  const count = [...text].length;
  return count >= min && count <= max;
}

function rangeInWords(min: number, max: number): string {
  if (max < Number.MAX_VALUE) {
    return ` between ${min} and ${max}`;
  }
  return min > -Number.MAX_VALUE ? `, at least ${min}` : '';
}
