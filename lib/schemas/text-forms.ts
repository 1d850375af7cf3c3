/**
 * Regular expressions for the texts that `lib/protocol` checks with code. They are as exact as an expression can be that
 * ECMAScript, Python, Java and RE2 read alike; what they leave to the authority is said in docs/protocol.md.
 */

const YEAR = '(?:[0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})';
const MONTH_AND_DAY = '(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])';
const HOUR = '(?:[01][0-9]|2[0-3])';
const SIXTY = '[0-5][0-9]';
const TIME = `${HOUR}:${SIXTY}(?::${SIXTY}(?:[.,][0-9]+)?)?`;
const OFFSET = `(?:[Zz]|[+-]${HOUR}(?::?${SIXTY}(?::?${SIXTY})?)?)`;

/** A day of the years 1 to 9999; the 31st of a shorter month passes. */
export const DATE_FORM = `^${YEAR}-${MONTH_AND_DAY}$`;

/** An instant; a day as above, and an instant that only its offset moves out of the years 1 to 9999, pass. */
export const DATE_TIME_FORM = `^${YEAR}-${MONTH_AND_DAY}[Tt ]${TIME}${OFFSET}$`;

/** A decimal number from 0 to 2^64 − 1 without leading zeros; exact. */
export const ACCOUNT_ID_FORM = `^(?:0|[1-9][0-9]{0,18}|${sameLengthUpTo('18446744073709551615')})$`;

/** Numbers with as many digits as `maximum`, up to it, beginning with 1 or more. */
function sameLengthUpTo(maximum: string): string {
  const branches = [...maximum].flatMap((digit, index) => {
    const rest = maximum.length - index - 1;
    const lowest = index === 0 ? 1 : 0;
    const highest = Number(digit) - 1;
    if (highest < lowest) {
      return [];
    }
    const below = lowest === highest ? `${lowest}` : `[${lowest}-${highest}]`;
    return [`${maximum.slice(0, index)}${below}${rest === 0 ? '' : `[0-9]{${rest}}`}`];
  });
  return [...branches, maximum].join('|');
}
