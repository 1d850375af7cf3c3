/** Two account holders, with whom most tests of transfers begin. */

import type { Currency } from './currency.ts';

export const ALICE = 4_294_967_297n;
/** Of a negative ID, which its account ID and routing key show as a large one. */
export const BOB = -2n;

/** Alice with a thousand tokens, and Bob with none. */
export async function openAliceAndBob({ openRoot, open, transfer }: Currency): Promise<void> {
  await Promise.all([openRoot(), open(ALICE), open(BOB)]);
  await transfer({ from: 0n, to: ALICE, amount: 1000n });
}
