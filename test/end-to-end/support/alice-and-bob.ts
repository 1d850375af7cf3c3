/** Two account holders for tests of transfers. */

import type { Currency } from './currency.ts';

export const ALICE = 4_294_967_297n;
/** Has a negative ID, whose account ID and routing key are large. */
export const BOB = -2n;

/** Opens Alice's account with a thousand tokens, and Bob's with none. */
export async function openAliceAndBob({ openRoot, open, transfer }: Currency): Promise<void> {
  await Promise.all([openRoot(), open(ALICE), open(BOB)]);
  await transfer({ from: 0n, to: ALICE, amount: 1000n });
}
