/** What the console answers its page with: types alone, so that the page can have them, too. Integers are texts with all digits. */

export interface About {
  /** Whose ledger it is, for the head of the page. */
  readonly title: string;
  /** Whether there are forms and buttons. */
  readonly canAct: boolean;
  /** Whether messages are shown as they come. */
  readonly hasFeed: boolean;
}

/** What came of pressing a button. */
export interface ActionAnswer {
  readonly isGood: boolean;
  /** For a person. */
  readonly words: string;
}

/** An event of the feed. The message itself is asked for when somebody wants to read it. */
export interface FeedEntry {
  /** Counts from 1. */
  readonly seq: number;
  /** Milliseconds since 1970, on the functions' clock. */
  readonly at: number;
  readonly kind: 'in' | 'out' | 'dead' | 'ignored' | 'warning' | 'fault';
  /** Of the message; empty if it has none. */
  readonly type: string;
  /** The message's other fields. */
  readonly fields: Readonly<Record<string, string>>;
  /** Why it had no effect. */
  readonly reason: string;
  /** The message's ID for an incoming one, the topic of an outgoing one, the function's name for a warning or a fault. */
  readonly label: string;
  /** Whether there is a message to read. */
  readonly hasBody: boolean;
}

/** A part of a list, and what is known of the whole. */
export interface ListPage<T> {
  /** Milliseconds since 1970, on the functions' clock: when the tables were read. */
  readonly at: number;
  /** Whether the tables are still being read for the first time, so that the list is not yet whole. */
  readonly isReading: boolean;
  /** At most {@link maxRows}. */
  readonly rows: readonly T[];
  readonly maxRows: number;
  /** Where the rows begin in the whole list, from 0. */
  readonly first: number;
  /** How many rows the whole list has. */
  readonly count: number;
  /** Items that can't be read: how many, and why the first of them can't. */
  readonly unreadable: { readonly count: number; readonly sentences: readonly string[] };
}

export interface CurrencyRow {
  readonly debtorId: string;
  readonly accountCount: number;
  /** The sum of all principals and of the credits under way: 0, unless something was read while it changed. */
  readonly together: string;
  /** Amounts that were committed and have not reached their recipients; absent where transfers are not read. */
  readonly underWay?: string;
}

export interface AccountRow {
  /** `debtorId:creditorId`. */
  readonly key: string;
  readonly principal: string;
  /** Not yet in the principal. */
  readonly interest: number;
  /** Percent a year. */
  readonly interestRate: number;
  readonly locked: string;
  /** How much more may be locked or spent; of a root account, what may still be issued. */
  readonly available: string;
  readonly isRoot: boolean;
  readonly state: 'open' | 'scheduled for deletion' | 'deleted';
}

/** What the list of accounts can be sorted by; `account` is debtor, then account ID, upwards, and all others go downwards. */
export type AccountOrder = 'account' | 'principal' | 'locked' | 'available';

/** A transfer as it is in the table. */
export interface TransferRow {
  readonly transferId: string;
  readonly status: string;
  readonly coordinatorType: string;
  readonly coordinatorId: string;
  readonly coordinatorRequestId: string;
  readonly recipient: string;
  /** What was paid, else what was locked; empty where nothing was, since the table does not keep what was asked for. */
  readonly amount: string;
}

export interface FormField {
  /** As in the message. */
  readonly name: string;
  /** Whether the message has it as text in quotes, or as a number. */
  readonly isText: boolean;
  /** An instant; the example is now. */
  readonly isInstant: boolean;
  /** What the protocol demands of the value. */
  readonly demand: string;
  readonly example: string;
}

export interface MessageForm {
  readonly type: string;
  readonly fields: readonly FormField[];
}

export interface Forms {
  readonly forms: readonly MessageForm[];
  /** Milliseconds since 1970, on the functions' clock. */
  readonly now: number;
}
