/** The status and rejection codes in outgoing messages, in the order of the checks that give them. */

/** Why a transfer was not prepared. SMP 2.1, PrepareTransfer, checks 1–7. */
export const REJECTED_TRANSFER_STATUS_CODES = [
  'RECIPIENT_IS_UNREACHABLE',
  'SENDER_IS_UNREACHABLE',
  'TOO_MANY_TRANSFERS',
  'RECIPIENT_SAME_AS_SENDER',
  'NEWER_INTEREST_RATE',
  'INSUFFICIENT_AVAILABLE_AMOUNT',
] as const;
export type RejectionStatus = (typeof REJECTED_TRANSFER_STATUS_CODES)[number];

/** How a prepared transfer ended. SMP 2.1, FinalizeTransfer. */
export const FINALIZED_TRANSFER_STATUS_CODES = [
  'TIMEOUT',
  'NEWER_INTEREST_RATE',
  'INSUFFICIENT_AVAILABLE_AMOUNT',
  'OK',
] as const;
export type FinalizationStatus = (typeof FINALIZED_TRANSFER_STATUS_CODES)[number];

/** Why a configuration was not applied. SMP 2.1, ConfigureAccount. */
export const CONFIG_REJECTION_CODES = ['INVALID_CONFIGURATION'] as const;
export type ConfigRejectionCode = (typeof CONFIG_REJECTION_CODES)[number];
