/** The table at the end of the demo, and the check that no token was made or lost. */

import { DemoError } from './demo-error.ts';
import { amount, nameOf } from './narrator.ts';

const TOTAL = 'Together';

/** The principals as lines of a table, with their sum at the bottom. */
export function tabulate(principals: ReadonlyMap<bigint, bigint>): readonly string[] {
  const rows = [...principals].map(
    ([creditorId, principal]) => [nameOf(creditorId), amount(principal)] as const,
  );
  const total = [TOTAL, amount(sumOf(principals))] as const;
  const widths = [0, 1].map((column) => Math.max(...[...rows, total].map((row) => row[column]?.length ?? 0)));
  const [nameWidth = 0, amountWidth = 0] = widths;
  const print = ([name, text]: readonly [string, string]) =>
    `  ${name.padEnd(nameWidth)}  ${text.padStart(amountWidth)}`;
  return [...rows.map(print), `  ${'─'.repeat(nameWidth + 2 + amountWidth)}`, print(total)];
}

/** @throws {DemoError} unless the principals add up to zero */
export function checkConservation(principals: ReadonlyMap<bigint, bigint>): void {
  const sum = sumOf(principals);
  if (sum !== 0n) {
    throw new DemoError(`Money was not conserved: the balances add up to ${amount(sum)}.`);
  }
}

function sumOf(principals: ReadonlyMap<bigint, bigint>): bigint {
  return [...principals.values()].reduce((sum, principal) => sum + principal, 0n);
}
