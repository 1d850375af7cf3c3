/** Reads what is written on the command line: accounts, amounts, numbers. */

import { MAX_INT64, MIN_INT64 } from '../../protocol/integers.ts';
import type { AccountKey } from '../roles.ts';
import { UsageError } from './usage-error.ts';

/**
 * @param text `debtor/creditor`, or `debtor:creditor` as the console and the operators' tools print it
 * @throws {UsageError} where it is neither
 */
export function readAccount(text: string): AccountKey {
  const [debtor = '', creditor = '', ...others] = text.split(/[/:]/);
  const debtorId = int64(debtor);
  const creditorId = int64(creditor);
  if (debtorId === undefined || creditorId === undefined || others.length > 0) {
    throw new UsageError(
      `${JSON.stringify(text)} is not an account; write its debtor ID and creditor ID, as in 1/4294967297.`,
    );
  }
  return { debtorId, creditorId };
}

/** @throws {UsageError} where the text is not an integer of 64 bits */
export function readId(text: string, name: string): bigint {
  const id = int64(text);
  if (id === undefined) {
    throw new UsageError(
      `${JSON.stringify(text)} is not a ${name}; write an integer of 64 bits, as in 4294967297.`,
    );
  }
  return id;
}

/**
 * The recipient of a payment in the sender's currency, as its creditor ID, or as its account ID where only that is given.
 * @throws {UsageError} where it is an account of another currency
 */
export function readRecipient(text: string, sender: AccountKey): bigint | string {
  if (!/[/:]/.test(text)) {
    return text;
  }
  const { debtorId, creditorId } = readAccount(text);
  if (debtorId !== sender.debtorId) {
    throw new UsageError(
      `${text} is in the currency of debtor ${debtorId}, and the sender in that of ${sender.debtorId}; both must be in one.`,
    );
  }
  return creditorId;
}

/** In whole units. @throws {UsageError} where the text is not a decimal integer from the least amount (default 1) to 2^63 − 1 */
export function readAmount(text: string, min = 1n): bigint {
  const amount = /^\d{1,30}$/.test(text) ? BigInt(text) : -1n;
  if (amount < min || amount > MAX_INT64) {
    throw new UsageError(
      `${JSON.stringify(text)} is not an amount; write a decimal integer from ${min} to ${MAX_INT64}, as in 250.`,
    );
  }
  return amount;
}

/** @throws {UsageError} where the text is not a number within the bounds */
export function readNumber(
  flag: string,
  text: string,
  {
    min,
    max,
    isInteger = false,
  }: { readonly min: number; readonly max: number; readonly isInteger?: boolean },
): number {
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max) || (isInteger && !Number.isInteger(value))) {
    const kind = isInteger ? 'an integer' : 'a number';
    throw new UsageError(`${flag} is ${JSON.stringify(text)}; write ${kind} from ${min} to ${max}.`);
  }
  return value;
}

function int64(text: string): bigint | undefined {
  const value = /^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined;
  return value !== undefined && value >= MIN_INT64 && value <= MAX_INT64 ? value : undefined;
}
