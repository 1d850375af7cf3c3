/** Who takes part in the demo, and which messages must come: the whole expectation, written by hand. */

import type { WireMessage } from '../wire.ts';

export const DEBTOR_ID = 1001n;

const MARKET = 0n;
const ADA = 4_294_967_297n;
const BORIS = 4_294_967_298n;
/** This number is not exact as a double. */
const CHIARA = 9_007_199_254_740_993n;

/** Who is who, by creditor ID. */
export const CAST: ReadonlyMap<bigint, string> = new Map([
  [MARKET, 'The Harbour Market'],
  [ADA, 'Ada'],
  [BORIS, 'Boris'],
  [CHIARA, 'Chiara'],
]);

/** In place of a type, for a message in the dead-letter queue; its `reason` is expected too. */
export const DEAD_LETTER = 'dead letter';

export interface ScriptRound {
  readonly title: string;
  /** Some fields of each message that must come. No others may, except AccountUpdates of later balances. */
  readonly outcomes: readonly WireMessage[];
}

export const SCRIPT: readonly ScriptRound[] = [
  {
    title: 'Opening accounts',
    outcomes: [MARKET, ADA, BORIS, CHIARA].map((creditor_id) => ({
      type: 'AccountUpdate',
      creditor_id,
      principal: 0n,
    })),
  },
  {
    title: 'The market locks what it is going to issue',
    outcomes: [
      { type: 'PreparedTransfer', creditor_id: MARKET, recipient: `${ADA}`, locked_amount: 5000n },
      { type: 'PreparedTransfer', creditor_id: MARKET, recipient: `${BORIS}`, locked_amount: 3000n },
    ],
  },
  {
    title: 'The market issues tokens',
    outcomes: [
      { type: 'FinalizedTransfer', creditor_id: MARKET, committed_amount: 5000n, status_code: 'OK' },
      { type: 'FinalizedTransfer', creditor_id: MARKET, committed_amount: 3000n, status_code: 'OK' },
      received({ sender: MARKET, recipient: ADA, amount: 5000n }),
      received({ sender: MARKET, recipient: BORIS, amount: 3000n }),
    ],
  },
  {
    title: 'Payments are locked, one is refused, one makes no sense',
    outcomes: [
      { type: 'PreparedTransfer', creditor_id: ADA, recipient: `${CHIARA}`, locked_amount: 1250n },
      { type: 'PreparedTransfer', creditor_id: ADA, recipient: `${BORIS}`, locked_amount: 2000n },
      { type: 'PreparedTransfer', creditor_id: BORIS, recipient: `${ADA}`, locked_amount: 480n },
      { type: 'RejectedTransfer', creditor_id: BORIS, status_code: 'INSUFFICIENT_AVAILABLE_AMOUNT' },
      {
        type: DEAD_LETTER,
        reason: 'PrepareTransfer.max_locked_amount: must be an integer between 0 and 9223372036854775807',
      },
    ],
  },
  {
    title: 'Two payments are made, the deposit is given up',
    outcomes: [
      { type: 'FinalizedTransfer', creditor_id: ADA, committed_amount: 1250n, status_code: 'OK' },
      { type: 'FinalizedTransfer', creditor_id: ADA, committed_amount: 0n, status_code: 'OK' },
      { type: 'FinalizedTransfer', creditor_id: BORIS, committed_amount: 480n, status_code: 'OK' },
      paid({ sender: ADA, recipient: CHIARA, amount: 1250n }),
      received({ sender: ADA, recipient: CHIARA, amount: 1250n }),
      paid({ sender: BORIS, recipient: ADA, amount: 480n }),
      received({ sender: BORIS, recipient: ADA, amount: 480n }),
    ],
  },
  {
    title: 'Chiara locks the rent of her stall',
    outcomes: [{ type: 'PreparedTransfer', creditor_id: CHIARA, recipient: '0', locked_amount: 250n }],
  },
  {
    title: 'Tokens go back to the market, and are no more',
    outcomes: [
      { type: 'FinalizedTransfer', creditor_id: CHIARA, committed_amount: 250n, status_code: 'OK' },
      paid({ sender: CHIARA, recipient: MARKET, amount: 250n }),
    ],
  },
];

/** The principals at the end, by creditor ID. */
export const FINAL_BALANCES: ReadonlyMap<bigint, bigint> = new Map([
  [MARKET, -7750n],
  [ADA, 4230n],
  [BORIS, 2520n],
  [CHIARA, 1000n],
]);

interface Payment {
  readonly sender: bigint;
  readonly recipient: bigint;
  readonly amount: bigint;
}

/** The AccountTransfer to the sender. */
function paid({ sender, recipient, amount }: Payment): WireMessage {
  return { ...accountTransfer(sender, recipient), creditor_id: sender, acquired_amount: -amount };
}

/** The AccountTransfer to the recipient. */
function received({ sender, recipient, amount }: Payment): WireMessage {
  return { ...accountTransfer(sender, recipient), creditor_id: recipient, acquired_amount: amount };
}

function accountTransfer(sender: bigint, recipient: bigint): WireMessage {
  return { type: 'AccountTransfer', sender: `${sender}`, recipient: `${recipient}` };
}
