/** A client's books: what its AccountTransfers say, so that what was lost or doubled shows. */

import type { WireMessage } from '../../support/wire-json.ts';

export interface Books {
  readonly add: (message: WireMessage, body: string) => void;
  /** How many different AccountTransfers there are to each account. */
  readonly size: () => number;
  /** The principal that the account's AccountTransfers lead to. @throws {Error} when one is missing, or there are two */
  readonly principalOf: (creditorId: bigint) => bigint;
  /** What moved from one account to another, by AccountTransfers to the given side, as sorted texts. */
  readonly movements: (side: 'sender' | 'recipient') => readonly string[];
}

export function openBooks(): Books {
  /** By text: the same text again is no second message. */
  const entries = new Map<string, WireMessage>();
  const of = (creditorId: bigint) =>
    [...entries.values()].filter((entry) => entry.creditor_id === creditorId);
  return {
    add: (message, body) => {
      if (message.type === 'AccountTransfer') {
        entries.set(body, message);
      }
    },
    size: () => entries.size,
    principalOf: (creditorId) => followChain(of(creditorId), creditorId),
    movements: (side) =>
      [...entries.values()]
        .filter(({ acquired_amount }) => (acquired_amount as bigint) < 0n === (side === 'sender'))
        .map(describeMovement)
        .sort(),
  };
}

function followChain(entries: readonly WireMessage[], creditorId: bigint): bigint {
  const ordered = entries.toSorted((a, b) =>
    Number((a.transfer_number as bigint) - (b.transfer_number as bigint)),
  );
  let principal = 0n;
  for (const [index, entry] of ordered.entries()) {
    principal += entry.acquired_amount as bigint;
    const { transfer_number, previous_transfer_number } = entry;
    const isNext = transfer_number === BigInt(index + 1) && previous_transfer_number === BigInt(index);
    if (!isNext || entry.principal !== principal) {
      throw new Error(
        `Account ${creditorId}: entry ${index + 1} is number ${transfer_number}, ${entry.principal}.`,
      );
    }
  }
  return principal;
}

/** The same text for the AccountTransfers to both sides. */
function describeMovement({ sender, recipient, acquired_amount, committed_at }: WireMessage): string {
  return `${sender} → ${recipient} ${String(acquired_amount).replace('-', '')} at ${committed_at}`;
}
