/** Guarantee 5 as clients see it: from AccountTransfers alone, in any order and number, they rebuild each account's ledger. */

import type { AccountTransfer } from '../../../lib/protocol/messages.ts';
import { type Account, isRootAccount, printAccountKey } from '../../../lib/rules/account.ts';
import { heldInt64 } from './amounts.ts';
import { contentOf } from './announcements.ts';
import type { Evidence, Violation } from './violation.ts';

const GUARANTEE = '5. Clients rebuild each ledger from AccountTransfers, without gaps';

export function ledgersCanBeRebuilt({ correspondence, history }: Evidence): Violation | undefined {
  const ledgers = new Map<string, Map<bigint, AccountTransfer>>();
  for (const { message } of correspondence.published) {
    if (message.type === 'AccountTransfer') {
      const name = `${printAccountKey(message)} of ${message.creationDate}`;
      const ledger = ledgers.get(name) ?? new Map<bigint, AccountTransfer>();
      const known = ledger.get(message.transferNumber);
      if (known !== undefined && contentOf(known) !== contentOf(message)) {
        return {
          guarantee: GUARANTEE,
          details: `${name} has two transfers of number ${message.transferNumber}`,
        };
      }
      ledgers.set(name, ledger.set(message.transferNumber, message));
    }
  }
  for (const states of history.accounts.values()) {
    for (const life of livesOf(states.map(({ value }) => value))) {
      const last = life.at(-1) as Account;
      const name = `${printAccountKey(last)} of ${last.creationDate}`;
      const fault = faultOf(life, ledgers.get(name) ?? new Map());
      if (fault !== undefined) {
        return { guarantee: GUARANTEE, details: `the ledger of ${name}: ${fault}` };
      }
    }
  }
  return undefined;
}

/** From creation to purge. */
function livesOf(states: readonly (Account | undefined)[]): Account[][] {
  const lives: Account[][] = [[]];
  for (const state of states) {
    if (state === undefined) {
      lives.push([]);
    } else {
      lives.at(-1)?.push(state);
    }
  }
  return lives.filter((life) => life.length > 0);
}

function faultOf(life: readonly Account[], ledger: ReadonlyMap<bigint, AccountTransfer>): string | undefined {
  const last = life.at(-1) as Account;
  if (isRootAccount(last)) {
    return ledger.size === 0 ? undefined : 'a root account has none';
  }
  const hidesCredits = life.some(({ negligibleAmount }) => negligibleAmount > 0);
  let principal = 0n;
  for (let number = 1n; number <= last.lastTransferNumber; number += 1n) {
    const transfer = ledger.get(number);
    if (transfer === undefined) {
      return `number ${number} of ${last.lastTransferNumber} was never published`;
    }
    const expected = heldInt64(principal + transfer.acquiredAmount);
    const isRight = hidesCredits ? transfer.principal >= expected : transfer.principal === expected;
    if (!isRight || transfer.previousTransferNumber !== number - 1n) {
      return `number ${number} leads from ${principal} by ${transfer.acquiredAmount} to ${transfer.principal}`;
    }
    principal = transfer.principal;
  }
  const isComplete = hidesCredits ? last.principal >= principal : last.principal === principal;
  return isComplete && BigInt(ledger.size) === last.lastTransferNumber
    ? undefined
    : `${ledger.size} transfers lead to ${principal} instead of ${last.principal}`;
}
