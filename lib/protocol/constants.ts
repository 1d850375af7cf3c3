/**
 * Fixed numbers of the protocol that are neither ranges of a kind of value nor settings of a deployment.
 */

/** The creditor ID of every currency's root account, which issues all its tokens. */
export const ROOT_CREDITOR_ID = 0n;

/** Interest rates are percent a year, and are held within these two. SMP 2.1, interest. */
export const MIN_INTEREST_RATE = -50;
export const MAX_INTEREST_RATE = 100;

/** Percent a year that a locked amount may lose at worst: the lowest interest rate allowed. */
export const DEMURRAGE_RATE = MIN_INTEREST_RATE;

/** UTF-8 bytes that a transfer note may have; announced in every AccountUpdate. */
export const TRANSFER_NOTE_MAX_BYTES = 500;

/** UTF-8 bytes that `config_data` may have. */
export const CONFIG_DATA_MAX_BYTES = 2000;

/** Bit 0 of `config_flags`; the other bits are kept and echoed. */
export const SCHEDULED_FOR_DELETION_FLAG = 1;

/** With this many pending transfers an account takes no more of them. SMP 2.1, PrepareTransfer, check 4. */
export const MAX_PENDING_TRANSFERS = 2147483647;

/** ASCII symbols that an account ID may have. */
export const ACCOUNT_ID_MAX_LENGTH = 100;

/** Code points that a debtor info IRI may have. */
export const DEBTOR_INFO_IRI_MAX_CHARACTERS = 200;

/** Coordinator types of transfers that this server makes by itself; invalid when a client sends them. */
export const OWN_COORDINATOR_TYPES: readonly string[] = ['interest', 'delete'];
