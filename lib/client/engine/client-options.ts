/** What users give to a client and to its verbs. */

import type { OutgoingMessage } from '../../protocol/messages.ts';
import type { Clock, RandomId, Transport } from '../ports.ts';
import type { RecordSettings } from '../records/settings.ts';
import type { Role } from '../roles.ts';
import type { ClientStore } from '../stores/client-store.ts';
import type { TransferDraft } from './transfer-verbs.ts';

/** What a client is made of. */
export interface ClientOptions {
  /** Whom the client speaks for. */
  readonly role: Role;
  /** Where it keeps its records. The caller closes it, after the client. */
  readonly store: ClientStore;
  /** Its way to the authority and back. */
  readonly transport: Transport;
  /** What becomes of an account that a credit opened. Default `adopt`: it is kept like all others. */
  readonly unknownAccounts?: 'adopt' | 'close';
  /** How many batches of messages are taken side by side. Default 1. */
  readonly receiverCount?: number;
  /** Times after which records change by themselves. */
  readonly settings?: Partial<RecordSettings>;
  /** Called with each message after it was processed and before it is acknowledged. When it rejects, the message comes again. */
  readonly onMessage?: (message: OutgoingMessage) => Promise<void>;
  /** Gets warnings: requests without an answer, messages that were set aside, calls that failed. Default: `process.emitWarning`. */
  readonly onWarning?: (warning: string) => void;
  /** What tells the time. Default: the machine's clock. */
  readonly clock?: Clock;
  /** Makes the IDs of requests. A test may count; in earnest no ID must ever come twice. */
  readonly randomId?: RandomId;
}

/** How the user's calls wait. */
export interface CallOptions {
  /** Ends the waiting, not what was asked for. */
  readonly signal?: AbortSignal;
}

/** What a payment says besides its draft. */
export interface PaymentNote {
  /** Both sides see it. At most 500 bytes of UTF-8. */
  readonly note?: string;
  /** How to read the note: at most 8 letters, digits, points or hyphens. */
  readonly noteFormat?: string;
}

/** A payment. Its amount is exact. */
export type Payment = Omit<TransferDraft, 'minAmount' | 'maxCommitDelay'> & PaymentNote;

/** The tokens that a debtor issues. */
export type Issue = Omit<Payment, 'from'>;

/** A commitment: all that is locked, unless the amount says less. */
export interface Commitment extends PaymentNote {
  /** In whole units, 1 … the locked amount. Default: all of it. */
  readonly amount?: bigint;
}
