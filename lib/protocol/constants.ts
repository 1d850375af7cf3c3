/** Constants of the protocol. Ranges of integers and instants are in `integers.ts` and `timestamps.ts`. */

/** The creditor ID of every currency's root account, which issues all its tokens. */
export const ROOT_CREDITOR_ID = 0n;

/** The bounds of interest rates, in percent a year. SMP 2.1, interest. */
export const MIN_INTEREST_RATE = -50;
export const MAX_INTEREST_RATE = 100;

/** The rate, in percent a year, at which a locked amount shrinks: the lowest interest rate allowed. */
export const DEMURRAGE_RATE = MIN_INTEREST_RATE;

/** The most bytes of UTF-8 in a transfer note; announced in every AccountUpdate. */
export const TRANSFER_NOTE_MAX_BYTES = 500;

/** The most bytes of UTF-8 in `config_data`. */
export const CONFIG_DATA_MAX_BYTES = 2000;

/** Bit 0 of `config_flags`; the other bits are kept and echoed. */
export const SCHEDULED_FOR_DELETION_FLAG = 1;

/** An account with this many pending transfers gets no more. SMP 2.1, PrepareTransfer, check 4. */
export const MAX_PENDING_TRANSFERS = 2147483647;

/** The most ASCII symbols in an account ID. */
export const ACCOUNT_ID_MAX_LENGTH = 100;

/** The most code points in a debtor info IRI. */
export const DEBTOR_INFO_IRI_MAX_CHARACTERS = 200;

/** Coordinator types of transfers that this server makes by itself; invalid when a client sends them. */
export const OWN_COORDINATOR_TYPES: readonly string[] = ['interest', 'delete'];
