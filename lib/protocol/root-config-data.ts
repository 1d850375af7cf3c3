/** Reads RootConfigData 1.0: the JSON in a root account's `config_data`, which configures the currency. */

import * as z from 'zod';
import { DEBTOR_INFO_IRI_MAX_CHARACTERS, MAX_INTEREST_RATE, MIN_INTEREST_RATE } from './constants.ts';
import { MAX_INT64 } from './integers.ts';
import { parseJson, parseMathematicalNumber } from './json.ts';
import { ascii, characters, float, hexBytes, int64, pattern } from './limits.ts';

/** A currency's configuration, with the defaults filled in. RootConfigData 1.0. */
export interface RootConfigData {
  /** Percent a year, −50 … 100. */
  readonly rate: number;
  /** How much may be issued at most, 0 … 2^63 − 1. */
  readonly limit: bigint;
  readonly info?: DebtorInfo;
}

/** Where the currency is described. Missing properties are empty strings. */
export interface DebtorInfo {
  readonly iri: string;
  readonly contentType: string;
  /** Upper-case hex of 32 bytes, or empty. */
  readonly sha256: string;
}

const VERSION_SUFFIX = '(?:-v[1-9][0-9]{0,5})?';

/** A rate may be an integer, and a rate of −0 is no rate. */
const rate = z.preprocess(
  (value) => (typeof value === 'bigint' ? Number(value) : value),
  float(MIN_INTEREST_RATE, MAX_INTEREST_RATE).transform((value) => value + 0),
);

const debtorInfoSchema = z.object({
  type: pattern(new RegExp(`^DebtorInfo${VERSION_SUFFIX}$`)),
  iri: characters(1, DEBTOR_INFO_IRI_MAX_CHARACTERS),
  contentType: ascii(100).default(''),
  sha256: hexBytes(32, { mayBeEmpty: false }).default(''),
});

const rootConfigDataSchema = z.object({
  type: pattern(new RegExp(`^RootConfigData${VERSION_SUFFIX}$`)),
  rate: rate.default(0),
  limit: int64(0n).default(MAX_INT64),
  info: debtorInfoSchema.optional(),
});

/**
 * The configuration that the text holds, or `undefined` where it is no valid RootConfigData: not a JSON object,
 * another type, or a known property that breaks its limits (`null` is a value, not a missing one). Unknown
 * properties are ignored. RootConfigData 1.0.
 */
export function parseRootConfigData(text: string): RootConfigData | undefined {
  const result = rootConfigDataSchema.safeParse(tryParseJson(text));
  if (!result.success) {
    return undefined;
  }
  const { rate, limit, info } = result.data;
  if (info === undefined) {
    return { rate, limit };
  }
  return { rate, limit, info: { iri: info.iri, contentType: info.contentType, sha256: info.sha256 } };
}

function tryParseJson(text: string): unknown {
  try {
    return parseJson(text, parseMathematicalNumber);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
