/**
 * The two names of an account within its currency (the signed creditor ID, and the unsigned decimal text that
 * others see) and the agent that a creditor ID belongs to.
 */

const CANONICAL_UNSIGNED_DECIMAL = /^(?:0|[1-9][0-9]{0,19})$/;
const MAX_UINT64 = 18446744073709551615n;
const BITS_BELOW_AGENT = 40n;

/**
 * The public account ID of a creditor's account: the creditor ID re-read as an unsigned 64-bit integer, in
 * plain decimal (`-1n` → `"18446744073709551615"`). SMP 2.1, words, account ID.
 */
export function printAccountId(creditorId: bigint): string {
  return BigInt.asUintN(64, creditorId).toString();
}

/**
 * The creditor ID behind an account ID, or `undefined` where the text is not exactly what `printAccountId`
 * writes: ASCII digits without sign, space or leading zeros, at most 2^64 − 1.
 */
export function parseAccountId(accountId: string): bigint | undefined {
  if (!CANONICAL_UNSIGNED_DECIMAL.test(accountId)) {
    return undefined;
  }
  const unsigned = BigInt(accountId);
  return unsigned <= MAX_UINT64 ? BigInt.asIntN(64, unsigned) : undefined;
}

/** The agent of a creditor ID: its highest 24 bits, 0 … 16777215. Agent 0 is reserved. SMP 2.1, PrepareTransfer. */
export function agentOf(creditorId: bigint): bigint {
  return BigInt.asUintN(64, creditorId) >> BITS_BELOW_AGENT;
}
